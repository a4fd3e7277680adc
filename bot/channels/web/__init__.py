"""The web page: a messenger in the browser, served inside the bot's own event loop."""

from bot.channels.web.channel import WebChannel as WebChannel
from bot.channels.web.channel import build as build
