"""Notices: drafts that survive a restart, confirmed once for the people they are for, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from bot.errors import Refusal
from bot.limits import Lane
from bot.notice.asks import Ask, Wanted, unpack
from storage.files import Files
from storage.insert import insert_into
from storage.mailing import Mailing, Recipient, note_people, plan_mailing
from storage.outbox import Outbox
from storage.outcomes import KIND, standings, state_of
from storage.tables import notice_answers, notice_people, notice_votes, notices, outbox
from storage.values import Count, Notice, NoticeState, Planned, Reached, State

CHANGE, RECALL = "notice_change", "notice_recall"
"""The kinds of the rows that change or take back what was sent; the key of each ends with the id of the row it is about."""
BOARD = "board"
"""The kind of the rows that bring a board up to date."""
TIED = (CHANGE, RECALL, BOARD)
"""Kinds that are about one message at one address, and of no use at another."""
ARRIVED = (State.SENT, State.SENDING, State.UNCERTAIN, State.SETTLED)


def notice_key(notice: int, person: int, round: int = 0) -> str:
    """The lasting key of one person's row, of the first sending or of a later round."""
    return f"notice:{notice}:{person}" if round == 0 else f"notice:{notice}:{person}:{round}"


def round_of(key: str) -> int:
    """Which round a row of that key is of; 0 for the first sending."""
    parts = key.split(":")
    return int(parts[3]) if len(parts) == 4 else 0


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices, within one transaction."""

    connection: AsyncConnection

    async def draft(self, author: int | None, text: str, now: datetime, parent: int | None = None) -> Notice:
        """Keep a new draft; with `parent` it passes that notice on."""
        values: dict[str, Any] = {
            "author": author, "state": NoticeState.DRAFT, "revision": 1, "text": text, "selection": "", "ask": Ask.NOTHING, "options": [],
            "until": None, "at": None, "rounds": 0, "changes": 0, "round_at": None, "created_at": now, "confirmed_at": None,
            "written": "", "every": "", "parent": parent,
        }  # fmt: skip
        return _notice((await self.connection.execute(insert(notices).values(values).returning(notices))).one())

    async def change(
        self,
        notice: Notice,
        *,
        text: str | None = None,
        selection: str | None = None,
        wanted: Wanted | None = None,
        at: datetime | None = None,
        at_once: bool = False,
        every: str | None = None,
    ) -> Notice:
        """Change a draft that still stands at this revision; Refusal `notice.stale` where somebody changed or sent it meanwhile.

        It leaves once (`at`, `at_once`) or in every term: the one takes the place of the other.
        """
        values: dict[str, Any] = {"revision": notice.revision + 1}
        values |= {"text": text} if text is not None else {}
        values |= {"selection": selection} if selection is not None else {}
        values |= {"at": at, "every": ""} if at is not None or at_once else {}
        values |= {"at": None, "every": every} if every is not None else {}
        if wanted is not None:
            values |= {"ask": wanted.ask, "options": wanted.pack(), "until": wanted.until}
        return await self._moved(notice, (NoticeState.DRAFT,), values)

    async def discard(self, notice: Notice) -> None:
        """Delete a draft; Refusal `notice.stale` where it is none any more."""
        where = and_(notices.c.id == notice.id, notices.c.state == NoticeState.DRAFT, notices.c.revision == notice.revision)
        if (await self.connection.execute(delete(notices).where(where))).rowcount != 1:
            raise Refusal("notice.stale", id=notice.id)

    async def confirm(
        self,
        notice: Notice,
        recipients: Sequence[Recipient],
        not_before: datetime,
        now: datetime,
        lasts: timedelta | None = None,
        text: str = "",
    ) -> Notice:
        """Send a draft: everybody it is for and rows for everybody with an address, in one transaction or not at all.

        What could not leave within `lasts` of its time is not sent any more (None: it always is). `text` is what goes out, where
        placeholders of the draft were filled in.

        The text is the first part, each attachment one more. Confirmed twice it is sent once: the second time is Refusal `notice.stale`.
        """
        values = {"state": NoticeState.SENT, "confirmed_at": now, "revision": notice.revision + 1}
        values |= {"text": text, "written": notice.text} if text else {}
        sent = await self._moved(notice, (NoticeState.DRAFT,), values)
        await note_people(self.connection, notice.id, recipients)
        parts = 1 + len(await Files(self.connection).attached(notice.id))
        await plan_mailing(self.connection, _mailing(notice.id, not_before, lasts, parts=parts), recipients, now)
        return sent

    async def undo(self, notice: Notice, now: datetime) -> Notice:
        """Make a confirmed notice a draft again before anything was sent; Refusal `notice.under_way` where something was."""
        as_written = case((notices.c.written != "", notices.c.written), else_=notices.c.text)
        values = {"state": NoticeState.DRAFT, "confirmed_at": None, "revision": notice.revision + 1, "text": as_written, "written": ""}
        undone = await self._moved(notice, (NoticeState.SENT, NoticeState.PAUSED, NoticeState.SERIES), values)
        rows = and_(outbox.c.kind == KIND, outbox.c.reference == str(notice.id))
        await self.connection.execute(delete(outbox).where(rows, outbox.c.state.in_((State.QUEUED, State.HELD))))
        if (await self.connection.execute(select(func.count()).select_from(outbox).where(rows))).scalar_one():
            # Raised out of the transaction, so that nothing of this happened.
            raise Refusal("notice.under_way", id=notice.id)
        await self.connection.execute(delete(notice_people).where(notice_people.c.notice == notice.id))
        return undone

    async def repeat(self, notice: Notice, now: datetime) -> Notice:
        """Confirm a draft for every term; its terms are planned by `Terms`."""
        values = {"state": NoticeState.SERIES, "confirmed_at": now, "revision": notice.revision + 1}
        return await self._moved(notice, (NoticeState.DRAFT,), values)

    async def end(self, notice: Notice) -> Notice:
        """Let a notice of every term go out no more."""
        return await self._moved(notice, (NoticeState.SERIES,), {"state": NoticeState.ENDED, "revision": notice.revision + 1})

    async def passed(self, notice: int) -> list[Notice]:
        """The notices that pass this one on, oldest first."""
        rows = await self.connection.execute(select(notices).where(notices.c.parent == notice).order_by(notices.c.id))
        return [_notice(row) for row in rows]

    async def readers(self, ids: Sequence[int]) -> set[int]:
        """The ids of everybody any of these notices is for."""
        rows = await self.connection.execute(select(notice_people.c.person).where(notice_people.c.notice.in_(ids)))
        return set(rows.scalars())

    async def series(self) -> list[Notice]:
        """The notices of every term that still go out, oldest first."""
        where = notices.c.state == NoticeState.SERIES
        return [_notice(row) for row in await self.connection.execute(select(notices).where(where).order_by(notices.c.id))]

    async def pause(self, notice: Notice) -> tuple[Notice, int]:
        """Hold what was not sent yet; returns how many rows."""
        paused = await self._moved(notice, (NoticeState.SENT,), {"state": NoticeState.PAUSED, "revision": notice.revision + 1})
        return paused, await Outbox(self.connection).hold(KIND, str(notice.id))

    async def resume(self, notice: Notice) -> tuple[Notice, int]:
        """Go on with what was held; returns how many rows."""
        resumed = await self._moved(notice, (NoticeState.PAUSED,), {"state": NoticeState.SENT, "revision": notice.revision + 1})
        return resumed, await Outbox(self.connection).let_go(KIND, str(notice.id))

    async def stop(self, notice: Notice, now: datetime) -> tuple[Notice, int]:
        """End it for good; returns how many people will not get it who otherwise would have."""
        values = {"state": NoticeState.STOPPED, "revision": notice.revision + 1}
        stopped = await self._moved(notice, (NoticeState.SENT, NoticeState.PAUSED), values)
        return stopped, await Outbox(self.connection).end(KIND, str(notice.id), "stopped", now)

    async def again(
        self, notice: Notice, recipients: Sequence[Recipient], pause: timedelta, now: datetime, lasts: timedelta | None = None
    ) -> tuple[Notice, int]:
        """Send once more to these people; returns how many rows.

        Refusal `notice.too_soon` with `minutes` to wait where the last time is less than `pause` ago.
        """
        # A notice that was set for later begins when it leaves.
        last = notice.round_at or max(filter(None, (notice.confirmed_at, notice.at)), default=None)
        if last is not None and now - last < pause:
            raise Refusal("notice.too_soon", minutes=-int((now - last - pause).total_seconds() // 60))
        values = {"rounds": notice.rounds + 1, "round_at": now, "revision": notice.revision + 1}
        moved = await self._moved(notice, (NoticeState.SENT,), values)
        mailing = _mailing(notice.id, now, lasts, moved.rounds)
        return moved, await plan_mailing(self.connection, mailing, recipients, now)

    async def correct(self, notice: Notice, text: str, now: datetime) -> tuple[Notice, int]:
        """Give a notice that went out another text; returns how many people get the change.

        Who has not got it yet gets the new text at once; for the others a row is planned that changes what they have.
        """
        values = {"text": text, "changes": notice.changes + 1, "revision": notice.revision + 1}
        moved = await self._moved(notice, (NoticeState.SENT, NoticeState.PAUSED), values)
        return moved, await self._follow_up(moved, CHANGE, f"notice:{notice.id}:change{moved.changes}", now)

    async def recall(self, notice: Notice, now: datetime) -> tuple[Notice, int]:
        """Take a notice back: what has not left is ended, what was sent is taken away; returns for how many people."""
        values = {"state": NoticeState.RECALLED, "revision": notice.revision + 1}
        moved = await self._moved(notice, (NoticeState.SENT, NoticeState.PAUSED, NoticeState.STOPPED), values)
        for kind in (KIND, CHANGE):
            await Outbox(self.connection).end(kind, str(notice.id), "recalled", now)
        return moved, await self._follow_up(moved, RECALL, f"notice:{notice.id}:recall", now)

    async def _follow_up(self, notice: Notice, kind: str, key: str, now: datetime) -> int:
        """Plan a row for each message that went out or may have; returns for how many people. Only a text can be changed."""
        there = and_(outbox.c.kind == KIND, outbox.c.reference == str(notice.id), outbox.c.state.in_(ARRIVED))
        if kind == CHANGE:
            there = and_(there, outbox.c.part == 1)
        rows = await self.connection.execute(select(outbox).where(there).order_by(outbox.c.id))
        planned = [
            Planned(f"{key}:{row.id}", kind, str(notice.id), row.person, Address(row.channel, row.chat), Lane.NOTICE, now) for row in rows
        ]
        await Outbox(self.connection).plan(planned, now)
        return len({row.person for row in planned})

    async def answer(self, notice: Notice, person: int, value: str, now: datetime) -> bool:
        """Keep what a person gave, in place of what they gave before; False where the notice is not for them.

        In a survey the choices are counted for their unit and not kept with them; the first ones stand (Refusal `notice.voted`).
        """
        where = and_(notice_people.c.notice == notice.id, notice_people.c.person == person)
        mine = (await self.connection.execute(select(notice_people).where(where))).one_or_none()
        if mine is None:
            return False
        key = {"notice": notice.id, "person": person}
        secret = notice.wanted.ask.secret
        kept = {"value": "" if secret else value, "at": now}
        statement = insert_into(self.connection, notice_answers).values(key | kept)
        if not secret:
            await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=kept))
            return True
        written = await self.connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
        if written.rowcount != 1:
            raise Refusal("notice.voted")
        # Of a questionnaire each question by itself: which answers were given together is not kept.
        values = [value] if notice.wanted.ask is Ask.SURVEY else [f"{place}.{choice}" for place, choice in enumerate(value)]
        votes = [{"notice": notice.id, "unit": mine.unit or 0, "value": one, "count": 1} for one in values]
        counted = insert_into(self.connection, notice_votes)
        more = {"count": notice_votes.c.count + 1}
        statement = counted.on_conflict_do_update(index_elements=["notice", "unit", "value"], set_=more)
        await self.connection.execute(statement, votes)
        return True

    async def is_for(self, notice: int, person: int) -> bool:
        """True where the notice went, or was to go, to this person."""
        where = and_(notice_people.c.notice == notice, notice_people.c.person == person)
        return (await self.connection.execute(select(notice_people.c.person).where(where))).one_or_none() is not None

    async def has_answered(self, notice: int, person: int) -> bool:
        """True where this person gave something for the notice."""
        where = and_(notice_answers.c.notice == notice, notice_answers.c.person == person)
        return (await self.connection.execute(select(notice_answers.c.person).where(where))).one_or_none() is not None

    async def get(self, notice: int) -> Notice | None:
        """The notice of that id, or None."""
        row = (await self.connection.execute(select(notices).where(notices.c.id == notice))).one_or_none()
        return _notice(row) if row else None

    async def every(self, limit: int = 50) -> list[Notice]:
        """The newest notices first."""
        rows = await self.connection.execute(select(notices).order_by(notices.c.id.desc()).limit(limit))
        return [_notice(row) for row in rows]

    async def counts(self, notice: int) -> list[Count]:
        """How many people stand where, by unit."""
        each = standings(notice).subquery()
        answered = each.c.at.is_not(None)
        statement = select(each.c.unit, each.c.best, answered.label("answered"), func.count().label("number"))
        rows = await self.connection.execute(statement.group_by(each.c.unit, each.c.best, answered))
        return [Count(row.unit, state_of(row.best), bool(row.answered), row.number) for row in rows]

    async def people(self, notice: int) -> list[Reached]:
        """What became of it for everybody it is for, in the order of their ids."""
        rows = await self.connection.execute(standings(notice).order_by(notice_people.c.person))
        return [Reached(row.person, row.unit, state_of(row.best), row.detail or "", row.value, row.at) for row in rows]

    async def votes(self, notice: int) -> dict[tuple[int, str], int]:
        """A survey's counts by (unit id or 0, choice); of a questionnaire by (unit id or 0, `question.choice`)."""
        votes = select(notice_votes.c.unit, notice_votes.c.value, notice_votes.c.count.label("number")).where(
            notice_votes.c.notice == notice
        )
        rows = await self.connection.execute(votes)
        return {(row.unit, row.value): row.number for row in rows}

    async def _moved(self, notice: Notice, states: Sequence[NoticeState], values: dict[str, Any]) -> Notice:
        where = and_(notices.c.id == notice.id, notices.c.revision == notice.revision, notices.c.state.in_(states))
        row = (await self.connection.execute(update(notices).where(where).values(values).returning(notices))).one_or_none()
        if row is None:
            raise Refusal("notice.stale", id=notice.id)
        return _notice(row)


def _mailing(notice: int, not_before: datetime, lasts: timedelta | None, round: int = 0, parts: int = 1) -> Mailing:
    """The rows of the first sending or of a later round; with a person between, their keys are those of `notice_key`."""
    expires = not_before + lasts if lasts is not None else None
    return Mailing(KIND, str(notice), Lane.NOTICE, not_before, expires, f"notice:{notice}", f":{round}" if round else "", parts)


def _notice(row: Row[Any]) -> Notice:
    wanted = unpack(row.ask, row.options, row.until)
    return Notice(
        row.id, row.author, NoticeState(row.state), row.revision, row.text, row.selection, wanted, row.at, row.rounds, row.round_at,
        row.created_at, row.confirmed_at, row.changes, row.every, row.parent,
    )  # fmt: skip
