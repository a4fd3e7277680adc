"""Command menus: what stands behind the menu button, by kind of chat, by language and by rank."""

from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.chat import MenuEntry

CODES = {"": "zh-Hant", "zh": "zh-Hans", "en": "en"}
"""Telegram's language code -> catalogue; its codes have two letters, so one `zh` serves both scripts."""


def commands(menu: Sequence[MenuEntry], language: str, rank: int, group: bool = False) -> list[BotCommand]:
    """The commands for people of `rank` in one language; personal ones are left out of groups."""
    return [
        BotCommand(entry.command, entry.descriptions[language]) for entry in menu if entry.rank <= rank and not (group and entry.personal)
    ]


async def publish(bot: Bot, menu: Sequence[MenuEntry]) -> int:
    """Set the menus of private chats and groups in every language; returns how many requests that took."""
    sent = 0
    for code, language in CODES.items():
        for scope, group in ((BotCommandScopeAllPrivateChats(), False), (BotCommandScopeAllGroupChats(), True)):
            await bot.set_my_commands(commands(menu, language, 0, group), scope=scope, language_code=code or None)
            sent += 1
    return sent


async def publish_for(bot: Bot, menu: Sequence[MenuEntry], chat: int, rank: int) -> None:
    """Set the menu of one private chat to what its person's rank allows."""
    for code, language in CODES.items():
        await bot.set_my_commands(commands(menu, language, rank), scope=BotCommandScopeChat(chat), language_code=code or None)
