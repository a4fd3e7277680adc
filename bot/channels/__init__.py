"""The channels by name; a channel's library is imported only when the channel is switched on."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.chat import Channel
from bot.limits import Limits, Pace
from bot.settings import Settings
from bot.texts import Texts

Builder = Callable[[Settings, Texts], "tuple[Channel, Pace] | None"]
"""From the configuration to the channel and its pace; None where the configuration leaves it off."""


def web(settings: Settings, texts: Texts) -> tuple[Channel, Pace] | None:
    """The page; no limit of rate, for it is our own."""
    if not settings.channels.web.enabled:
        return None
    from bot.channels.web import build

    pace = Pace(Limits(per_second=0, per_chat_second=0, per_group_minute=0))
    return build(settings.channels.web, texts, pace), pace


def telegram(settings: Settings, texts: Texts) -> tuple[Channel, Pace] | None:
    """Telegram, switched on by a token."""
    table = settings.channels.telegram
    if not table.token:
        return None
    from bot.channels.telegram import build

    limits = table.limits
    pace = Pace(Limits(limits.per_second, limits.per_chat_second, per_group_minute=limits.per_group_minute, reserve=limits.reserve))
    return build(table, pace), pace


BUILDERS: Mapping[str, Builder] = MappingProxyType({"web": web, "telegram": telegram})
"""One line a channel; the contract test takes its cases from here."""
