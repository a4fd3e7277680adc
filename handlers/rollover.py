"""A plan taken to a new school year: proposed dates with their reasons, and a draft of them for an administrator to confirm."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.plan.model import Span
from bot.plan.newdates import Option
from bot.plan.rollover import PROPOSED, Proposal, RollOver, needing, roll_over
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import shorten
from storage.store import Store
from storage.values import StoredPlan

Say = Callable[..., str]
PAGE = 5
"""Proposals shown at once, a line each."""
LENGTH = 24
"""Characters of a measure in a line."""

room = Room("rollover")


@dataclass(frozen=True, slots=True)
class Rolled:
    """A version with its proposals for the new year, and the draft that was made of them."""

    stored: StoredPlan
    proposed: RollOver
    draft: StoredPlan | None = None


async def keep_draft(store: Store, stored: StoredPlan, made: RollOver, now: datetime, person: int | None) -> StoredPlan:
    """Keep what was rolled over as the draft of a plan of its own; once more, it replaces the draft of the same origin.

    Refusal `rollover.exists` where the new year has a plan already that did not come about like this; then nothing is kept.
    """
    async with store.begin() as db:
        imported = await db.plans.store_document(made.document, now)
        if imported.outcome == "version" or imported.stored.released_at is not None:
            raise Refusal("rollover.exists", id=imported.stored.plan, title=made.document.title)
        what = f"plan {stored.plan} version {stored.version} to plan {imported.stored.plan} version {imported.stored.version}"
        await db.audit.record(person, "rollover", what, now)
        return imported.stored


def heading(say: Say, rolled: Rolled) -> list[str]:
    """What becomes what, and how many dates there are to confirm."""
    new = rolled.proposed.document
    days = [(plan.period.start, plan.period.end) for plan in new.plans]
    first, last = min(start for start, _ in days), max(end for _, end in days)
    open_ = len(needing(rolled.proposed.proposals))
    lines = [
        say("rollover.head", before=rolled.stored.document.title, after=new.title, start=first, end=last),
        say("rollover.counts", certain=len(rolled.proposed.proposals) - open_, open=open_),
    ]
    if not rolled.proposed.announced:
        lines.append(say("rollover.unannounced", year=last.year))
    return lines


def told(say: Say, proposal: Proposal) -> list[str]:
    """A proposal in words: the old time, the new one with its reason, other options, and the measure."""
    old = proposal.old.date
    assert old is not None
    first, *others = proposal.options
    line = say("rollover.row", number=proposal.number, before=old.text, after=option_words(say, first))
    if others:
        line += say("rollover.others", others=say("semicolon").join(option_words(say, one) for one in others))
    return [line, say("rollover.text", text=proposal.new.text)]


def option_words(say: Say, option: Option) -> str:
    """A new time with its weekday and the reason for it."""
    reasons = say("comma").join(say(f"rollover.reason_{reason.value}") for reason in option.reasons)
    return say("rollover.option", words=option.span.text, weekdays=weekday_words(say, option.span), reasons=reasons)


def weekday_words(say: Say, span: Span) -> str:
    """The weekday of a time's first day (a deadline's last)."""
    day = span.start or span.end
    return say("date.weekdays").split(",")[day.weekday()] if isinstance(day, date) else ""


def lines_of(say: Say, rolled: Rolled) -> list[str]:
    """All proposals as lines, those to confirm first."""
    lines = heading(say, rolled)
    for proposal in needing(rolled.proposed.proposals):
        lines += told(say, proposal)
    if rolled.draft is None:
        lines.append(say("rollover.not_kept"))
    else:
        lines.append(say("rollover.kept", id=rolled.draft.plan, version=rolled.draft.version, open=waiting(rolled.draft)))
    return lines


def waiting(stored: StoredPlan) -> int:
    """How many dates of a draft are still to be confirmed."""
    return sum(gap.kind == PROPOSED for plan in stored.document.plans for gap in plan.gaps)


async def proposed(turn: Turn, services: Services, reference: str) -> tuple[Rolled, dict[int, int], str]:
    """The version that `plan.version` means with its proposals, what this person chose of them, and what stands behind.

    Refusal `desk.stale_button`.
    """
    parts = reference.split(".", 2)
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()) or len(reference) > 30:
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        stored = await db.plans.get(int(parts[0]), int(parts[1]))
        kept = await db.marks.get(mark(turn, stored)) or ""
    chosen = {int(number): int(option) for number, _, option in (one.partition(":") for one in kept.split()) if option}
    rolled = await asyncio.to_thread(roll_over, stored.document, services.calendar, chosen=chosen)
    return Rolled(stored, rolled), chosen, parts[2]


def mark(turn: Turn, stored: StoredPlan) -> str:
    """Under which name it is kept what a person chose of the proposals of a version."""
    return f"rollover:{turn.person.id}:{stored.plan}.{stored.version}"


@room.button("rollover", Audience.ADMINISTRATORS, personal=True)
async def show(turn: Turn, services: Services) -> Reply:
    """The proposals for the next school year, a page of them; the reference is `plan.version.page`. No plan is kept yet."""
    rolled, chosen, rest = await proposed(turn, services, turn.args)
    return page_of(turn, rolled, chosen, int(rest) if rest.isdecimal() and len(rest) < 5 else 0)


def page_of(turn: Turn, rolled: Rolled, chosen: Mapping[int, int], page: int) -> Reply:
    """One page of the proposals, a line each, with a button for each."""
    found = needing(rolled.proposed.proposals)
    lines = heading(turn.say, rolled)
    numbers = []
    for proposal in found[page * PAGE : (page + 1) * PAGE]:
        old, after = proposal.old.date, proposal.options[0]
        assert old is not None
        key = "rollover.line_chosen" if proposal.number in chosen else "rollover.line"
        new = turn.say("rollover.day", words=after.span.text, weekdays=weekday_words(turn.say, after.span))
        text = shorten(proposal.old.text, LENGTH)
        lines.append(turn.say(key, number=proposal.number, before=old.text, after=new, text=text))
        at = f"{rolled.stored.plan}.{rolled.stored.version}.{proposal.number}"
        numbers.append(Button(str(proposal.number), Action("rollover_one", at)))
    at = f"{rolled.stored.plan}.{rolled.stored.version}"
    rows = [tuple(numbers)] if numbers else []
    return Reply("\n".join(lines), (*rows, *buttons(turn, at, page, len(found))))


@room.button("rollover_one", Audience.ADMINISTRATORS, personal=True)
async def one_pressed(turn: Turn, services: Services) -> Reply:
    """One proposal with its other times as buttons; the reference is `plan.version.number`."""
    rolled, chosen, rest = await proposed(turn, services, turn.args)
    return card(turn, rolled, chosen, number_of(rest))


def number_of(text: str) -> int:
    """A number in a reference; Refusal `desk.stale_button` for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refusal("desk.stale_button")
    return int(text)


