"""How a notice was answered as a picture under its board."""

import asyncio

from bot.chat import File, Reply
from bot.draw.progress import Share, Words, draw_progress
from bot.notice.asks import Ask
from handlers import receipt
from handlers.permission import seen_by
from handlers.report import sums
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.outcomes import KIND
from storage.values import Notice, State

room = Room("picture")


@room.button("picture", Audience.UNIT_ADMINISTRATORS, personal=True)
async def picture(turn: Turn, services: Services) -> Reply:
    """看圖: the picture, with the sentence that says what it shows."""
    async with services.store.read() as db:
        notice = await seen_by(turn, db, numbers_of(turn.args, 1)[0])
    return Reply(
        turn.say("picture.said", id=notice.id, time=receipt.local(services, turn.now)), files=(await drawn(turn, services, notice),)
    )


async def drawn(turn: Turn, services: Services, notice: Notice) -> File:
    """The picture of a notice as PNG: of answers, or of deliveries where nothing is asked."""
    async with services.store.read() as db:
        counts = await db.notices.counts(notice.id)
        people = await db.notices.people(notice.id)
        rows = await db.outbox.rows(KIND, str(notice.id)) if notice.wanted.ask is Ask.NOTHING else []
    asked = notice.wanted.ask is not Ask.NOTHING
    if asked:
        moments = [row.answered_at for row in people if row.answered_at is not None]
    else:
        # A person has it when the last part of it arrived.
        arrived = {row.person for row in people if row.state is State.SENT}
        last = {row.planned.person: row.settled_at for row in rows if row.planned.person in arrived and row.settled_at is not None}
        moments = list(last.values())
    shares = [Share(name, total, answered if asked else sent) for name, total, sent, answered in sums(turn, services, notice, counts)]
    what = "answered" if asked else "delivered"
    words = Words(
        turn.say("report.head", id=notice.id, state=turn.say(f"picture.{what}", done=len(moments), total=len(people))),
        turn.say(f"picture.over_time_{what}"),
        turn.say(f"picture.by_unit_{what}"),
        turn.say("picture.others"),
        turn.say("report.at", time=receipt.local(services, turn.now)),
    )
    begun = notice.confirmed_at or notice.created_at
    data = await asyncio.to_thread(draw_progress, words, begun, moments, shares, services.settings.zone, turn.now)
    return File(f"{turn.say('picture.file', id=notice.id)}.png", "image/png", data)
