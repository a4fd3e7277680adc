"""What the clock starts: the sweep of the ledger, the nightly planning of reminders, and boards kept up to date."""

import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("planbot.jobs")


def clock(
    zone: ZoneInfo, sweep: Callable[[], Awaitable[None]], plan: Callable[[], Awaitable[None]], boards: Callable[[], Awaitable[None]]
) -> AsyncIOScheduler:
    """An alarm clock that keeps nothing: the ledger is the truth.

    Its default grace of one second would silently drop a job after a pause, so there is none here, missed runs are
    made up once, and no job overlaps itself (APScheduler 3.11 user guide, "Missed job executions and coalescing").
    """
    scheduler = AsyncIOScheduler(timezone=zone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
    scheduler.add_job(sweep, "interval", seconds=15, id="sweep")
    scheduler.add_job(boards, "interval", seconds=3, id="boards")
    scheduler.add_job(plan, "cron", hour=3, minute=20, id="plan")
    return scheduler
