"""What the clock starts: the sweep of the ledger, the nightly planning of reminders and tidying up, and boards kept up to date."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

SWEEP, BOARDS = 15.0, 3.0
"""Seconds between two sweeps, and between two looks at boards."""

log = logging.getLogger("planbot.jobs")

Job = Callable[[], Awaitable[None]]


async def run_jobs(zone: ZoneInfo, sweep: Job, plan: Job, boards: Job, tidy: Job) -> None:
    """Start each when its time has come, until cancelled.

    The alarm clock for the night keeps nothing: the ledger is the truth. Its default grace of one second would silently drop a job after
    a pause, so there is none here, and missed runs are made up once (APScheduler 3.11 user guide, "Missed job executions and
    coalescing"). It sleeps by the clock as it was when it fell asleep, so the sweep wakes it, for the clock may have been set. What
    is due every few seconds is no matter of the clock at all: set back by an hour, it would stand still for that hour.
    """
    alarm = AsyncIOScheduler(timezone=zone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
    alarm.add_job(plan, "cron", hour=3, minute=20, id="plan")
    alarm.add_job(tidy, "cron", hour=3, minute=50, id="tidy")

    async def swept() -> None:
        alarm.wakeup()
        await sweep()

    alarm.start()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_every(SWEEP, swept), name="sweep")
            group.create_task(_every(BOARDS, boards), name="boards")
    finally:
        alarm.shutdown(wait=False)


async def _every(seconds: float, job: Job) -> None:
    """Run a job so many seconds after its last end; what goes wrong is logged, for the next time may be better."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await job()
        except Exception as error:
            log.error("%s failed (%s); it is tried again in %.0f s", getattr(job, "__name__", "a job"), type(error).__name__, seconds)
            log.debug("why", exc_info=True)
