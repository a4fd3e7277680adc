"""What people call bodies and plans."""

import re
from collections.abc import Sequence

from bot.plan.model import Plan

INNER = re.compile("(?:局|厅|委员会|政府|办事处)([^局厅]{1,6}[科处室股组])$")
"""The part of a body that has a name of its own."""


def called_so(name: str) -> Sequence[str]:
    """What people call a body (folded): 区教研室 also 教研室, 区教育局安全科 also 安全科."""
    inner = INNER.search(name)
    return (name, *([name[1:]] if len(name) > 3 and name[0] in "省市区县镇乡校园" else []), *([inner[1]] if inner else []))


def called(plan: Plan, name: str) -> bool:
    """True where people call this plan so: `spring`, `autumn`, `year`, `term`, `first`, `second`, `third`."""
    days = (plan.period.end - plan.period.start).days
    month = plan.period.start.month
    numbers = {"first": 1, "second": 2, "third": 3}
    if name in numbers:
        return plan.plan == numbers[name]
    return {"spring": month in (1, 2, 3) and days < 250, "autumn": month in (8, 9, 10), "year": days >= 250, "term": days < 250}.get(
        name, False
    )
