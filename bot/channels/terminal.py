"""A conversation in the terminal: lines in, replies out, buttons by their number."""

import asyncio
import io
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import TextIO

from bot.chat import Abilities, Action, Address, Button, Desk, File, FileRef, Incoming, Outcome, Place, Receipt, Reply
from bot.chat.cut import cut
from bot.errors import Refusal
from bot.limits import Lane

NAME = "terminal"
ABILITIES = Abilities(text_limit=100_000, text_unit="characters", edit=False, recall=False, fetch_limit=0)
LEAVE = ("/quit", "/exit")
READER = "terminal lines"
"""The name of the thread that reads."""


class TerminalChannel:
    """One person at one terminal. `run` ends at the end of the input or at /quit."""

    def __init__(
        self,
        lines: TextIO | None = None,
        out: TextIO | None = None,
        *,
        folder: Path | None = None,
        language: str = "",
        chat: str = "local",
    ) -> None:
        self._lines = lines or sys.stdin
        self._out = out or sys.stdout
        if isinstance(self._lines, io.TextIOWrapper):
            self._lines.reconfigure(errors="replace")
        self._folder = folder or Path()
        """Where files of the bot are saved, never over another."""
        self._language = language
        self._here = Address(NAME, chat)
        self._pressable: tuple[tuple[Action, str], ...] = ()
        """The buttons of the last message that had any, with the id of that message."""
        self._life = secrets.token_hex(4)
        """Sets the messages of this conversation apart from those of an earlier one in the same database."""
        self._numbers = count(1)

    @property
    def name(self) -> str:
        """`terminal`."""
        return NAME

    @property
    def abilities(self) -> Abilities:
        """Long texts and buttons; what is printed stays."""
        return ABILITIES

    async def run(self, desk: Desk) -> None:
        """Answer line after line until the input ends, somebody leaves, or it is cancelled."""
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        # A thread that may stay blocked in a read: as a daemon it holds neither the loop nor the end of the program.
        hand_over = partial(_hand_over, loop, lines)
        threading.Thread(target=_read, args=(self._lines, hand_over), name=READER, daemon=True).start()
        while True:
            self._prompt()
            line = await lines.get()
            said = line.strip()
            if not line or said in LEAVE:
                return
            if not said:
                continue
            number = f"in{self._life}.{next(self._numbers)}"
            incoming = Incoming(self._here, self._here.chat, text=said, language=self._language, remote=number, update=number)
            if said.isascii() and said.isdigit() and len(said) < 4 and 1 <= int(said) <= len(self._pressable):
                action, pressed = self._pressable[int(said) - 1]
                incoming = Incoming(self._here, self._here.chat, action=action, language=self._language, remote=pressed, update=number)
            reply = await desk.answer(incoming)
            if reply is not None:
                self._show(reply)

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        """Print a message the bot starts itself."""
        if to != self._here:
            return Receipt(Outcome.FAILED, detail="nobody of that name at this terminal")
        self._out.write("\n")
        remotes = self._show(message)
        self._prompt()
        return Receipt(Outcome.SENT, remotes)

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """Print the message as it now reads; the old one stays above."""
        return await self.deliver(to, message, "")

    async def recall(self, to: Address, remote: str) -> Receipt:
        """FAILED: what is printed stays."""
        return Receipt(Outcome.FAILED, detail="a terminal takes nothing back")

    async def fetch(self, file: FileRef) -> bytes:
        """Refusal: a terminal sends no files."""
        raise Refusal("channel.file_gone", name=file.name)

    def opening(self, payload: str) -> str:
        """None: a terminal has no links."""
        return ""

    async def governs(self, group: Address, sender: str) -> bool | None:
        """None: a terminal has no groups."""
        return None

    def _show(self, reply: Reply) -> tuple[str, ...]:
        remotes = []
        text = f"({reply.text})" if reply.place is Place.TOAST else reply.text
        for piece in cut(text, ABILITIES.text_limit, ABILITIES.text_unit) or [""]:
            remotes.append(f"out{self._life}.{next(self._numbers)}")
            if piece:
                self._print(piece)
        for file in reply.files:
            self._print(f"[{self._save(file)}]")
        if reply.buttons:
            self._pressable = tuple((button.action, remotes[-1]) for row in reply.buttons for button in row if button.action)
            numbers = count(1)
            for row in reply.buttons:
                self._print("  " + "   ".join(_label(button, numbers) for button in row))
        return tuple(remotes)

    def _save(self, file: File) -> str:
        """Write the file beside the person, under its own name or the next free one; the path."""
        last = file.name.replace("\\", "/").rpartition("/")[2]
        plain = "".join(character for character in last if character.isprintable()).strip(". ") or "file"
        stem, suffix = Path(plain).stem, Path(plain).suffix
        for number in count(1):
            path = self._folder / (plain if number == 1 else f"{stem} ({number}){suffix}")
            try:
                with path.open("xb") as target:
                    target.write(file.data)
            except FileExistsError:
                continue
            except OSError as error:
                return f"{plain}: {error.strerror}"
            return str(path)
        raise AssertionError("the numbers do not end")

    def _print(self, text: str) -> None:
        # What others wrote must not steer the terminal, and a terminal of little script still shows the rest.
        shown = "".join(character for character in text if character in "\n\t" or unicodedata.category(character) != "Cc")
        encoding = self._out.encoding or "utf-8"
        self._out.write(shown.encode(encoding, "replace").decode(encoding) + "\n")
        self._out.flush()

    def _prompt(self) -> None:
        if self._lines.isatty():
            self._out.write("> ")
            self._out.flush()


def _label(button: Button, numbers: "count[int]") -> str:
    return f"[{next(numbers)}] {button.label}" if button.action else f"{button.label}: {button.url}"


def _read(lines: TextIO, hand_over: Callable[[str], bool]) -> None:
    """Read until the input ends or nobody listens any more; the empty text stands for the end."""
    while True:
        try:
            line = lines.readline()
        except (OSError, ValueError):
            line = ""
        if not hand_over(line) or not line:
            return


def _hand_over(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str], line: str) -> bool:
    try:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    except RuntimeError:
        # The loop has ended while the thread was reading.
        return False
    return True
