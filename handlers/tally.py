"""A notice in numbers: how many have it, how many answered and what, who is in need of help."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from bot.notice.asks import Ask
from handlers import receipt
from handlers.ballot import tally_lines
from handlers.room import Services, Turn
from storage.values import Count, Notice, Reached, State

COUNTED = (Ask.CHOICE, Ask.CHECKIN, Ask.NUMBER)
"""What is given for these is counted on the board."""
WAITING = (State.QUEUED, State.HELD, State.SENDING)
FAILED = (State.FAILED, State.GONE, State.MISSED, State.CANCELLED)
HELPED = 8
"""Those in need of help who are named on a board."""


def figures(turn: Turn, notice: Notice, counts: Sequence[Count]) -> list[str]:
    """One line a kind of outcome that anybody is in; they add up to everybody it is for."""
    total = sum(count.count for count in counts)
    sent = sum(count.count for count in counts if count.state is State.SENT)
    lines = [turn.say("report.sent", sent=sent, total=total)]
    if notice.wanted.ask is not Ask.NOTHING:
        answered = sum(count.count for count in counts if count.answered)
        lines.append(turn.say("report.answered", count=answered, rest=total - answered))
    for name, number in (
        ("waiting", sum(count.count for count in counts if count.state in WAITING)),
        ("uncertain", sum(count.count for count in counts if count.state in (State.UNCERTAIN, State.SETTLED))),
        ("failed", sum(count.count for count in counts if count.state in FAILED and count.state is not State.CANCELLED)),
        ("cancelled", sum(count.count for count in counts if count.state is State.CANCELLED)),
        ("unreachable", sum(count.count for count in counts if count.state is None)),
    ):
        if number:
            lines.append(turn.say(f"report.{name}", count=number))
    return lines


def passed_line(counts: Sequence[Count]) -> tuple[int, int, int]:
    """For how many people, how many have it, how many answered."""
    return (
        sum(count.count for count in counts),
        sum(count.count for count in counts if count.state is State.SENT),
        sum(count.count for count in counts if count.answered),
    )


def given(turn: Turn, services: Services, notice: Notice, people: Sequence[Reached], votes: dict[tuple[int, str], int]) -> list[str]:
    """What was given, counted: choices, numbers summed, who is safe; of a survey only what tells nobody's vote."""
    if notice.wanted.ask.secret:
        return tally_lines(turn, services, notice, votes)
    tally = Counter(row.answer for row in people if row.answer is not None)
    if notice.wanted.ask is Ask.CHECKIN:
        # From one list of everybody, so that nobody is missing from the sum.
        silent = sum(row.answer is None for row in people)
        return [turn.say("report.whole", safe=tally["safe"], help=tally["help"], silent=silent, total=len(people))]
    if notice.wanted.ask is Ask.NUMBER and tally:
        total = sum(Decimal(value) * count for value, count in tally.items())
        return [turn.say("report.sum", sum=f"{total:,}", count=tally.total())]
    if notice.wanted.ask is not Ask.CHOICE:
        return []
    return [turn.say("report.value", value=receipt.told(turn, notice, value), count=count) for value, count in sorted(tally.items())]


async def in_need(turn: Turn, services: Services, people: Sequence[Reached]) -> list[str]:
    """In a drill those who need help, by name and unit, before anything else; the last to say so first."""
    calls = sorted((row for row in people if row.answer == "help" and row.answered_at), key=lambda row: row.answered_at or turn.now)[::-1]
    if not calls:
        return []
    async with services.store.read() as db:
        known = await db.people.some(row.person for row in calls[:HELPED])
    shown = [
        turn.say(
            "report.help_row",
            name=(known[row.person].name if row.person in known else "") or turn.say("notice.nameless"),
            unit=services.register().name(row.unit, turn.say("report.no_unit")),
            time=receipt.local(services, row.answered_at or turn.now)[-5:],
        )
        for row in calls[:HELPED]
    ]
    rest = [turn.say("report.help_rest", count=len(calls) - HELPED)] if len(calls) > HELPED else []
    return [turn.say("report.help", count=len(calls)), *shown, *rest]
