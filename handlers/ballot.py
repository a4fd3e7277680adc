"""An anonymous questionnaire: answered question by question, handed in at once, and its results told when it is over.

Until it is handed in, what somebody chose stands in the buttons of their own message and nowhere else.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Action, Button, Place, Reply, Table
from bot.errors import Refusal
from bot.notice.asks import Ask
from bot.notice.ballots import LEAST, Group, results
from handlers.permission import seen_by
from handlers.receipt import local, take, too_late
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import paging
from storage.values import Notice, NoticeState

PAGE = 6
"""Units whose results are shown at once."""

room = Room("ballot")


@room.button("ballot", personal=True)
async def answer(turn: Turn, services: Services) -> Reply:
    """The next question, `id.CHOICES` so far; `id.` from the notice itself, `id.x` from the beginning again."""
    number, _, chosen = turn.args.partition(".")
    async with services.store.read() as db:
        notice = await db.notices.get(numbers_of(number, 1)[0])
        voted = notice is not None and await db.notices.has_answered(notice.id, turn.person.id)
        mine = notice is not None and await db.notices.is_for(notice.id, turn.person.id)
    if notice is None or notice.wanted.ask is not Ask.QUESTIONS or not notice.state.out or notice.state is NoticeState.RECALLED:
        raise Refusal("desk.stale_button")
    if not mine:
        return Reply(turn.say("notice.not_yours"), place=Place.TOAST)
    if voted:
        return Reply(turn.say("notice.voted"), place=Place.TOAST)
    if late := too_late(turn, services, notice):
        return Reply(late, place=Place.TOAST)
    place = Place.REPLACE if chosen else Place.NEW
    chosen = chosen.removeprefix("x")
    questions = notice.wanted.questions
    fits = chosen == "" or (chosen.isascii() and chosen.isdigit() and len(chosen) <= len(questions))
    if not fits or any(int(digit) >= len(one.options) for digit, one in zip(chosen, questions, strict=False)):
        raise Refusal("desk.stale_button")
    if len(chosen) == len(questions):
        return _read_back(turn, notice, chosen, place)
    one = questions[len(chosen)]
    lines = [turn.say("ballot.question", number=len(chosen) + 1, total=len(questions)), one.text]
    buttons = [Button(_label(option), Action("ballot", f"{notice.id}.{chosen}{at}")) for at, option in enumerate(one.options)]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    if chosen:
        rows.append((Button(turn.say("ballot.before"), Action("ballot", f"{notice.id}.{chosen[:-1] or 'x'}")),))
    return Reply("\n".join(lines), tuple(rows), place=place)


def _label(option: str) -> str:
    """A choice on its button; one that begins with a number is marked, because buttons with numbers are kept to be picked by typing."""
    return f"・{option}" if option[:1].isdecimal() else option


def _read_back(turn: Turn, notice: Notice, chosen: str, place: Place) -> Reply:
    lines = [turn.say("ballot.read_back")]
    for number, (digit, one) in enumerate(zip(chosen, notice.wanted.questions, strict=True), 1):
        lines.append(turn.say("ballot.chosen", number=number, question=one.text, option=one.options[int(digit)]))
    cast = Button(turn.say("ballot.cast"), Action("cast", f"{notice.id}.{chosen}"))
    again = Button(turn.say("ballot.again"), Action("ballot", f"{notice.id}.x"))
    return Reply("\n".join(lines), ((cast, again),), place=place)


@room.button("cast", personal=True)
async def cast(turn: Turn, services: Services) -> Reply:
    """交卷: all answers at once, counted question by question; the message with them becomes a thank-you."""
    number, _, chosen = turn.args.partition(".")
    given = await take(turn, services, numbers_of(number, 1)[0], chosen)
    # The message that showed the answers shows them no more.
    return Reply(given.text, place=Place.REPLACE)


def over(notice: Notice, now: datetime) -> bool:
    """Whether results may be told: no ballot can come in any more."""
    return notice.wanted.until is not None and now > notice.wanted.until


def tally_lines(turn: Turn, services: Services, notice: Notice, votes: dict[tuple[int, str], int]) -> list[str]:
    """The whole results in lines, or when they will be told."""
    if not over(notice, turn.now):
        time = local(services, notice.wanted.until) if notice.wanted.until else ""
        return [turn.say("ballot.later", time=time)]
    found = results(votes, len(notice.wanted.ballot))
    if found.whole is None:
        return [turn.say("report.secret", least=LEAST)]
    return group_lines(turn, notice, found.whole)


def group_lines(turn: Turn, notice: Notice, group: Group) -> list[str]:
    """A group's results: for each question its choices with how many and how much of all that is."""
    lines = []
    for place, one in enumerate(notice.wanted.ballot):
        if one.text:
            lines.append(turn.say("ballot.asked", number=place + 1, question=one.text))
        for choice, option in enumerate(one.options):
            count = group.tally[place][choice]
            lines.append(turn.say("ballot.share", value=option, count=count, percent=round(100 * count / group.ballots)))
    return lines


