"""Days of the lunar calendar (農曆) as days of the civil one, by a table."""

from datetime import date, timedelta

from bot.plan import festivals

# For each year from festivals.FIRST on, in hexadecimal: the leap month (0 none), then the lengths of its months in order as 13 bits, 1 for
# 30 days.
# Computed from the Chinese calendar by two independent programs that agree on every month.
MONTHS = (
    "0192c41a9501a9401b4a20b5500ad47155b004ba0125a5192b0152a01694416aa015aa90ab500974014b660a5700a560152640e9500d54015aa209b50096c6"
    "14ae0149c01a4c51d2601aa600b5430d6a012dab095d0095a0149a61a4b01a4a01aa451b54016b400ada2095b0093671497014960154a516a500da4015b430"
    "ab6"
)


def civil(year: int, month: int, day: int, leap: bool = False) -> date | None:
    """The civil day of a lunar day; None outside the table. ValueError where the month has no such day or the year no such leap month."""
    first = festivals.moving("spring", year)
    if first is None:
        return None
    row = MONTHS[5 * (year - festivals.FIRST) :][:5]
    double, bits = int(row[0], 16), int(row[1:], 16)
    if leap and double != month:
        raise ValueError(f"lunar year {year} has no leap month {month}")
    place = month - 1 + (leap or 0 < double < month)
    lengths = [29 + (bits >> (12 - at) & 1) for at in range(13)]
    if not (1 <= month <= 12 and 1 <= day <= lengths[place]):
        raise ValueError(f"lunar month {month} of {year} has no day {day}")
    return first + timedelta(days=sum(lengths[:place]) + day - 1)
