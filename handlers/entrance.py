"""Coming in by the web page: a link that logs in once, the browsers that are logged in, and what somebody asked before."""

from datetime import timedelta
from urllib.parse import urlencode

from bot.chat import Action, Address, Badge, Block, Button, Form, Link, Moved, Page, Reply, Request, Table, Tone, hidden
from bot.errors import Refusal
from handlers.receipt import local
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import rank_words
from storage.sessions import NOTED, Session

LINK_LASTS = timedelta(minutes=10)
SHOWN = 50
"""Questions of one's own on the page."""
ROW = 3

room = Room("entrance")


@room.command("web", personal=True)
async def web(turn: Turn, services: Services) -> Reply:
    """A link to the page that logs the asker in once, and the browsers where they are logged in, each with a button to end it."""
    home = services.settings.channels.web.public_url.rstrip("/")
    if not home:
        return Reply(turn.say("login.no_page"))
    if services.pages(turn.incoming.address.channel) and not await _logged_in(turn, services):
        return Reply(turn.say("login.how"))
    async with services.store.begin() as db:
        token = await db.sessions.link(turn.person.id, turn.now, turn.now + LINK_LASTS)
        sessions = await db.sessions.of(turn.person.id, turn.now)
        await db.audit.record(turn.person.id, "login link", "", turn.now)
    text = turn.say("login.link", minutes=LINK_LASTS // timedelta(minutes=1))
    link = Button(turn.say("login.open"), url=f"{home}/page/login?{urlencode({'key': token})}")
    return Reply("\n\n".join([text, *_listed(turn, services, sessions)]), ((link,), *_endings(turn, sessions)))


async def _logged_in(turn: Turn, services: Services) -> bool:
    """Whether the page that asks is itself logged in; a visitor of the page is nobody whose name a link could open."""
    async with services.store.read() as db:
        return await db.sessions.current(turn.incoming.address, turn.now) is not None


def _listed(turn: Turn, services: Services, sessions: list[Session]) -> list[str]:
    if not sessions:
        return []
    rows = [turn.say("login.sessions", count=len(sessions))]
    for number, session in enumerate(sessions, 1):
        here = session.address == turn.incoming.address
        rows.append(
            turn.say(
                "login.row_here" if here else "login.row",
                number=number,
                agent=session.agent or turn.say("login.unknown_agent"),
                begun=local(services, session.begun),
                seen=local(services, session.seen),
            )
        )
    return ["\n".join(rows)]


def _endings(turn: Turn, sessions: list[Session]) -> tuple[tuple[Button, ...], ...]:
    keys = [Button(turn.say("login.end_number", number=number), Action("web_end", str(one.id))) for number, one in enumerate(sessions, 1)]
    rows = [tuple(keys[at : at + ROW]) for at in range(0, len(keys), ROW)]
    if len(sessions) > 1:
        rows.append((Button(turn.say("login.end_all"), Action("web_end", "all")),))
    return tuple(rows)


@room.button("web_end", personal=True)
async def ended(turn: Turn, services: Services) -> Reply:
    """One of the asker's logins, or all of them, is over at once."""
    async with services.store.begin() as db:
        sessions = await db.sessions.of(turn.person.id, turn.now)
        chosen = [one for one in sessions if turn.args in ("all", str(one.id))]
        for one in chosen:
            await db.sessions.end(turn.person.id, one.id)
            await db.audit.record(turn.person.id, "logged out", str(one.id), turn.now)
    if not chosen:
        raise Refusal("desk.stale_button")
    return Reply(turn.say("login.ended_all" if turn.args == "all" else "login.ended", count=len(chosen)))


@room.page("sessions", Audience.EVERYONE)
async def sessions_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """Where one is logged in, with a form to end each login."""
    if request.posted:
        async with services.store.begin() as db:
            number = request.values.get("session", "")
            known = [one.id for one in await db.sessions.of(turn.person.id, turn.now) if str(one.id) == number]
            if not known or not await db.sessions.end(turn.person.id, known[0]):
                raise Refusal("desk.stale_button")
            await db.audit.record(turn.person.id, "logged out", number, turn.now)
        return Moved("sessions")
    async with services.store.read() as db:
        sessions = await db.sessions.of(turn.person.id, turn.now)
    if all(one.address != request.who for one in sessions):
        return Page(turn.say("login.page"), (Block(text=turn.say("login.guest")), Block(text=turn.say("login.how"))))
    rank = rank_words(turn, turn.person.rank)
    blocks = [Block(text=turn.say("login.who", rank=rank), links=(Link(turn.say("login.history"), "history"),))]
    for one in sessions:
        facts = (
            (turn.say("login.begun"), local(services, one.begun), None),
            (turn.say("login.seen"), local(services, one.seen), None),
            (turn.say("login.expires"), local(services, one.expires), None),
        )
        form = Form("sessions", turn.say("login.end"), hidden(session=one.id))
        badges = (Badge(turn.say("login.here"), Tone.GOOD),) if one.address == request.who else ()
        blocks.append(Block(one.agent or turn.say("login.unknown_agent"), badges=badges, facts=facts, forms=(form,), card=True))
    return Page(turn.say("login.page"), tuple(blocks))


@room.page("history", Audience.EVERYONE)
async def history_page(turn: Turn, request: Request, services: Services) -> Page:
    """What the asker asked lately, on whichever channel; nobody else's."""
    async with services.store.read() as db:
        asked = await db.questions.of(turn.person.id, SHOWN)
    trail = (Link(turn.say("login.page"), "sessions"),)
    if not asked:
        return Page(turn.say("login.history_page"), (Block(text=turn.say("login.history_none")),), trail=trail)
    head = tuple(turn.say(f"login.history_{name}") for name in ("time", "question", "status"))
    rows = tuple((local(services, one.at), one.question, turn.say(f"login.status_{one.status}")) for one in asked)
    block = Block(text=turn.say("login.history_how", count=len(asked)), table=Table(head, rows))
    return Page(turn.say("login.history_page"), (block,), trail=trail)


async def enter(services: Services, token: str, who: Address, agent: str) -> int:
    """Use up a login link for a new address; seconds until that login ends at the latest, 0 where the link is dead."""
    now, table = services.now(), services.settings.channels.web
    longest = timedelta(days=table.session_days)
    async with services.store.begin() as db:
        person = await db.sessions.redeem(token, who, agent, now, timedelta(hours=table.idle_hours), longest)
        if person is None:
            return 0
        await db.audit.record(person, "logged in", who.channel, now)
    return int(longest.total_seconds())


async def attend(services: Services, who: Address) -> bool:
    """Whether a login goes on; its use is written down once a minute, and one that is over ends here."""
    now, idle = services.now(), timedelta(hours=services.settings.channels.web.idle_hours)
    async with services.store.read() as db:
        session = await db.sessions.current(who, now)
    if session is not None and now - session.seen < NOTED:
        return True
    async with services.store.begin() as db:
        if session is None:
            await db.sessions.end_over(now)
        else:
            await db.sessions.note(session, now, idle)
    return session is not None
