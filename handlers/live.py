"""Boards kept up to date: a message that shows how a notice goes changes in place while the notice goes on."""

from datetime import datetime, timedelta

from bot.chat import Reply
from bot.limits import Lane
from bot.people import Person
from handlers import report
from handlers.permission import may_see
from handlers.room import Room, Services, unasked
from storage.notices import BOARD as KIND
from storage.values import Amended, Cancelled, OutboxRow, Planned

PAUSE, CROWDED = timedelta(seconds=3), timedelta(seconds=10)
"""A message in a private chat changes no more often than the first, one in a group than the second."""
STALE = timedelta(minutes=1)
"""A change that late is of no use; the next one shows more."""
QUIET = timedelta(days=2)
"""A board on which nothing changed for so long is left as it is."""

room = Room("live")


async def refresh_boards(services: Services, now: datetime) -> int:
    """Plan a change of every board that shows less than there is to tell; returns how many."""
    async with services.store.read() as db:
        boards = await db.boards.every()
        people = {board.person: await db.people.get(board.person) for board in boards}
        notices = {board.notice: await db.notices.get(board.notice) for board in boards}
    count = 0
    for board in boards:
        person = people[board.person]
        if now - board.changed_at < (CROWDED if board.crowd else PAUSE):
            continue
        notice = notices[board.notice]
        if person is None or notice is None or not may_see(person, notice) or now - board.changed_at > QUIET:
            async with services.store.begin() as db:
                await db.boards.drop(board.notice, board.address)
            continue
        told = await report.told_of(unasked(person, board.address, services, now), services, board.notice)
        if told is None or report.digest(told[0]) == board.shown:
            continue
        async with services.store.begin() as db:
            if await db.boards.note(board, report.digest(told[0]), now):
                key = f"board:{board.notice}:{board.address.channel}:{board.address.chat}:{board.remote}:{board.turn}"
                row = Planned(key, KIND, str(board.notice), board.person, board.address, Lane.REMINDER, now, now + STALE)
                count += await db.outbox.plan([row], now)
    if count:
        services.wake()
    return count


@room.composer(KIND)
async def compose(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Amended | Cancelled:
    """The board as it stands when it leaves."""
    if person is None:
        return Cancelled("person gone")
    number, address = int(row.planned.reference), row.planned.address
    async with services.store.read() as db:
        board = await db.boards.at(number, address)
    turn = unasked(person, address, services, now)
    told = await report.told_of(turn, services, number)
    if board is None or told is None:
        return Cancelled("no board there any more, or it may not be seen any more")
    lines, doors = told
    return Amended(board.remote, Reply("\n".join([*lines, report.as_of(turn, services)]), doors), anew=False)
