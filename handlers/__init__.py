"""What people can do: one room a file, listed here in the order of the help page."""

from handlers import (
    agenda,
    compare,
    curated,
    export,
    find,
    follow,
    help,
    live,
    mine,
    more,
    notice,
    opinion,
    receipt,
    report,
    start,
    synonyms,
    unanswered,
    usage,
)
from handlers.room import Room

ROOMS: tuple[Room, ...] = (
    find.room,
    more.room,
    opinion.room,
    agenda.room,
    mine.room,
    follow.room,
    compare.room,
    export.room,
    notice.room,
    report.room,
    receipt.room,
    live.room,
    unanswered.room,
    curated.room,
    synonyms.room,
    usage.room,
    start.room,
    help.room,
)
