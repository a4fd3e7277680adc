"""The gate before the desk: how much may come in, and text that shows what it holds, both ways."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import settings
from bot.chat import Address, Incoming, Reply, plain
from bot.limits import Quota, Verdict

NAME_LENGTH = 120
"""Characters of how a channel calls somebody; Telegram's own limit is 64 for each of two names."""
RECORDED_MINUTE = 5
"""Refusals of one person that the audit trail takes in a minute: it keeps every row for ever."""


class Gate:
    """What has come in lately, by person, group and channel; times are a monotonic clock's."""

    def __init__(self, limits: settings.Incoming, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._messages = Quota(limits.messages_minute)
        self._presses = Quota(limits.presses_minute)
        self._groups = Quota(limits.group_minute)
        self._strangers = Quota(limits.strangers_minute)
        self._records = Quota(RECORDED_MINUTE)

    def judge(self, incoming: Incoming) -> Verdict:
        """Whether a message or press is too much of its sender, or of its group; a crowd may press in a group as it likes."""
        sender, now = f"{incoming.address.channel}:{incoming.sender}", self._clock()
        if incoming.action is not None:
            return self._presses.judge(sender, now)
        verdict = self._messages.judge(sender, now)
        if verdict is Verdict.PASS and incoming.group:
            verdict = self._groups.judge(f"{incoming.address.channel}:{incoming.address.chat}", now)
        return verdict

    def look(self, who: Address) -> bool:
        """Whether somebody may open one more page, or be offered answers while they type."""
        return self._presses.judge(f"{who.channel}:{who.chat}", self._clock()) is Verdict.PASS

    def greet(self, channel: str) -> bool:
        """Whether one more stranger of a channel may become known now."""
        return self._strangers.judge(channel, self._clock()) is Verdict.PASS

    def record(self, person: int | None) -> bool:
        """Whether one more refusal of a person goes into the audit trail."""
        return self._records.judge(str(person), self._clock()) is Verdict.PASS


def cleaned(incoming: Incoming) -> Incoming:
    """What came in as plain text: words, names of people and of files."""
    files = tuple(replace(file, name=plain(file.name)) for file in incoming.files)
    return replace(incoming, text=plain(incoming.text), name=plain(incoming.name).strip()[:NAME_LENGTH], files=files)


def cleaned_values(values: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form or query as plain text."""
    return {plain(name): plain(value) for name, value in values.items()}


def shown(reply: Reply) -> Reply:
    """What goes out as plain text, whatever a document, a name or a stranger's words put into it."""
    rows = tuple(tuple(replace(button, label=plain(button.label)) for button in row) for row in reply.buttons)
    return replace(reply, text=plain(reply.text), buttons=rows)
