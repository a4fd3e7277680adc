"""Who is logged in on the page: links that are used once, and sessions that end by time or by hand. Of both only hashes are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.addresses import Addresses
from storage.tables import addresses, conversations, expectations, logins, web_sessions

CHANNEL = "web"
TOKEN_BYTES = 16
NOTED = timedelta(minutes=1)
"""A session's last use is written down no more often than this."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is logged in."""

    id: int
    person: int
    address: Address
    """What its cookie hashes to; the cookie itself is kept nowhere."""
    agent: str
    """The browser in two words, such as `Firefox · Windows`."""
    begun: datetime
    seen: datetime
    """Its last use, to the minute."""
    expires: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Login links and sessions, within one transaction."""

    connection: AsyncConnection

    async def link(self, person: int, now: datetime, expires: datetime) -> str:
        """A token of 128 random bits that logs the person in once until `expires`, in place of the one before."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self.connection.execute(delete(logins).where((logins.c.person == person) | (logins.c.expires_at <= now)))
        await self.connection.execute(insert(logins).values(token_hash=_hashed(token), person=person, expires_at=expires))
        return token

    async def redeem(self, token: str, address: Address, agent: str, now: datetime, idle: timedelta, longest: timedelta) -> int | None:
        """Use up a token: its person is logged in at this new address. Returns who, None for a token that is unknown, used or over."""
        await self.end_over(now)
        # Taken and gone in one statement: of two that come at once, one gets it.
        used = delete(logins).where(and_(logins.c.token_hash == _hashed(token), logins.c.expires_at > now)).returning(logins.c.person)
        person = (await self.connection.execute(used)).scalar_one_or_none()
        if person is None:
            return None
        row = {"person": person, "chat": address.chat, "agent": agent, "begun_at": now, "seen_at": now}
        await self.connection.execute(
            insert(web_sessions).values(row | {"ends_at": now + longest, "expires_at": min(now + idle, now + longest)})
        )
        reach = {"channel": address.channel, "chat": address.chat, "person": person, "opened_at": now, "closed_why": "", "preferred": False}
        await self.connection.execute(insert(addresses).values(reach))
        return int(person)

    async def current(self, address: Address, now: datetime) -> Session | None:
        """The session of an address; None where there is none, its time is over or the address is the person's no more."""
        theirs = and_(addresses.c.channel == CHANNEL, addresses.c.chat == web_sessions.c.chat, addresses.c.person == web_sessions.c.person)
        going = and_(web_sessions.c.chat == address.chat, web_sessions.c.expires_at > now)
        statement = select(web_sessions).join(addresses, theirs).where(going)
        row = (await self.connection.execute(statement)).one_or_none()
        return _session(row) if row else None

    async def note(self, session: Session, now: datetime, idle: timedelta) -> None:
        """Put off the end of a session that is used, but not past the day it ends in any case."""
        ends = select(web_sessions.c.ends_at).where(web_sessions.c.id == session.id)
        day = (await self.connection.execute(ends)).scalar_one_or_none()
        if day is not None:
            values = {"seen_at": now, "expires_at": min(now + idle, day)}
            await self.connection.execute(update(web_sessions).where(web_sessions.c.id == session.id).values(values))

    async def of(self, person: int, now: datetime) -> list[Session]:
        """The sessions of a person that go on, the one used last first."""
        mine = and_(web_sessions.c.person == person, web_sessions.c.expires_at > now)
        rows = await self.connection.execute(
            select(web_sessions).where(mine).order_by(web_sessions.c.seen_at.desc(), web_sessions.c.id.desc())
        )
        return [_session(row) for row in rows]

    async def end(self, person: int, session: int) -> bool:
        """End one session of a person; False where they have none of that id."""
        mine = and_(web_sessions.c.person == person, web_sessions.c.id == session)
        row = (await self.connection.execute(select(web_sessions).where(mine))).one_or_none()
        if row is None:
            return False
        await self._end(_session(row))
        return True

    async def end_over(self, now: datetime) -> int:
        """End what is over by time; returns how many."""
        rows = (await self.connection.execute(select(web_sessions).where(web_sessions.c.expires_at <= now))).all()
        for row in rows:
            await self._end(_session(row))
        return len(rows)

    async def _end(self, session: Session) -> None:
        """Nobody is reached there any more: what waits goes to another address of the person, and nobody takes the place of this one."""
        await Addresses(self.connection).fall_back(session.person, session.address)
        await self.connection.execute(delete(web_sessions).where(web_sessions.c.id == session.id))
        for table in (conversations, expectations, addresses):
            here = and_(table.c.channel == session.address.channel, table.c.chat == session.address.chat)
            await self.connection.execute(delete(table).where(here))


def _session(row: object) -> Session:
    return Session(row.id, row.person, Address(CHANNEL, row.chat), row.agent, row.begun_at, row.seen_at, row.expires_at)  # type: ignore[attr-defined]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()
