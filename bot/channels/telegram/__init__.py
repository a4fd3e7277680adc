"""The native Telegram channel: plain python-telegram-bot inside the bot's own event loop."""

import os

# Since 22.2 python-telegram-bot gives times as `timedelta` only where asked to, and warns of deprecation at every 429 otherwise.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.channels.telegram.channel import TelegramChannel as TelegramChannel
from bot.channels.telegram.channel import build as build
