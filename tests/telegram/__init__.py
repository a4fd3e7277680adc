"""A Telegram of our own: a server that speaks the Bot API to an unmodified bot, for tests and by hand (`python -m tests.telegram`)."""

from tests.telegram.faults import Fault as Fault
from tests.telegram.limits import Limits as Limits
from tests.telegram.people import Group as Group
from tests.telegram.people import Offers as Offers
from tests.telegram.people import Toast as Toast
from tests.telegram.people import User as User
from tests.telegram.server import Call as Call
from tests.telegram.server import TelegramServer as TelegramServer
from tests.telegram.world import Message as Message
