"""The front desk: who is it, may they, which room, and an apology where a room fails."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.ask.normal import latin, script_of
from bot.chat import Address, Button, Download, Incoming, MenuEntry, Moved, Page, Place, Reply, Request, Suggestion, plain
from bot.errors import Refusal
from bot.gateway import Gate, cleaned, cleaned_values, shown
from bot.limits import Verdict
from bot.people import Person, Rank
from bot.texts import LANGUAGES, Texts, language_of
from handlers import entrance, numbered
from handlers.find import suggestions
from handlers.room import Command, Room, Rooms, Services, Turn
from storage.values import Expectation

TEXT_LIMIT = 2000
"""Characters; a longer message is no question, and the one who wrote it is told so."""

EXPECTED = timedelta(minutes=15)
"""How long the bot takes somebody's next words for what it asked them for."""

log = logging.getLogger("planbot.desk")


class FrontDesk:
    """The bot's side of `bot.chat.Desk`."""

    def __init__(self, rooms: Sequence[Room], services: Services, texts: Texts) -> None:
        self._rooms = Rooms(tuple(rooms))
        self._services = services
        self._texts = texts
        self._words = self._command_words()
        self._gate = Gate(services.settings.limits)

    def _command_words(self) -> dict[str, str]:
        """Chinese (and other) words that stand for a command, folded to lower case."""
        return {word.lower(): name for name in self._rooms.commands for word in self._texts.words(f"command.{name}.words")}

    @property
    def menu(self) -> Sequence[MenuEntry]:
        """The listed commands with their descriptions, in the order of the rooms."""
        return [
            MenuEntry(
                command.name,
                {language: self._texts.say(language, f"command.{command.name}.line") for language in LANGUAGES},
                int(command.audience.value),
                command.personal,
            )
            for command in self._rooms.commands.values()
            if command.listed
        ]

    async def rank(self, who: Address) -> int:
        """The rank of the person behind a private address; 0 where nobody is known there."""
        async with self._services.store.read() as db:
            person = await db.people.find(who)
        return int(person.rank) if person else 0

    async def answer(self, incoming: Incoming) -> Reply | None:
        """Answer one message or press; silence for what is not addressed to the bot or was delivered before."""
        started = time.perf_counter()
        language = self._fallback_language(incoming)
        try:
            if incoming.group and not incoming.addressed and incoming.action is None:
                return None
            incoming = cleaned(incoming)
            verdict = self._gate.judge(incoming)
            if verdict is not Verdict.PASS and not await self._excused(incoming):
                return await self._slow_down(incoming, language) if verdict is Verdict.TELL else None
            reply = await self._route(incoming)
        except Refusal as refusal:
            return Reply(self._texts.say(language, refusal.key, **refusal.values))
        except Exception:
            log.exception("a room failed")
            return Reply(self._texts.say(language, "desk.apology"))
        log.debug("answered on %s in %.0f ms", incoming.address.channel, (time.perf_counter() - started) * 1000)
        return shown(reply) if reply else None

    async def _excused(self, incoming: Incoming) -> bool:
        """True for a press of an administrator: whoever has to stop a notice must not be kept from it."""
        return (
            incoming.action is not None and await self.rank(Address(incoming.address.channel, incoming.sender)) >= Rank.UNIT_ADMINISTRATOR
        )

    async def _slow_down(self, incoming: Incoming, language: str) -> Reply:
        """Tell somebody once that it was too much."""
        now = self._services.now()
        async with self._services.store.begin() as db:
            person = await db.people.find(Address(incoming.address.channel, incoming.sender))
            await db.audit.record(person.id if person else None, "too fast", incoming.address.channel, now)
        spoken = (person.language if person else "") or language
        return Reply(self._texts.say(spoken, "desk.too_fast"), place=Place.TOAST if incoming.action else Place.NEW)

    async def _refused(self, person: Person | None, action: str, subject: str) -> None:
        """Put a refusal on record, a few a minute of one person."""
        if self._gate.record(person.id if person else None):
            async with self._services.store.begin() as db:
                await db.audit.record(person.id if person else None, action, subject, self._services.now())

    async def suggest(self, text: str, who: Address, limit: int) -> Sequence[Suggestion]:
        """Short answers while somebody types; nothing for guests and for strangers."""
        text = plain(text)
        try:
            if not self._gate.look(who):
                return []
            async with self._services.store.read() as db:
                person = await db.people.find(who)
            if person is None or person.rank < Rank.TEACHER or not text.strip() or len(text) > TEXT_LIMIT:
                return []
            await self._services.refresh()
            language = self._language(person, Incoming(who, who.chat, text))
            turn = Turn(person, Incoming(who, who.chat, text), text, language, self._texts, self._services.now())
            return await asyncio.to_thread(suggestions, turn, self._services, limit)
        except Exception:
            log.exception("suggestions failed")
            return []

    async def open(self, request: Request) -> Page | Download | Moved | None:
        """A page or file by name, behind the same gate as commands; None where there is none or it is not for them.

        What is refused, and a room that fails, is a page that says so in one sentence.
        """
        language = language_of(request.language) or self._services.settings.bot.language
        try:
            keyed = next((room.keyed[request.name] for room in self._rooms.rooms if request.name in room.keyed), None)
            if keyed is not None:
                if not self._gate.look(Address(request.name, request.values.get("key", "")[:64])):
                    raise Refusal("page.too_fast")
                await self._services.refresh()
                return await keyed(request, self._services)
            async with self._services.store.read() as db:
                person = await db.people.find(request.who)
            opener, audience = next((room.pages[request.name] for room in self._rooms.rooms if request.name in room.pages), (None, None))
            if opener is None or audience is None:
                return None
            if person is None or not audience.admits(person.rank):
                await self._refused(person, "denied", f"page:{request.name}")
                return None
            language = person.language or language
            if person.rank < Rank.UNIT_ADMINISTRATOR and not self._gate.look(request.who):
                raise Refusal("page.too_fast")
            request = replace(request, values=cleaned_values(request.values))
            await self._services.refresh()
            incoming = Incoming(request.who, request.who.chat, language=request.language)
            return await opener(Turn(person, incoming, "", language, self._texts, self._services.now()), request, self._services)
        except Refusal as refusal:
            sentence = self._texts.say(language, refusal.key, **refusal.values)
        except Exception:
            log.exception("a page failed")
            sentence = self._texts.say(language, "page.apology")
        return Page(self._texts.say(language, "page.refused"), notice=sentence, refused=True)

    async def enter(self, token: str, who: Address, agent: str) -> int:
        """Log somebody in by a link; a link that is dead goes on record."""
        seconds = await entrance.enter(self._services, token, who, agent)
        if not seconds:
            await self._refused(None, "bad login", who.channel)
        return seconds

    async def attend(self, who: Address) -> bool:
        """Whether a login goes on."""
        return await entrance.attend(self._services, who)

    async def closed(self, address: Address) -> None:
        """Note that an address takes no more messages."""
        async with self._services.store.begin() as db:
            await db.people.close(address, self._services.now(), "channel")

    async def moved(self, old: Address, new: Address) -> None:
        """Note that a conversation has a new id."""
        async with self._services.store.begin() as db:
            await db.people.move(old, new, self._services.now())

    async def _route(self, incoming: Incoming) -> Reply | None:
        met = await self._meet(incoming)
        if met is None:
            return None
        person, expected = met
        now = self._services.now()
        language = await self._spoken(person, incoming, now)
        turn = Turn(person, incoming, "", language, self._texts, now)
        try:
            return await self._enter(turn, expected)
        except Refusal as refusal:
            place = Place.NEW
            if incoming.action is not None and refusal.key == "desk.stale_button":
                known = incoming.action.verb in self._rooms.buttons
                await self._refused(person, "refused press", incoming.action.verb if known else "unknown")
                place = Place.TOAST
            return Reply(turn.say(refusal.key, **refusal.values), place=place)

    async def _enter(self, turn: Turn, expected: Expectation | None) -> Reply | None:
        """The room's answer to somebody who is known; Refusal where there is none for them."""
        incoming, person = turn.incoming, turn.person
        if incoming.unread:
            return None if incoming.group else Reply(turn.say(f"desk.unread_{incoming.unread}"))
        command, args = self._choose(incoming)
        picked = await numbered.picked(turn, self._services, EXPECTED)
        if expected is not None and turn.now - expected.at <= EXPECTED:
            # A press may have been asked for as well: the button under what was read back.
            turn = replace(turn, expected=expected)
            if self._answers(incoming, expected):
                command, args = self._rooms.texts[expected.verb], incoming.text.strip()
            # A list that was shown after words were asked for, or together with that, is what a number is about.
            picked = picked if picked is not None and picked[1] >= expected.at else None
        if picked is not None:
            command, args = self._rooms.buttons.get(picked[0].verb), picked[0].ref
        if len(incoming.text) > TEXT_LIMIT and not (command and command.long):
            raise Refusal("desk.too_long", limit=TEXT_LIMIT)
        if command is None:
            raise Refusal("desk.stale_button" if incoming.action else "desk.no_files" if incoming.files else "desk.unknown_command")
        if not command.audience.admits(person.rank):
            await self._refused(person, "denied", command.name)
            if incoming.files:
                raise Refusal("desk.no_files")
            needed = turn.say(f"rank.{command.audience.value.name.lower()}")
            raise Refusal("desk.denied_rank", rank=needed, mine=turn.say(f"rank.{person.rank.name.lower()}"))
        if incoming.action is None and not incoming.files and not incoming.text.strip():
            return Reply(turn.say("desk.empty"))
        if incoming.group and command.personal:
            link = f"{command.name}_{args}" if incoming.action and args.isalnum() and args.isascii() else command.name
            opening = ((Button(turn.say("desk.private_button")),),)
            return Reply(turn.say("desk.private"), opening, private=True, link=link[:64])
        await self._services.refresh()
        reply = await command.handler(replace(turn, args=args), self._services)
        if reply is not None:
            await numbered.keep(turn, self._services, reply)
        return reply

    async def _meet(self, incoming: Incoming) -> tuple[Person, Expectation | None] | None:
        """The person who speaks and what their words were asked for; None where this delivery was answered before."""
        now = self._services.now()
        who = Address(incoming.address.channel, incoming.sender)
        async with self._services.store.begin() as db:
            if incoming.update and not await db.marks.first(who.channel, incoming.update, now):
                return None
            if incoming.group:
                await db.people.know_group(incoming.address, now)
            if incoming.action is not None and incoming.remote:
                await db.outbox.prove(incoming.address, incoming.remote, now)
            if await db.people.find(who) is None and not self._gate.greet(who.channel):
                raise Refusal("desk.busy")
            known = await db.people.meet(who, incoming.name, incoming.language, now)
            expected = await db.conversations.expected(incoming.address, incoming.sender)
        return known.person, expected

    def _answers(self, incoming: Incoming, expected: Expectation) -> bool:
        """True where words were asked for and these are they: no press and no command; a file only where one may be given."""
        text = incoming.text.strip()
        if incoming.files:
            return expected.verb in self._rooms.texts and self._rooms.texts[expected.verb].files
        plain = incoming.action is None and bool(text) and not text.startswith("/")
        return plain and text.lower() not in self._words and expected.verb in self._rooms.texts

    def _choose(self, incoming: Incoming) -> tuple[Command | None, str]:
        """The command or button meant, with its argument."""
        if incoming.action is not None:
            return self._rooms.buttons.get(incoming.action.verb), incoming.action.ref
        if incoming.files:
            return self._rooms.uploads.get("upload"), incoming.text.strip()
        text = incoming.text.strip()
        if text.startswith("/"):
            head, _, rest = text[1:].partition(" ")
            return self._rooms.commands.get(head.split("@")[0].lower()), rest.strip()
        head, _, rest = text.partition(" ")
        name = self._words.get(text.lower()) or self._words.get(head.lower())
        if name:
            return self._rooms.commands[name], "" if text.lower() in self._words else rest.strip()
        return self._rooms.commands["find"], text

    async def _spoken(self, person: Person, incoming: Incoming, now: datetime) -> str:
        """The language of a turn; a press, and a word that both scripts share, is answered in the script of the question before it."""
        text = incoming.text.strip()
        shared = incoming.action is None and bool(text) and not text.startswith("/") and not latin(text) and not script_of(text)
        if shared or (incoming.action is not None and not person.language):
            async with self._services.store.read() as db:
                subject = await db.conversations.recall(incoming.address, incoming.sender)
            if subject is not None and (not shared or now - subject.at <= EXPECTED):
                return self._language(person, replace(incoming, action=None, text=subject.question))
        return self._language(person, incoming)

    def _language(self, person: Person, incoming: Incoming) -> str:
        """The question's own script first, then the person's choice, then the client's language, then the setting."""
        script = "" if incoming.action or incoming.text.startswith("/") else script_of(incoming.text)
        if script:
            return "zh-Hant" if script == "hant" else "zh-Hans"
        return person.language or self._fallback_language(incoming)

    def _fallback_language(self, incoming: Incoming) -> str:
        return language_of(incoming.language) or self._services.settings.bot.language
