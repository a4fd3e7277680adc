"""Notices from the command line: written and confirmed in one step, and what became of them."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.errors import Refusal
from bot.notice.asks import Wanted
from bot.notice.recipients import Selection, read_selection, write_selection
from bot.plan.moment import read_moment
from handlers.attach import checked
from handlers.checks import check_text, check_times, reaching
from handlers.recipients import choose
from storage.values import Notice, NoticeState


@dataclass(frozen=True, slots=True)
class Told:
    """What would be sent, for the question before it is."""

    people: int
    unreachable: int
    sample: tuple[str, ...]
    leaves: datetime


async def send_notice(
    app: App, to: str, text: str, at: str, ask: Callable[[Told], bool] | None, attach: Sequence[Path] = ()
) -> tuple[Notice, Told] | None:
    """Send `text` to the people of `to`; None where `ask` (None: nobody is asked) said no.

    Without a question nothing can be undone, so it leaves at once. Refusal where the text is empty, the time no time to come, nobody
    who is chosen can be reached or a file of `attach` cannot go with it; BadRecipients for words that choose nobody.
    """
    services, now = app.services, app.services.now()
    if services.settings.notices.approval:
        raise Refusal("approval.in_chat")
    text = check_text(text)
    selection = read_selection(to)
    moment = read_moment(at, now, services.settings.zone) if at else None
    if at and moment is None:
        raise Refusal("notice.no_time")
    check_times(Wanted(), moment, now)
    held = [_read(path) for path in attach]
    async with services.store.read() as db:
        chosen = await choose(db, services, selection)
        if len(chosen.unreachable) == len(chosen.people):
            ways = [f"{write_selection(Selection((one.clause,)))} ({one.count})" for one in await reaching(db, services)]
            raise Refusal("notice.reaches_nobody", to=to, count=len(chosen.people), groups=", ".join(ways) or "-")
    pause = timedelta(seconds=services.settings.notices.undo_seconds if ask else 0)
    told = Told(
        len(chosen.people), len(chosen.unreachable), tuple(person.name for person in chosen.people[:3]), max(now + pause, moment or now)
    )
    if ask is not None and not ask(told):
        return None
    async with services.store.begin() as db:
        draft = await db.notices.draft(None, text, now)
        draft = await db.notices.change(draft, selection=write_selection(selection), at=moment)
        for name, mime, data in held:
            await db.files.attach(draft.id, name, mime, data)
        lasts = timedelta(hours=services.settings.notices.expire_hours)
        sent = await db.notices.confirm(draft, chosen.recipients, told.leaves, now, lasts)
        await db.audit.record(None, "notice send", f"{sent.id} people {told.people}", now)
    return sent, told


def _read(path: Path) -> tuple[str, str, bytes]:
    """A file's name, media type and bytes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal("notice.unreadable", path=path, why=error.strerror or type(error).__name__) from None
    return path.name, *checked(path.name, mimetypes.guess_type(path.name)[0] or "", data)


async def report_notice(app: App, number: int) -> dict[str, Any]:
    """What became of a notice, in numbers and for each person; Refusal `notice.unknown` with `id`."""
    async with app.services.store.read() as db:
        notice = await db.notices.get(number)
        if notice is None or notice.state is NoticeState.DRAFT:
            raise Refusal("notice.unknown", id=number)
        people = await db.notices.people(number)
        names = {person.id: person.name for person in await db.people.every()}
    units = {unit.id: unit.name for unit in app.services.register().units}
    rows = [
        {
            "person": row.person,
            "name": names.get(row.person, ""),
            "unit": units.get(row.unit or 0, ""),
            "state": row.state.value if row.state else "unreachable",
            "detail": row.detail,
            "answer": row.answer,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in people
    ]
    states: dict[str, int] = {}
    for row in rows:
        states[str(row["state"])] = states.get(str(row["state"]), 0) + 1
    return {
        "notice": notice.id,
        "state": notice.state.value,
        "text": notice.text,
        "to": notice.selection,
        "people": len(rows),
        "states": states,
        "answered": sum(row["answered_at"] is not None for row in rows),
        "rows": rows,
    }


async def list_notices(app: App) -> list[dict[str, Any]]:
    """The newest notices first: id, state, whom for, when confirmed, the beginning of the text."""
    async with app.services.store.read() as db:
        found = await db.notices.every()
    return [
        {
            "notice": notice.id,
            "state": notice.state.value,
            "to": notice.selection,
            "confirmed_at": notice.confirmed_at.isoformat() if notice.confirmed_at else None,
            "text": notice.text,
        }
        for notice in found
    ]