def card(turn: Turn, rolled: Rolled, chosen: Mapping[int, int], number: int) -> Reply:
    """A proposal in full: the sentence, its old time, and a button for each time it may have."""
    proposal = next((one for one in needing(rolled.proposed.proposals) if one.number == number), None)
    if proposal is None or proposal.old.date is None:
        raise Refusal("desk.stale_button")
    at, taken = f"{rolled.stored.plan}.{rolled.stored.version}", chosen.get(number)
    first, *others = proposal.options
    # What was chosen stands first; the buttons keep the order in which the times were proposed.
    options = [*others[: taken or 0], first, *others[taken or 0 :]]
    lines = [
        turn.say("rollover.card", number=number, before=proposal.old.date.text),
        turn.say("answer.quote", text=proposal.old.text),
        turn.say("rollover.choose"),
    ]
    rows = []
    for place, option in enumerate(options):
        words = option_words(turn.say, option)
        label = turn.say("rollover.button_taken", option=words) if place == taken else words
        rows.append((Button(label, Action("rollover_take", f"{at}.{number}.{place}")),))
    back = Button(turn.say("rollover.button_back"), Action("rollover", f"{at}.{(number - 1) // PAGE}"))
    return Reply("\n".join(lines), (*rows, (back,)))


@room.button("rollover_take", Audience.ADMINISTRATORS, personal=True)
async def take(turn: Turn, services: Services) -> Reply:
    """Keep which time a person chose, and go on with the list; the reference is `plan.version.number.option`."""
    rolled, chosen, rest = await proposed(turn, services, turn.args)
    head, _, tail = rest.partition(".")
    number, option = number_of(head), number_of(tail)
    proposal = next((one for one in needing(rolled.proposed.proposals) if one.number == number), None)
    if proposal is None or option >= len(proposal.options):
        raise Refusal("desk.stale_button")
    chosen |= {number: option}
    async with services.store.begin() as db:
        await db.marks.set(mark(turn, rolled.stored), " ".join(f"{one}:{taken}" for one, taken in sorted(chosen.items())))
    again, chosen, _ = await proposed(turn, services, f"{rolled.stored.plan}.{rolled.stored.version}.0")
    return replace(page_of(turn, again, chosen, (number - 1) // PAGE), place=Place.REPLACE)


def buttons(turn: Turn, at: str, page: int, count: int) -> Sequence[tuple[Button, ...]]:
    """Paging, and the two ways to make the draft."""
    rows: list[tuple[Button, ...]] = []
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("rollover", f"{at}.{page - 1}")))
    if count > (page + 1) * PAGE:
        paging.append(Button(turn.say("page.more"), Action("rollover", f"{at}.{page + 1}")))
    if paging:
        rows.append(tuple(paging))
    each = Button(turn.say("rollover.button_each"), Action("rollover_make", f"{at}.each"))
    every = Button(turn.say("rollover.button_all"), Action("rollover_make", f"{at}.all"))
    return [*rows, (each, every) if count else (every,)]


@room.button("rollover_make", Audience.ADMINISTRATORS, personal=True)
async def make(turn: Turn, services: Services) -> Reply:
    """Make the draft, with every date confirmed (`all`) or every open one waiting to be (`each`); nothing is released."""
    rolled, chosen, extent = await proposed(turn, services, turn.args)
    if extent not in ("all", "each"):
        raise Refusal("desk.stale_button")
    confirmed = None if extent == "all" else ()
    made = await asyncio.to_thread(roll_over, rolled.stored.document, services.calendar, None, confirmed, chosen)
    draft = await keep_draft(services.store, rolled.stored, made, turn.now, turn.person.id)
    open_ = waiting(draft)
    key = "rollover.made" if open_ else "rollover.made_sure"
    text = turn.say(key, id=draft.plan, version=draft.version, title=draft.document.title, open=open_)
    at = f"{draft.plan}.{draft.version}"
    if open_:
        return Reply(text, ((Button(turn.say("rollover.button_look"), Action("looks", f"{at}.0")),),))
    return Reply(text, ((Button(turn.say("review.to_plan"), Action("plan", at)),),))
