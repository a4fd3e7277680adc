"""Files that visitors sent and the bot sends, held in memory up to a total size, the oldest let go first."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

TOTAL_BYTES = 200_000_000
OWN_BYTES = 60_000_000
"""What one browser may have sent of that: who sends more lets go of their own files, not of others'."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Held:
    """One file."""

    name: str
    mime: str
    data: bytes
    owner: str = ""
    """The browser that sent it; empty for a file of the bot."""


class Shelf:
    """Files by a random id of 128 bits."""

    def __init__(self, total: int = TOTAL_BYTES) -> None:
        self._total = total
        self._used = 0
        self._files: OrderedDict[str, Held] = OrderedDict()

    def put(self, name: str, mime: str, data: bytes, owner: str = "") -> str:
        """Keep a file and return its id."""
        identity = secrets.token_hex(16)
        self._files[identity] = Held(name, mime, data, owner)
        self._used += len(data)
        own = [one for one, held in self._files.items() if owner and held.owner == owner]
        theirs = sum(len(self._files[one].data) for one in own)
        for one in own[:-1]:
            if theirs <= OWN_BYTES:
                break
            theirs -= len(self._files[one].data)
            self._let_go(one)
        while len(self._files) > 1 and self._used > self._total:
            self._let_go(next(iter(self._files)))
        return identity

    def _let_go(self, identity: str) -> None:
        self._used -= len(self._files.pop(identity).data)

    def get(self, identity: str) -> Held | None:
        """The file, or None where it was never here or is here no more."""
        return self._files.get(identity)


def file_answer(name: str, mime: str, data: bytes) -> Response:
    """A file as an answer: kept by no cache, and with no right to run anything."""
    # Only pictures that cannot carry a script are opened in place; all else is saved.
    shown = mime in PICTURES
    return Response(
        data,
        media_type=mime if shown else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=utf-8''{quote(name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "no-store",
        },
    )
