"""Pure: the language between channels and the bot."""

from bot.chat.channel import Channel as Channel
from bot.chat.channel import Desk as Desk
from bot.chat.talk import Abilities as Abilities
from bot.chat.talk import Action as Action
from bot.chat.talk import Address as Address
from bot.chat.talk import Block as Block
from bot.chat.talk import Button as Button
from bot.chat.talk import Download as Download
from bot.chat.talk import File as File
from bot.chat.talk import FileRef as FileRef
from bot.chat.talk import Incoming as Incoming
from bot.chat.talk import MenuEntry as MenuEntry
from bot.chat.talk import Outcome as Outcome
from bot.chat.talk import Page as Page
from bot.chat.talk import Place as Place
from bot.chat.talk import Receipt as Receipt
from bot.chat.talk import Reply as Reply
from bot.chat.talk import Request as Request
from bot.chat.talk import Suggestion as Suggestion
from bot.chat.talk import Table as Table
