"""What the forms of school time mean: terms and school years, their beginnings and ends, breaks."""

import re
from datetime import date, timedelta

from bot.plan.model import Precision
from bot.plan.periods import DateContext, number
from bot.plan.readings import OFFSETS, Days, year_of

EDGE = timedelta(days=20)
"""How far the beginning and the end of a term or school year reach (學期初, 學期末)."""


def a_term(match: re.Match[str], context: DateContext) -> Days | None:
    """A term or a school year: by its year, or as this, next and last; its beginning or its end."""
    part, calendar = match.groupdict(), context.calendar
    began = calendar.school_year(context.period.start)
    if named := part.get("s") or part.get("cs"):
        began = number(named) + (1911 if len(named) < 4 else 0)
    elif year := year_of(match, context):
        began = year - ("春" in match[0])
    which, term = part.get("which") or "", part.get("term") or ""
    if "学年" in match[0] and not term:
        span = calendar.year_span(began + OFFSETS.get(which, 0))
        return edge(*span, part.get("t")) or (*span, Precision.SCHOOLYEAR)
    spring = "春" in term or "二" in term or "2" in term or term[:1] == "下"
    if which or not term:
        here = context.term
        if here is None and not which:
            return None
        first = here[0] if here else context.period.start
        began = calendar.school_year(first)
        spring = first > calendar.autumn_term(began)[1]
        if step := OFFSETS.get(which, 0):
            began += {(1, True): 1, (-1, False): -1}.get((step, spring), 0)
            spring = not spring
    start, end = calendar.spring_term(began) if spring else calendar.autumn_term(began)
    return edge(start, end, part.get("t")) or (start, end, Precision.TERM)


def edge(start: date, end: date, tail: str | None) -> Days | None:
    """The beginning or the end of a term or school year, None where the words name no edge of it."""
    if tail == "开学":
        return start, start, Precision.UNKNOWN
    if tail in ("初", "开学初"):
        return start, start + EDGE, Precision.UNKNOWN
    if tail in ("末", "结束", "底", "期末"):
        return end - EDGE, end, Precision.UNKNOWN
    if tail in ("中", "中期", "期中"):
        middle = start + (end - start) / 2
        return middle - EDGE / 2, middle + EDGE / 2, Precision.UNKNOWN
    return None


def edge_of_term(match: re.Match[str], context: DateContext) -> Days | None:
    """期初, 期中 and 期末 without the word for the term."""
    term = context.term
    return edge(*term, match["t"].removeprefix("期")) if term else None


def both_terms(match: re.Match[str], context: DateContext) -> Days:
    """The first and the second term: the school year of the plan."""
    return (*context.calendar.year_span(context.calendar.school_year(context.period.start)), Precision.SCHOOLYEAR)


def a_closing(match: re.Match[str], context: DateContext) -> Days | None:
    """The first day after the term (放假)."""
    term = context.term
    day = term[1] + timedelta(days=1) if term else None
    return (day, day, Precision.DAY) if day else None


def an_opening(match: re.Match[str], context: DateContext) -> Days | None:
    """When school begins again (開學初, 開學後兩周內): by the term the plan is for, else by its school year."""
    term = context.term
    if term is None and (context.period.start.month, context.period.start.day) == (1, 1):
        return None
    first = term[0] if term else context.calendar.autumn_term(context.calendar.school_year(context.period.start))[0]
    if match.groupdict().get("n"):
        count = number(match["n"].replace("两", "二")) * {"天": 1, "日": 1, "月": 30}.get(match["unit"], 7)
        return first, first + timedelta(days=count - 1), Precision.UNKNOWN
    if match.groupdict().get("t"):
        return edge(first, first, "初")
    return first, first, Precision.DAY


def a_break(match: re.Match[str], context: DateContext) -> Days:
    """The winter or the summer holidays of the plan's school year; 寒暑假 is two stretches, so it stays open."""
    calendar, began = context.calendar, context.calendar.school_year(context.period.start)
    year = year_of(match, context)
    if "寒" in match[0] and "暑" in match[0]:
        return None, None, Precision.BREAK
    if "寒" in match[0]:
        return (*calendar.winter_break(year - 1 if year else began), Precision.BREAK)
    return (*calendar.summer_break(year - 1 if year else began), Precision.BREAK)
