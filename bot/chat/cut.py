"""Pure: a text too long for one message becomes several, cut where a reader would pause."""

import unicodedata
from collections.abc import Iterator

WIDEST = 4
"""The most that one character can measure: four bytes of UTF-8."""
STOPS = "。！？；!?;…"
CLOSERS = "」』”’）)》〉】]"
LATIN_STOPS = ".!?;"
LEAST_FILL = 4
"""A pause is used where the piece before it fills at least a quarter of the limit, so a text never crumbles into one-line pieces."""
JOINER = "\u200d"


def measure(text: str, unit: str) -> int:
    """The length of `text` in `unit`: `utf16` code units, `bytes` of UTF-8 or `characters`; ValueError for another unit."""
    if unit == "characters":
        return len(text)
    if unit == "utf16":
        return len(text) + sum(character > "\uffff" for character in text)
    if unit == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    raise ValueError(f"no unit of text length: {unit}")


def cut(text: str, limit: int, unit: str) -> list[str]:
    """Cut `text` into pieces that each measure at most `limit` in `unit`, in order.

    A text that fits is one piece, unchanged; a blank one is none. Cuts fall at line ends, else after sentences, else anywhere
    but inside what is seen as one character (a base with its marks, a joined emoji, a flag). No character is lost but the blank
    ones at a cut, which the gap between two messages stands for. ValueError for a limit below the widest character.
    """
    if limit < WIDEST:
        raise ValueError(f"a piece must hold at least {WIDEST} {unit}, not {limit}")
    if not text.strip():
        return []
    pieces: list[str] = []
    rest = text
    while measure(rest, unit) > limit:
        window = _fitting(rest, limit, unit)
        end = _pause(rest, window)
        piece = rest[:end].rstrip("\r\n")
        if piece.strip():
            pieces.append(piece)
        rest = rest[end:].lstrip("\r\n")
    if rest.strip():
        pieces.append(rest)
    return pieces


def _fitting(text: str, limit: int, unit: str) -> int:
    """How many characters from the start measure at most `limit`, `text` being longer than that."""
    used = 0
    for index, character in enumerate(text):
        used += measure(character, unit)
        if used > limit:
            return index
    return len(text)


def _pause(text: str, window: int) -> int:
    """The best place to cut at or before `window`, at least 1."""
    least = window // LEAST_FILL
    for places in (_line_ends, _sentence_ends, _spaces):
        for end in places(text, window):
            if end > least and _whole(text, end):
                return end
    return next((end for end in range(window, 0, -1) if _whole(text, end)), window)


def _line_ends(text: str, window: int) -> Iterator[int]:
    end = window
    # A line end just past the window costs nothing: blank characters at a cut are dropped.
    if text[window : window + 1] in ("\r", "\n"):
        yield window
    while (newline := text.rfind("\n", 0, end)) >= 0:
        yield newline + 1
        end = newline


def _sentence_ends(text: str, window: int) -> Iterator[int]:
    for end in range(window, 0, -1):
        following = text[end : end + 1]
        if following and following in STOPS + CLOSERS:
            continue
        last = end - 1
        while last > 0 and text[last] in CLOSERS:
            last -= 1
        if text[last] in STOPS or (text[last] in LATIN_STOPS and following.isspace()):
            yield end


def _spaces(text: str, window: int) -> Iterator[int]:
    for end in range(window, 0, -1):
        if text[end - 1].isspace() or text[end - 1] in "，、：,":
            yield end


def _whole(text: str, end: int) -> bool:
    """True where a cut before `text[end]` leaves every visible character whole."""
    if end >= len(text):
        return True
    before, after = text[end - 1], text[end]
    if after == JOINER or before == JOINER or (before == "\r" and after == "\n"):
        return False
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return False
    if _flag_letter(before) and _flag_letter(after):
        run = end
        while run > 0 and _flag_letter(text[run - 1]):
            run -= 1
        return (end - run) % 2 == 0
    return True


def _flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
