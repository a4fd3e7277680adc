"""A comparison in words: the counts, then each measure under its section with what changed, for chat and command line alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import Refusal
from bot.plan.changes import Change, Kind
from bot.plan.compare import Comparison, Fate, Row
from bot.plan.model import Document, Measure, Plan
from handlers.wording import shorten

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Named:
    """One side of a comparison: plans with the name that people know them by."""

    title: str
    plans: tuple[Plan, ...]
    version: int = 0
    """0 for a file that is in no database."""
    reference: str = ""

    def words(self, say: Say) -> str:
        """The name with its version, where it has one."""
        return say("compare.version", title=self.title, version=self.version) if self.version else self.title


def part_of(document: Document, number: int = 0, version: int = 0, plan: int = 0) -> Named:
    """All plans of a document, or its nth one; Refusal `compare.no_part` where it has none of that number."""
    reference = f"{plan}v{version}p{number}"
    if not number:
        return Named(document.title, document.plans, version, reference)
    found = next((one for one in document.plans if one.plan == number), None)
    if found is None:
        raise Refusal("compare.no_part", title=document.title, number=number, count=len(document.plans))
    title = found.title if found.title not in ("", found.label) else document.title
    return Named(f"{title} {found.label}".strip() if len(document.plans) > 1 else title, (found,), version, reference)


def heading(say: Say, before: Named, after: Named, comparison: Comparison) -> list[str]:
    """What is compared with what, and the counts."""
    lines = [say("compare.head", before=before.words(say), after=after.words(say))]
    changed = [row for row in comparison.rows if row.changed]
    if not changed:
        return [*lines, say("compare.same", count=len(comparison.rows))]
    counts = [
        say(f"compare.count_{fate.value}", count=comparison.count(fate))
        for fate in (Fate.ADDED, Fate.DROPPED, Fate.REWORDED, Fate.EXTENDED, Fate.MOVED)
        if comparison.count(fate)
    ]
    details = sum(row.fate is Fate.KEPT for row in changed)
    if details:
        counts.append(say("compare.count_details", count=details))
    return [*lines, say("compare.counts", counts=say("comma").join(counts), same=len(comparison.rows) - len(changed))]


def told(say: Say, row: Row, length: int = 0) -> list[str]:
    """A row in words: what it is, its text, the old wording where that differs, and each change in a line; texts cut to `length`."""

    def text(measures: Sequence[Measure]) -> str:
        whole = say("compare.joined").join(measure.text.strip() for measure in measures)
        return shorten(whole, length) if length else whole

    lines = [say(f"compare.{row.fate.value}", text=text(row.after or row.before))]
    if row.fate in (Fate.REWORDED, Fate.EXTENDED):
        lines.append(say("compare.was", text=text(row.before)))
    return lines + [say("compare.detail", words=words) for change in row.changes for words in change_words(say, change)]


def change_words(say: Say, change: Change) -> list[str]:
    """A change in words."""
    if change.kind is Kind.ROLE:
        roles = [say(f"compare.role_{values[1]}") for values in (change.before, change.after)]
        return [say("compare.role", name=change.after[0], before=roles[0], after=roles[1])]
    before, after = (say("comma").join(values) for values in (change.before, change.after))
    if change.before and change.after:
        return [say(f"compare.{change.kind.value}", before=before, after=after)]
    if change.after:
        return [say(f"compare.{change.kind.value}_new", after=after)]
    return [say(f"compare.{change.kind.value}_gone", before=before)]


def lines_of(say: Say, before: Named, after: Named, comparison: Comparison) -> list[str]:
    """The whole comparison as lines: the counts, then under each section what changed."""
    lines = heading(say, before, after, comparison)
    section = None
    for row in comparison.rows:
        if row.changed:
            if row.section != section:
                section = row.section
                lines += ["", say("compare.section", title=section)]
            lines += told(say, row)
    return lines
