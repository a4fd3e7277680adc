"""對照: what became of a plan in its next version, or how two plans differ, grouped by section and told in a principal's words."""

import asyncio
import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from bot.ask.tables import groups
from bot.chat import Action, Block, Button, Field, Form, Kind, Page, Reply, Request, Table
from bot.errors import Refusal
from bot.people import Rank
from bot.plan.compare import Comparison, Fate, Row, compare
from bot.plan.script import fold
from handlers.differences import Named, change_words, heading, part_of, told
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import LABEL_LENGTH, shorten
from storage.values import PlanState, StoredPlan

PAGE = 6
"""Rows shown at once."""
LENGTH = 110
"""Characters of a measure in a chat."""
CHOICES = 8
"""Plans offered at once."""
NAMED = 55
"""Likeness (0 to 100) from which words are taken for the name of a plan."""
REFERENCE = re.compile(r"(\d{1,9})v(\d{1,9})p(\d{1,3})")

room = Room("compare")


async def visible(turn: Turn, services: Services) -> list[StoredPlan]:
    """The versions that somebody may compare: what is or was in use; for administrators drafts too."""
    async with services.store.read() as db:
        stored = await db.plans.every()
    return [row for row in stored if row.released_at is not None or turn.person.rank >= Rank.ADMINISTRATOR]


def parts(stored: Sequence[StoredPlan]) -> list[Named]:
    """What can be chosen: the newest version of each plan document, each of its plans where it has several."""
    newest: dict[int, StoredPlan] = {}
    for row in stored:
        best = newest.get(row.plan)
        if row.state is not PlanState.RETIRED and (best is None or row.version > best.version):
            newest[row.plan] = row
    return [part for row in newest.values() for part in parts_of(row)]


def parts_of(row: StoredPlan) -> list[Named]:
    """A version as something to choose, each of its plans where it has several."""
    numbers = [plan.plan for plan in row.document.plans] if len(row.document.plans) > 1 else [0]
    return [part_of(row.document, number, row.version, row.plan) for number in numbers]


