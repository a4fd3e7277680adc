"""A document whose 今年 was taken for the wrong year, read with another: what names no year itself moves with it."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.plan.dates import DateContext, find_dates
from bot.plan.model import Document, Period, Span
from bot.plan.script import fold

NAMED_YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)1[0-4]\d(?=学?年)")


@dataclass(frozen=True, slots=True)
class _Shift:
    """From the days that were read under one year to those of another; a date that names its year stays."""

    old: DateContext
    new: DateContext
    years: int

    def of(self, span: Span | None) -> Span | None:
        if span is None or NAMED_YEAR.search(fold(span.text)):
            return span
        # The grammar itself knows better than arithmetic (feasts of the moon, weeks), wherever the words alone gave the old days.
        before, after = (find_dates(span.text, context) for context in (self.old, self.new))
        if len(before) == len(after) == 1 and (before[0].span.start, before[0].span.end) == (span.start, span.end):
            return replace(span, start=after[0].span.start, end=after[0].span.end)
        return replace(
            span, start=_moved(span.start, self.years) if span.start else None, end=_moved(span.end, self.years) if span.end else None
        )


def dated_in(document: Document, year: int) -> Document:
    """The same document with another year for 今年: what names no year itself moves with it."""
    years = year - document.year
    plans = []
    for plan in document.plans:
        named = NAMED_YEAR.search(fold(plan.title)) or NAMED_YEAR.search(fold(document.title))
        period = plan.period if named else Period(_moved(plan.period.start, years), _moved(plan.period.end, years))
        shift = _Shift(DateContext(document.year, plan.period), DateContext(year, period), years)
        measures = tuple(replace(measure, date=shift.of(measure.date)) for measure in plan.measures)
        events = tuple(replace(event, date=shift.of(event.date)) for event in plan.events)
        plans.append(replace(plan, period=period, measures=measures, events=events))
    return replace(document, year=year, year_inferred=False, plans=tuple(plans))


def _moved(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th. A year out of reach leaves the day alone."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28) if 1 <= day.year + years <= 9999 else day
