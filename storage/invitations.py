"""Codes that give a rank: 128 random bits, kept as a hash, counted by who used them."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.people import Rank, Scope
from storage.insert import insert_into
from storage.tables import invitations, people, redemptions

CODE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that still can be used."""

    id: int
    rank: Rank
    unit: int | None
    group: str
    uses: int
    used: int
    expires: datetime
    author: int | None
    """Id of who made it; None for the command line."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code gives."""

    rank: Rank
    unit: int | None
    """Id of the unit, None where the invitation names none."""
    group: str = ""
    """Name of the group of units, empty where it names none."""


def granted(rank: Rank, unit: int | None, group: str) -> dict[str, object]:
    """What a person's row holds once they were given a rank for a unit, a group, or neither; without one the unit they have stays."""
    scope = Scope.UNIT if unit is not None else Scope.GROUP if group else Scope.NONE
    if rank >= Rank.ADMINISTRATOR:
        scope = Scope.DISTRICT
    elif rank is Rank.GUEST:
        scope = Scope.NONE
    place = {"unit": unit} if unit is not None else {}
    return {"rank": int(rank), "scope": scope, "group": group if scope is Scope.GROUP else "", **place}


async def invite(
    connection: AsyncConnection,
    rank: Rank,
    unit: int | None,
    now: datetime,
    expires: datetime,
    uses: int,
    group: str = "",
    author: int | None = None,
) -> str:
    """Make a code of 22 characters from A-Z a-z 0-9 _ -, which a start link can carry."""
    code = secrets.token_urlsafe(CODE_BYTES)
    row = {
        "code_hash": _hashed(code),
        "rank": int(rank),
        "unit": unit,
        "group": group,
        "uses": uses,
        "created_at": now,
        "expires_at": expires,
        "author": author,
        "revoked_at": None,
    }
    await connection.execute(insert(invitations).values(row))
    return code


async def redeem(connection: AsyncConnection, code: str, person: int, now: datetime) -> Invitation | None:
    """Use a code; the rules stand with `People.redeem`."""
    # The hash is looked up, not compared, so the time it takes tells nothing of use about the code.
    statement = select(invitations).where(invitations.c.code_hash == _hashed(code)).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    if row is None or row.expires_at <= now or row.revoked_at is not None:
        return None
    invitation = Invitation(Rank(row.rank), row.unit, row.group)
    used = select(redemptions.c.person).where(redemptions.c.invitation == row.id)
    users = set((await connection.execute(used)).scalars())
    if person in users:
        return invitation
    if len(users) >= row.uses or (invitation.rank is Rank.OWNER and await _has_owner(connection)):
        return None
    found = (await connection.execute(select(people).where(people.c.id == person).with_for_update())).one_or_none()
    if found is None:
        raise Refusal("person.unknown", id=person)
    statement_of_use = insert_into(connection, redemptions).values(invitation=row.id, person=person, redeemed_at=now)
    await connection.execute(statement_of_use)
    if invitation.rank >= found.rank:
        given = granted(invitation.rank, invitation.unit, invitation.group)
        await connection.execute(update(people).where(people.c.id == person).values(given))
    return invitation


async def open_ones(connection: AsyncConnection, now: datetime) -> list[Open]:
    """The invitations that still can be used, newest first; the owner's code is none of them."""
    used = select(func.count()).select_from(redemptions).where(redemptions.c.invitation == invitations.c.id).scalar_subquery()
    live = and_(invitations.c.expires_at > now, invitations.c.revoked_at.is_(None), invitations.c.rank < int(Rank.OWNER))
    statement = select(invitations, used.label("used")).where(live, used < invitations.c.uses).order_by(invitations.c.id.desc())
    return [
        Open(row.id, Rank(row.rank), row.unit, row.group, row.uses, row.used, row.expires_at, row.author)
        for row in await connection.execute(statement)
    ]


async def revoke(connection: AsyncConnection, invitation: int, now: datetime) -> bool:
    """End an invitation; True where it was not ended before."""
    live = and_(invitations.c.id == invitation, invitations.c.revoked_at.is_(None))
    return (await connection.execute(update(invitations).where(live).values(revoked_at=now))).rowcount == 1


async def owner_code(connection: AsyncConnection, now: datetime, expires: datetime) -> str | None:
    """Make the owner's code; the rules stand with `People.owner_code`."""
    if await _has_owner(connection):
        return None
    await connection.execute(delete(invitations).where(invitations.c.rank == int(Rank.OWNER)))
    return await invite(connection, Rank.OWNER, None, now, expires, 1)


async def _has_owner(connection: AsyncConnection) -> bool:
    owners = select(func.count()).select_from(people).where(and_(people.c.rank == int(Rank.OWNER)))
    return bool((await connection.execute(owners)).scalar_one())


def _hashed(code: str) -> str:
    return hashlib.sha256(code.strip().encode("utf-8", "replace")).hexdigest()