def referred(stored: Sequence[StoredPlan], reference: str) -> Named | None:
    """The side behind a reference such as `3v2p1`; None where there is none."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return None
    plan, version, number = (int(value) for value in match.groups())
    row = next((row for row in stored if (row.plan, row.version) == (plan, version)), None)
    if row is None or (number and all(one.plan != number for one in row.document.plans)):
        return None
    return part_of(row.document, number, version, plan)


def named(choices: Sequence[Named], words: str) -> list[Named]:
    """The plans whose name these words may be, the likeliest first; more than one only where they are about as likely."""
    wanted = fold(words).lower()
    scores = [(fuzz.partial_ratio(wanted, fold(choice.title).lower()), choice) for choice in choices]
    best = max((score for score, _ in scores), default=0)
    if best < NAMED:
        return []
    return [choice for score, choice in sorted(scores, key=lambda one: -one[0]) if score >= best - 1]


def pair_in(turn: Turn, choices: Sequence[Named]) -> tuple[Named, Named] | None:
    """The two plans that the words name, parted by a blank, a mark or a word such as 和; None where they name fewer."""
    for joint in (" ", *turn.texts.words("compare.joints")):
        first, found, other = turn.args.partition(joint)
        if found and first.strip() and other.strip():
            sides = [named(choices, words.strip()) for words in (first, other)]
            if all(len(side) == 1 for side in sides) and sides[0] != sides[1]:
                return sides[0][0], sides[1][0]
    return None


@room.command("compare", Audience.STAFF)
async def compare_plans(turn: Turn, services: Services) -> Reply:
    """`/compare`, `/compare 春季` (its last two versions), `/compare 春季 學年` (two plans)."""
    stored = await visible(turn, services)
    choices = parts(stored)
    if not choices:
        return Reply(turn.say("find.no_plan"))
    if not turn.args:
        return choose(turn, stored, choices)
    two = pair_in(turn, choices)
    if two is not None:
        return await show(turn, services, *two)
    found = named(choices, turn.args)
    if len(found) == 1:
        before = older(stored, found[0])
        if before is not None and len(choices) == 1:
            return await show(turn, services, before, found[0])
        return follow_on(turn, stored, choices, found[0])
    if found:
        rows = [(Button(shorten(one.title, LABEL_LENGTH), Action("compare_one", one.reference)),) for one in found[:CHOICES]]
        return Reply(turn.say("compare.which"), tuple(rows))
    return Reply(turn.say("compare.unknown", words=shorten(turn.args, LABEL_LENGTH)), choose(turn, stored, choices).buttons)


def choose(turn: Turn, stored: Sequence[StoredPlan], choices: Sequence[Named]) -> Reply:
    """Ask what to compare: the last two versions of a plan, or a plan with another."""
    rows = [row for choice in choices[:CHOICES] for row in ways(turn, stored, choice, len(choices) > 1)]
    return Reply(turn.say("compare.choose" if rows else "compare.alone"), tuple(rows))


def older(stored: Sequence[StoredPlan], choice: Named) -> Named | None:
    """The version before, with the same part of the document; None where there is none."""
    plan, version, number = choice.reference.replace("p", "v").split("v")
    earlier = [row for row in stored if str(row.plan) == plan and row.version < int(version)]
    if not earlier:
        return None
    row = max(earlier, key=lambda one: one.version)
    there = int(number) if any(one.plan == int(number) for one in row.document.plans) else 0
    return part_of(row.document, there, row.version, row.plan)


def follow_on(turn: Turn, stored: Sequence[StoredPlan], choices: Sequence[Named], choice: Named) -> Reply:
    """One plan was named: the choices that it leaves."""
    if older(stored, choice) is None:
        return second(turn, choices, choice)
    return Reply(turn.say("compare.which"), tuple(ways(turn, stored, choice, len(choices) > 1)))


def ways(turn: Turn, stored: Sequence[StoredPlan], choice: Named, others: bool) -> Iterator[tuple[Button]]:
    """What a plan can be compared with, as buttons: its version before, another plan."""
    for able, key, verb in (
        (older(stored, choice) is not None, "compare.button_versions", "compare_versions"),
        (others, "compare.button_with", "compare_with"),
    ):
        if able:
            yield (Button(turn.say(key, title=shorten(choice.title, LABEL_LENGTH)), Action(verb, choice.reference)),)


def second(turn: Turn, choices: Sequence[Named], first: Named) -> Reply:
    """Ask what to compare a plan with."""
    others = [one for one in choices if one.reference != first.reference]
    if not others:
        return Reply(turn.say("compare.alone"))
    rows = [
        (Button(shorten(one.title, LABEL_LENGTH), Action("compare", f"{first.reference}-{one.reference}-0-c")),) for one in others[:CHOICES]
    ]
    return Reply(turn.say("compare.with", title=first.words(turn.say)), tuple(rows))


@room.button("compare_one", Audience.STAFF)
async def one_pressed(turn: Turn, services: Services) -> Reply:
    """A plan was chosen first."""
    stored = await visible(turn, services)
    choice = referred(stored, turn.args)
    if choice is None:
        raise Refusal("desk.stale_button")
    return follow_on(turn, stored, parts(stored), choice)


@room.button("compare_with", Audience.STAFF)
async def with_pressed(turn: Turn, services: Services) -> Reply:
    """A plan is to be compared with another."""
    stored = await visible(turn, services)
    choice = referred(stored, turn.args)
    if choice is None:
        raise Refusal("desk.stale_button")
    return second(turn, parts(stored), choice)


@room.button("compare_versions", Audience.STAFF)
async def versions_pressed(turn: Turn, services: Services) -> Reply:
    """The last two versions of a plan."""
    stored = await visible(turn, services)
    choice = referred(stored, turn.args)
    before = older(stored, choice) if choice else None
    if choice is None or before is None:
        raise Refusal("desk.stale_button")
    return await show(turn, services, before, choice)


@room.button("compare", Audience.STAFF)
async def pressed(turn: Turn, services: Services) -> Reply:
    """A comparison or another page of it; the reference is `first-second-page-c` (changes) or `-a` (all)."""
    stored = await visible(turn, services)
    first, _, rest = turn.args.partition("-")
    other, _, rest = rest.partition("-")
    page, _, extent = rest.partition("-")
    before, after = referred(stored, first), referred(stored, other)
    if before is None or after is None or not page.isdecimal() or len(page) > 5:
        raise Refusal("desk.stale_button")
    return await show(turn, services, before, after, int(page), extent == "a")


async def show(turn: Turn, services: Services, before: Named, after: Named, page: int = 0, everything: bool = False) -> Reply:
    """One page of a comparison: the changes, or everything."""
    pages = services.pages(turn.incoming.address.channel)
    comparison = await asyncio.to_thread(compare, before.plans, after.plans, groups())
    rows = [row for row in comparison.rows if everything or row.changed]
    lines = heading(turn.say, before, after, comparison)
    section = None
    for row in rows[page * PAGE : (page + 1) * PAGE]:
        if row.section != section:
            section = row.section
            lines += ["", turn.say("compare.section", title=section)]
        lines += told(turn.say, row, LENGTH)
    sides = f"{before.reference}-{after.reference}"
    extent = "a" if everything else "c"
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("compare", f"{sides}-{page - 1}-{extent}")))
    if len(rows) > (page + 1) * PAGE:
        lines += ["", turn.say("compare.rest", count=len(rows) - (page + 1) * PAGE)]
        paging.append(Button(turn.say("page.more"), Action("compare", f"{sides}-{page + 1}-{extent}")))
    other = "compare.button_changes" if everything else "compare.button_all"
    buttons = [tuple(paging)] if paging else []
    if any(not row.changed for row in comparison.rows) and any(row.changed for row in comparison.rows):
        buttons.append((Button(turn.say(other), Action("compare", f"{sides}-0-{'c' if everything else 'a'}")),))
    if pages:
        url = f"page/compare?before={before.reference}&after={after.reference}"
        buttons.append((Button(turn.say("compare.button_page"), url=url),))
    return Reply("\n".join(lines), tuple(buttons))


@room.page("compare", Audience.STAFF)
async def compare_page(turn: Turn, request: Request, services: Services) -> Page:
    """Two sides chosen from all versions, and what changed between them in a table for each section; `all` lists the rest too."""
    stored = await visible(turn, services)
    every = [choice for row in stored for choice in parts_of(row)]
    choices = tuple((one.reference, one.words(turn.say)) for one in every)
    before, after = (referred(stored, request.values.get(name, "")) for name in ("before", "after"))
    everything = request.values.get("all") == "1"
    fields = (
        Field("before", turn.say("compare.page_before"), before.reference if before else "", Kind.CHOICE, choices),
        Field("after", turn.say("compare.page_after"), after.reference if after else "", Kind.CHOICE, choices),
        Field("all", turn.say("compare.button_all"), "1" if everything else "", Kind.TICK),
    )
    blocks = [Block(forms=(Form("compare", turn.say("compare.page_submit"), fields),))]
    if before is not None and after is not None:
        comparison = await asyncio.to_thread(compare, before.plans, after.plans, groups())
        blocks.append(Block(text="\n".join(heading(turn.say, before, after, comparison))))
        blocks += tables(turn, comparison, everything)
    return Page(turn.say("compare.page_title"), tuple(blocks))


def tables(turn: Turn, comparison: Comparison, everything: bool) -> Iterator[Block]:
    """A table for each section that has anything to tell."""
    head = tuple(turn.say(f"compare.page_{name}") for name in ("fate", "now", "was", "changes"))
    sections: dict[str, list[Row]] = {}
    for row in comparison.rows:
        if everything or row.changed:
            sections.setdefault(row.section, []).append(row)
    for title, rows in sections.items():
        yield Block(title, table=Table(head, tuple(cells(turn, row) for row in rows)))


def cells(turn: Turn, row: Row) -> tuple[str, ...]:
    """What became of a measure, its words now and before (only where they differ), and what changed beside them."""
    now, was = (turn.say("compare.joined").join(measure.text.strip() for measure in side) for side in (row.after, row.before))
    changes = turn.say("semicolon").join(words for change in row.changes for words in change_words(turn.say, change))
    fate = turn.say("compare.fate_details") if row.fate is Fate.KEPT and row.changes else turn.say(f"compare.fate_{row.fate.value}")
    return fate, now, "" if was == now else was, changes
