"""What people can do: one room a file, listed here in the order of the help page."""

from handlers import agenda, find, follow, help, mine, start
from handlers.room import Room

ROOMS: tuple[Room, ...] = (find.room, agenda.room, mine.room, follow.room, start.room, help.room)
