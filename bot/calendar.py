"""The school calendar: school years, terms, breaks and workdays, from configuration with defaults of the mainland."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import BadSetting


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When terms begin and end, as (month, day); the autumn term begins the school year."""

    autumn: tuple[int, int] = (9, 1)
    autumn_end: tuple[int, int] = (1, 31)
    spring: tuple[int, int] = (2, 15)
    spring_end: tuple[int, int] = (7, 15)
    year_end: tuple[int, int] = (8, 31)
    zone: str = "Asia/Shanghai"

    def school_year(self, day: date) -> int:
        """The calendar year in which the school year of `day` began."""
        return day.year if (day.month, day.day) >= self.autumn else day.year - 1

    def year_span(self, began: int) -> tuple[date, date]:
        """First and last day of the school year that began in `began`."""
        return date(began, *self.autumn), date(began + 1, *self.year_end)

    def autumn_term(self, began: int) -> tuple[date, date]:
        """First and last day of the autumn term of the school year that began in `began`."""
        return date(began, *self.autumn), date(began + 1, *self.autumn_end)

    def spring_term(self, began: int) -> tuple[date, date]:
        """First and last day of the spring term of the school year that began in `began`."""
        return date(began + 1, *self.spring), date(began + 1, *self.spring_end)

    def term(self, day: date) -> tuple[date, date]:
        """The term that `day` lies in; in a break the coming term."""
        began = self.school_year(day)
        for span in (self.autumn_term(began), self.spring_term(began), self.autumn_term(began + 1)):
            if day <= span[1]:
                return span
        raise AssertionError("a school year always has a coming term")

    def winter_break(self, began: int) -> tuple[date, date]:
        """First and last day between the autumn and the spring term."""
        return self.autumn_term(began)[1] + timedelta(days=1), self.spring_term(began)[0] - timedelta(days=1)

    def summer_break(self, began: int) -> tuple[date, date]:
        """First and last day between the spring term and the next school year."""
        return self.spring_term(began)[1] + timedelta(days=1), self.year_span(began)[1]


def month_day(text: str, key: str) -> tuple[int, int]:
    """Read `9-1` or `09-01`; BadSetting names the key where it is no day of a year."""
    try:
        month, day = (int(part) for part in text.split("-"))
        date(2001, month, day)
    except ValueError:
        raise BadSetting("setting.bad_day", key=key, value=text) from None
    return month, day
