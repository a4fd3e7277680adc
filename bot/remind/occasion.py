"""Which turn of a rhythm a day belongs to, so that what was done in October is open again in November."""

from datetime import date

from bot.calendar import SchoolCalendar
from bot.plan.model import Measure


def occasion(measure: Measure, day: date, school: SchoolCalendar) -> str:
    """The turn that `day` falls into: `2026-10-12`, `2026-W42` (ISO 8601), `2026-10`, `2026-Q4`, `2026-1` (a term), `2026` (a school year).

    Empty for a measure without a rhythm or with an irregular one (不定期), which is done once.
    """
    every = measure.recurrence.every if measure.recurrence is not None else ""
    if every == "day":
        return day.isoformat()
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if every == "month":
        return f"{day:%Y-%m}"
    if every == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    began = school.school_year(day)
    if every == "term":
        # A break belongs to the term before it: there what was not done in time is still caught up with.
        return f"{began}-{1 if day < school.spring_term(began)[0] else 2}"
    return str(began) if every == "year" else ""
