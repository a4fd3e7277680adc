"""Plan documents in versions: a draft until it is released, and never more than one released version of a plan."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, and_, cast, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.plan.mend import Mend, Result, apply
from bot.plan.model import Document
from bot.plan.plain import dump, load
from bot.plan.script import fold
from bot.plan.succession import found_in, successor
from storage.counting import alone, grow_revision, revision
from storage.mends import mends_of
from storage.tables import plan_versions, plans
from storage.values import Former, Import, PlanState, StoredPlan

# The document as text: it is read in a thread, for a long one takes longer than the event loop may be held.
DOCUMENT = cast(plan_versions.c.document, Text).label("document")
ROWS = select(*(column for column in plan_versions.c if column is not plan_versions.c.document), DOCUMENT)


def read(text: str, mends: Sequence[Mend], version: int) -> tuple[Document, Result]:
    """A document as it is kept, and with its corrections."""
    document = load(json.loads(text))
    return document, apply(document, mends, version)


def identity(document: Document) -> str:
    """What makes two documents versions of one plan: issuer, titles and periods, script and blanks folded; hexadecimal."""
    names = [document.issuer, document.title]
    for plan in document.plans:
        names += [plan.title, plan.period.start.isoformat(), plan.period.end.isoformat()]
    folded = ["".join(fold(name).casefold().split()) for name in names]
    return hashlib.sha256(json.dumps(folded).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan documents, within one transaction."""

    connection: AsyncConnection

    async def store_document(self, document: Document, now: datetime) -> Import:
        """Keep a document as a draft, once.

        Outcomes: `new` plan; `version`, a changed document of a known plan; `same` text and reading as the newest version,
        nothing written; `updated`, the same text read otherwise while the newest version is a draft, which is replaced.
        """
        await alone(self.connection)
        plain = dump(document)
        plan = await self._known(document)
        if plan is None:
            row = {"identity": identity(document), "issuer": document.issuer, "title": document.title, "created_at": now}
            plan = int((await self.connection.execute(insert(plans).values(row).returning(plans.c.id))).scalar_one())
            return await self._add(plan, 1, document, now, "new")
        newest = (await self._versions(plan))[0]
        if newest.digest == document.digest:
            # The file's name is no part of what it says.
            if dump(load(json.loads(newest.document))) | {"name": ""} == plain | {"name": ""}:
                return Import("same", await self.get(plan, newest.version))
            if newest.state == PlanState.DRAFT:
                values = {"document": plain, "imported_at": now}
                await self._set(plan, newest.version, **values)
                await self._rename(plan, document)
                return Import("updated", await self.get(plan, newest.version))
        await self._rename(plan, document)
        return await self._add(plan, newest.version + 1, document, now, "version")

    async def release(self, plan: int, now: datetime, version: int | None = None) -> StoredPlan:
        """Make a version the one that answers; the one before and drafts older than it are superseded.

        Without a version: the newest draft that is newer than the released version, or the newest version of a plan of which
        none is released. Refusal `plan.unknown` or `plan.no_draft`, both with `id`.
        """
        rows = await self._of(plan)
        released = next((row for row in rows if row.state == PlanState.RELEASED), None)
        if version is None:
            drafts = (row for row in rows if row.state == PlanState.DRAFT and (released is None or row.version > released.version))
            chosen = next(drafts, rows[0] if released is None else None)
        else:
            chosen = next((row for row in rows if row.version == version), None)
        if chosen is None:
            raise Refusal("plan.no_draft" if version is None else "plan.unknown", id=plan)
        if chosen is not released:
            for row in rows:
                if row is released:
                    await self._set(plan, row.version, state=PlanState.SUPERSEDED, ended_at=now)
                elif row.state == PlanState.DRAFT and row.version < chosen.version:
                    await self._set(plan, row.version, state=PlanState.SUPERSEDED)
            await self._set(plan, chosen.version, state=PlanState.RELEASED, released_at=now, ended_at=None)
            await grow_revision(self.connection)
        return await self.get(plan, chosen.version)

    async def retire(self, plan: int, now: datetime) -> StoredPlan:
        """Take the released version out of use, or drop the newest draft where none is released; Refusal `plan.unknown`.

        A plan that is retired already stays as it is.
        """
        rows = await self._of(plan)
        wanted = (PlanState.RELEASED, PlanState.DRAFT)
        chosen = next((row for state in wanted for row in rows if row.state == state), rows[0])
        if chosen.state in wanted:
            ended = now if chosen.state == PlanState.RELEASED else None
            await self._set(plan, chosen.version, state=PlanState.RETIRED, ended_at=ended)
            if chosen.state == PlanState.RELEASED:
                await grow_revision(self.connection)
        return await self.get(plan, chosen.version)

    async def rollback(self, plan: int, now: datetime) -> StoredPlan:
        """Put back the version that was released before the present one; Refusal `plan.unknown` or `plan.no_earlier`.

        It keeps the time of its own release, so a second rollback goes one further back and not forth again.
        """
        rows = await self._of(plan)
        released = next((row for row in rows if row.state == PlanState.RELEASED), None)
        earlier = [
            row for row in rows if released and row.state == PlanState.SUPERSEDED and row.released_at and _order(row) < _order(released)
        ]
        if released is None or not earlier:
            raise Refusal("plan.no_earlier", id=plan)
        chosen = max(earlier, key=_order)
        await self._set(plan, released.version, state=PlanState.SUPERSEDED, ended_at=now)
        await self._set(plan, chosen.version, state=PlanState.RELEASED, ended_at=None)
        await grow_revision(self.connection)
        return await self.get(plan, chosen.version)

    async def released(self) -> list[StoredPlan]:
        """The released version of each plan that has one."""
        statement = ROWS.where(plan_versions.c.state == PlanState.RELEASED).order_by(plan_versions.c.plan)
        return await self._stored(list(await self.connection.execute(statement)))

    async def every(self) -> list[StoredPlan]:
        """All versions of all plans, the newest first in each."""
        statement = ROWS.order_by(plan_versions.c.plan, plan_versions.c.version.desc())
        return await self._stored(list(await self.connection.execute(statement)))

    async def begun(self) -> dict[int, datetime]:
        """Since when each plan document that ever was in use answers."""
        first = func.min(plan_versions.c.released_at).label("first")
        rows = await self.connection.execute(select(plan_versions.c.plan, first).group_by(plan_versions.c.plan))
        return {row.plan: row.first for row in rows if row.first is not None}

    async def versions(self, plan: int) -> list[StoredPlan]:
        """All versions of one plan, the newest first; Refusal `plan.unknown` with `id`."""
        return await self._stored(await self._of(plan))

    async def get(self, plan: int, version: int | None = None) -> StoredPlan:
        """That version; without one the released, else the newest. Refusal `plan.unknown` with `id`."""
        rows = await self._of(plan)
        if version is None:
            chosen = [row for row in rows if row.state == PlanState.RELEASED] or rows
        else:
            chosen = [row for row in rows if row.version == version]
        if not chosen:
            raise Refusal("plan.unknown", id=plan)
        return (await self._stored(chosen[:1]))[0]

    async def former(self, reference: str) -> Former | None:
        """Where the measure (or event) of that id stood last while in use, and what took its place; None where it never answered.

        Meant for ids in old buttons and messages that the plans in use do not know any more.
        """
        if not (reference.isascii() and reference.isalnum()):
            return None
        statement = ROWS.where(
            plan_versions.c.state.in_((PlanState.SUPERSEDED, PlanState.RETIRED)),
            plan_versions.c.released_at.is_not(None),
            cast(plan_versions.c.document, Text).like(f'%"{reference}"%'),
        ).order_by(plan_versions.c.ended_at.desc().nulls_last(), plan_versions.c.version.desc())
        for stored in await self._stored(list(await self.connection.execute(statement))):
            held = found_in(stored.document, reference)
            if held is not None:
                now = await self.get(stored.plan)
                current = now if now.state is PlanState.RELEASED else None
                return Former(stored, *held, current, successor(held[1], current.document) if current else None)
        return None

    async def revision(self) -> int:
        """A number that grows whenever answers may change; cheap to read."""
        return await revision(self.connection)

    async def _stored(self, rows: Sequence[Row[Any]]) -> list[StoredPlan]:
        """The rows as values, with the corrections of their plans applied."""
        made = await mends_of(self.connection, [row.plan for row in rows])
        stored = []
        for row in rows:
            mends = made.get(row.plan, [])
            plain, result = await asyncio.to_thread(read, row.document, mends, row.version)
            stored.append(
                StoredPlan(
                    row.plan,
                    row.version,
                    PlanState(row.state),
                    result.document,
                    row.imported_at,
                    row.released_at,
                    row.ended_at,
                    mends=result.applied,
                    gone=result.gone,
                    read=None if result.document is plain else plain,
                    changes=tuple(mends),
                )
            )
        return stored

    async def _known(self, document: Document) -> int | None:
        same_text = select(plan_versions.c.plan).where(plan_versions.c.digest == document.digest)
        same_plan = select(plans.c.id).where(plans.c.identity == identity(document))
        for statement in (same_text.order_by(plan_versions.c.plan.desc()), same_plan.order_by(plans.c.id.desc())):
            found = (await self.connection.execute(statement.limit(1))).scalar_one_or_none()
            if found is not None:
                return int(found)
        return None

    async def _add(self, plan: int, version: int, document: Document, now: datetime, outcome: str) -> Import:
        row = {
            "plan": plan,
            "version": version,
            "state": PlanState.DRAFT,
            "digest": document.digest,
            "document": dump(document),
            "imported_at": now,
        }
        await self.connection.execute(insert(plan_versions).values(row))
        return Import(outcome, await self.get(plan, version))

    async def _rename(self, plan: int, document: Document) -> None:
        values = {"identity": identity(document), "issuer": document.issuer, "title": document.title}
        await self.connection.execute(update(plans).where(plans.c.id == plan).values(values))

    async def _set(self, plan: int, version: int, **values: Any) -> None:
        where = and_(plan_versions.c.plan == plan, plan_versions.c.version == version)
        await self.connection.execute(update(plan_versions).where(where).values(values))

    async def _versions(self, plan: int) -> list[Row[Any]]:
        statement = ROWS.where(plan_versions.c.plan == plan).order_by(plan_versions.c.version.desc())
        return list(await self.connection.execute(statement))

    async def _of(self, plan: int) -> list[Row[Any]]:
        rows = await self._versions(plan)
        if not rows:
            raise Refusal("plan.unknown", id=plan)
        return rows


def _order(row: Row[Any]) -> tuple[datetime, int]:
    return row.released_at, row.version
