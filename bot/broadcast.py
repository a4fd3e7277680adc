"""Notices from the command line: written and confirmed in one step, and what became of them."""

import mimetypes
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.chat import Address
from bot.errors import Refusal
from bot.notice.asks import Ask, Wanted, asking
from bot.notice.recipients import Selection, read_selection, write_selection
from bot.notice.rhythm import unpack
from bot.people import Person, Rank
from handlers.attach import checked
from handlers.checks import Ready, check_text, reaching, ready
from handlers.departure import Departure, leaving, read_departure, read_end, rhythm_words
from handlers.dispatch import confirm
from handlers.room import Services, Turn, unasked
from handlers.series import close
from storage.store import Transaction
from storage.values import Notice, NoticeState


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent, in the words of the command line."""

    to: str = ""
    text: str = ""
    at: str = ""
    ask: str = ""
    """One of `Ask`; nothing is asked without it."""
    options: str = ""
    until: str = ""
    template: str = ""
    """The name of a template, whose text, ask and readers stand for those not given here."""
    attach: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What would be sent, for the question before it is."""

    people: int
    unreachable: int
    sample: tuple[str, ...]
    leaves: datetime
    every: str = ""
    """The rhythm in words, of a notice of every term."""


async def send_notice(app: App, order: Order, sure: Callable[[Told], bool] | None) -> tuple[Notice, Told] | None:
    """Send a notice; None where `sure` (None: nobody is asked) said no.

    Without a question nothing can be undone, so it leaves at once. Refusal for what the page and the chat refuse, and for a file of
    `attach` that cannot go with it; BadRecipients for words that choose nobody.
    """
    services, now = app.services, app.services.now()
    if services.settings.notices.approval:
        raise Refusal("approval.in_chat")
    turn = unasked(Person(0, Rank.OWNER), Address("", ""), services, now)
    held = [_read(path) for path in order.attach]
    async with services.store.read() as db:
        draft = await _drafted(db, services, order, now)
        found = await _ready(turn, services, db, draft, order.to)
    pause = timedelta(seconds=services.settings.notices.undo_seconds if sure else 0)
    people = found.chosen.people
    every = rhythm_words(turn, unpack(draft.every)) if draft.every else ""
    told = Told(
        len(people), len(found.chosen.unreachable), tuple(person.name for person in people[:3]), max(now + pause, found.leaves), every
    )
    if sure is not None and not sure(told):
        return None
    async with services.store.begin() as db:
        kept = await db.notices.draft(None, draft.text, now)
        kept = await db.notices.change(kept, selection=draft.selection, wanted=draft.wanted, **leaving(draft).change)
        for name, mime, data in held:
            await db.files.attach(kept.id, name, mime, data)
        again = await _ready(turn, services, db, kept, order.to)
        if again.count != found.count:
            raise Refusal("notice.recounted", then=found.count, now=again.count)
        sent = await confirm(services, db, again, pause, None, now)
    return sent, told


async def _drafted(db: Transaction, services: Services, order: Order, now: datetime) -> Notice:
    """What is ordered as a draft that is not kept yet."""
    text, selection, wanted = order.text, order.to, Wanted()
    if order.template:
        template = await db.templates.named(order.template)
        if template is None:
            names = [one.name for one in await db.templates.every()]
            raise Refusal("template.unknown", name=order.template, names=", ".join(names) or "-")
        text, selection, wanted = text or template.text, selection or template.selection, template.wanted
    if order.ask:
        if order.ask not in {ask.value for ask in Ask}:
            raise Refusal("notice.unknown_ask", ask=order.ask, known=", ".join(Ask))
        wanted = asking(Ask(order.ask), order.options)
    departure = read_departure(order.at, Wanted(), now, services) if order.at else Departure()
    if order.until:
        if wanted.ask is Ask.NOTHING:
            raise Refusal("notice.nothing_asked")
        wanted = replace(wanted, until=read_end(order.until, departure, now, services))
    written = write_selection(read_selection(selection))
    return Notice(0, None, NoticeState.DRAFT, 0, check_text(text), written, wanted, departure.at, 0, None, now, None, every=departure.every)


async def _ready(turn: Turn, services: Services, db: Transaction, draft: Notice, to: str) -> Ready:
    """The draft where it may leave; one that reaches nobody is refused with what would reach somebody, as `--to` takes it."""
    try:
        return await ready(turn, services, db, draft)
    except Refusal as refusal:
        if refusal.key not in ("notice.nobody", "notice.nobody_reached"):
            raise
        ways = [f"{write_selection(Selection((one.clause,)))} ({one.count})" for one in await reaching(db, services)]
        count = refusal.values.get("count", 0)
        raise Refusal("notice.reaches_nobody", to=to or draft.selection, count=count, groups=", ".join(ways) or "-") from None


def _read(path: Path) -> tuple[str, str, bytes]:
    """A file's name, media type and bytes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal("notice.unreadable", path=path, why=error.strerror or type(error).__name__) from None
    return path.name, *checked(path.name, mimetypes.guess_type(path.name)[0] or "", data)


async def end_series(app: App, number: int) -> int:
    """Let a notice of every term go out no more; returns how many planned terms that drops. Refusal `series.unknown` with `id`."""
    async with app.services.store.begin() as db:
        notice = await db.notices.get(number)
        if notice is None or notice.state is not NoticeState.SERIES:
            raise Refusal("series.unknown", id=number)
        return await close(db, notice, None, app.services.now())


async def report_notice(app: App, number: int) -> dict[str, Any]:
    """What became of a notice, in numbers and for each person; Refusal `notice.unknown` with `id`."""
    async with app.services.store.read() as db:
        notice = await db.notices.get(number)
        if notice is None or not notice.state.out:
            raise Refusal("notice.unknown", id=number)
        people = await db.notices.people(number)
        names = {person.id: person.name for person in await db.people.every()}
    rows = [
        {
            "person": row.person,
            "name": names.get(row.person, ""),
            "unit": app.services.register().name(row.unit),
            "state": row.state.value if row.state else "unreachable",
            "detail": row.detail,
            "answer": row.answer,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in people
    ]
    return {
        "notice": notice.id,
        "state": notice.state.value,
        "text": notice.text,
        "to": notice.selection,
        "people": len(rows),
        "states": dict(Counter(row["state"] for row in rows)),
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