def named(turn: Turn, services: Services, group: Group, rest: bool) -> str:
    """What a group is called: its unit, or the other units together."""
    if rest:
        return turn.say("ballot.rest", units=len(group.units))
    return services.register().name(group.units[0], turn.say("report.no_unit"))


def groups_of(notice: Notice, votes: dict[tuple[int, str], int]) -> list[tuple[Group, bool]]:
    """The units that may be shown, and the others together (True)."""
    found = results(votes, len(notice.wanted.ballot))
    return [(group, False) for group in found.units] + ([(found.rest, True)] if found.rest else [])


@room.button("results", Audience.UNIT_ADMINISTRATORS, personal=True)
async def by_unit(turn: Turn, services: Services) -> Reply:
    """各單位結果: what each unit chose, where enough of it voted."""
    number, page = numbers_of(turn.args, 2)
    async with services.store.read() as db:
        notice = await seen_by(turn, db, number)
        votes = await db.notices.votes(number)
    if not notice.wanted.ask.secret:
        return Reply(turn.say("notice.gone"))
    back = (Button(turn.say("report.button_back"), Action("report", str(number))),)
    if not over(notice, turn.now):
        return Reply("\n".join(tally_lines(turn, services, notice, votes)), (back,), place=Place.REPLACE)
    groups = groups_of(notice, votes)
    lines = [turn.say("ballot.by_unit", id=number, least=LEAST)]
    if not groups:
        lines.append(turn.say("ballot.no_unit"))
    for group, rest in groups[page * PAGE : (page + 1) * PAGE]:
        lines += ["", turn.say("ballot.unit", unit=named(turn, services, group, rest), count=group.ballots)]
        lines += group_lines(turn, notice, group)
    ways = paging(turn, "results", f"{number}.", page, len(groups) > (page + 1) * PAGE)
    return Reply("\n".join(lines), (*ways, back), place=Place.REPLACE)


def tables(turn: Turn, services: Services, notice: Notice, votes: dict[tuple[int, str], int]) -> Sequence[tuple[str, Table]]:
    """For each question a table: a row a unit that may be shown, the others together, and all."""
    found = results(votes, len(notice.wanted.ballot))
    if not over(notice, turn.now) or found.whole is None:
        return ()
    rows = [(named(turn, services, group, rest), group) for group, rest in groups_of(notice, votes)]
    rows.append((turn.say("ballot.all"), found.whole))
    made = []
    for place, one in enumerate(notice.wanted.ballot):
        head = (turn.say("notices.column_unit"), turn.say("ballot.ballots"), *one.options)
        cells = tuple(
            (name, str(group.ballots), *(str(group.tally[place][choice]) for choice in range(len(one.options)))) for name, group in rows
        )
        made.append((turn.say("ballot.asked", number=place + 1, question=one.text) if one.text else "", Table(head, cells)))
    return made
