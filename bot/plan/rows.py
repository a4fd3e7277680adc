"""The time that the cells of a table's row give the jobs in it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.plan.dates import DateContext, find_dates
from bot.plan.model import Precision, Span

WEEKDAY = re.compile(r"(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
"""A cell that is nothing but a day of the week that the plan is for."""


def row_time(cells: Sequence[str], outer: Span | None, context: DateContext) -> tuple[Span | None, DateContext]:
    """The time that the cells of a row give, from the vague one (第3周, 九月) to the exact one, and the month for bare days."""
    row = outer
    for words in cells:
        found = cell_time(words, context)
        if found and found.start:
            context = replace(context, month=(found.start.year, found.start.month))
        row = found or row
    return row, context


def cell_time(words: str, context: DateContext) -> Span | None:
    """The time a cell gives; a blank inside it (一 月) does not matter, and a bare number is a day of a known month, else a month."""
    plain = re.sub(r"\s+", "", words)
    found = list(find_dates(plain, context))
    if not found and context.month and re.fullmatch(r"\d{1,2}(?:[-—~～至]+\d{1,2})?", plain):
        found = list(find_dates(plain + "日", context))
    elif not found and re.fullmatch(r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])", plain):
        found = list(find_dates(plain + "月", context))
    if not found and context.week and (day := WEEKDAY.fullmatch(plain)):
        start, end = context.week
        on = start + timedelta(days=("一二三四五六日".find(day[1].replace("天", "日")) - start.weekday()) % 7)
        return Span(words.strip(), on, on, Precision.DAY) if on <= end else None
    if not found:
        return None
    span = found[0].span
    if len(found) > 1 and span.start and found[-1].span.end:
        span = replace(span, end=max(found[-1].span.end, span.end or found[-1].span.end), precision=several(span.precision))
    return replace(span, text=words.strip())


def several(precision: Precision) -> Precision:
    """The precision of a range between two times of that precision."""
    return {Precision.DAY: Precision.DAYS, Precision.MONTH: Precision.MONTHS}.get(precision, precision)
