"""What a person types to correct a plan, read as values: units with their roles, a time, a rhythm, the days of a plan."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.plan.dates import DateContext, find_dates
from bot.plan.labels import split_names
from bot.plan.model import Basis, DateRole, Owner, Period, Recurrence, Role, Span
from bot.plan.script import fold
from bot.plan.times import recurrence, when

ROLES: Sequence[tuple[str, Role]] = (
    ("牵头|负责|主责|责任|lead", Role.LEAD),
    ("主办|承办|组织|organise", Role.ORGANISE),
    ("配合|协助|协办|support", Role.SUPPORT),
    ("参加|参与|join", Role.JOIN),
    ("督导|督查|督办|监督|supervise", Role.SUPERVISE),
)
"""Words for a role, folded; the first row is what somebody is who is named without one."""
WORD = "|".join(f"(?P<r{at}>{words})" for at, (words, _) in enumerate(ROLES))
BEFORE = re.compile(rf"(?:由)?(?:{WORD})(?:单位|部门|处室|科室|人)?(?:[:是为]\s*|(?=\s))")
AFTER = re.compile(rf"(?:{WORD})(?:单位|部门)?$")
PARTS = re.compile(r"[,;。\n]+|(?<=牵头|负责|主办|承办|组织|配合|协助|协办|参加|参与|督导|督查|督办|监督)、")
NONE = re.compile(r"(?:没有|沒有|未)?(?:写|定|注明)?(?:时间|日期)?|无|没有|不定|none|no date", re.IGNORECASE)


def owners(text: str) -> tuple[Owner, ...]:
    """Units with roles from words such as 教研室牽頭，各校配合 or 配合：各校; who has no word for a role leads."""
    folded = fold(text)
    found: dict[tuple[str, Role], Owner] = {}
    role = Role.LEAD
    at = 0
    for stop in (*(match for match in PARTS.finditer(folded)), None):
        start, end = at, stop.start() if stop else len(folded)
        at = stop.end() if stop else len(folded)
        start += len(folded[start:end]) - len(folded[start:end].lstrip())
        end -= len(folded[start:end]) - len(folded[start:end].rstrip())
        if before := BEFORE.match(folded, start, end):
            role, start = _role(before), before.end()
        elif (after := AFTER.search(folded, start, end)) and after.start() > start:
            role, end = _role(after), after.start()
        start += folded.startswith("由", start, end)
        for name in split_names(text[start:end].strip(" \u3000、"), whole=True):
            found.setdefault((name, role), Owner(name, role, Basis.MENDED))
    return tuple(found.values())


def _role(match: re.Match[str]) -> Role:
    return next(role for at, (_, role) in enumerate(ROLES) if match[f"r{at}"])


def no_date(text: str) -> bool:
    """True for words that say that there is no time (無, 沒有寫時間)."""
    return bool(NONE.fullmatch(fold(text).strip(" 。.")))


def span(text: str, context: DateContext) -> Span | None:
    """The time that the words give, as vague as they are; None where they give none."""
    found = when(text.strip(), context)
    if found is None or (found.start is None and found.end is None):
        return None
    return replace(found, role=DateRole.WHEN) if found.role is DateRole.OBJECT else found


def rhythm(text: str) -> Recurrence | None:
    """The rhythm that the words give (每學期兩次, 每月); None where they give none."""
    return recurrence(text.strip())


def period(text: str, context: DateContext) -> Period | None:
    """The days from the first to the last time that the words give (2026年9月1日至2027年7月10日, 2026學年); None where an end is open."""
    spans = [found.span for found in find_dates(text, context)]
    starts = [one.start for one in spans if one.start]
    ends = [one.end for one in spans if one.end]
    if not starts or not ends or min(starts) > max(ends):
        return None
    return Period(min(starts), max(ends))


def year(text: str) -> int | None:
    """A calendar year (2026, 2026年, 民國115年); None where the words are none or out of reach."""
    match = re.fullmatch(r"(?:民国)?\s*(\d{2,4})\s*(?:年|学年)?", fold(text).strip())
    if not match:
        return None
    number = int(match[1]) + (1911 if len(match[1]) < 4 else 0)
    return number if 1950 <= number <= 2200 else None
