"""The configuration: its tables as values, and reading TOML and environment into them."""

from bot.settings.loading import every_key as every_key
from bot.settings.loading import load_settings as load_settings
from bot.settings.tables import Ask as Ask
from bot.settings.tables import Board as Board
from bot.settings.tables import Bot as Bot
from bot.settings.tables import Calendar as Calendar
from bot.settings.tables import Channels as Channels
from bot.settings.tables import Database as Database
from bot.settings.tables import Escalation as Escalation
from bot.settings.tables import Incoming as Incoming
from bot.settings.tables import Intake as Intake
from bot.settings.tables import Notices as Notices
from bot.settings.tables import Privacy as Privacy
from bot.settings.tables import Reminders as Reminders
from bot.settings.tables import Sender as Sender
from bot.settings.tables import Settings as Settings
from bot.settings.tables import Telegram as Telegram
from bot.settings.tables import TelegramLimits as TelegramLimits
from bot.settings.tables import Web as Web
