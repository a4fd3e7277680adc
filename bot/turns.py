"""Channels under supervision: each runs while it is this process's turn, and is started again where it breaks."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from bot.chat import Channel, Desk
from bot.errors import BadSetting, Refusal
from storage.turns import TURN, Turn

LOOK = 1.0
"""Seconds between two prolongings, and between two looks of those who wait."""

log = logging.getLogger("planbot.turns")

Told = Callable[[str, float], None]
"""Takes a channel's name and the monotonic second until which it is this process's turn."""


async def take_turns(turn: Turn | None, channel: Channel, desk: Desk, told: Told) -> None:
    """Run a channel until cancelled; with a turn, only while no other process does. `told` hears of every turn and prolonging.

    A process that stands still for longer than its turn learns it from the time it was told, before it does anything else. The
    turn is left open, for the caller to close when nothing is being sent any more.
    """
    if turn is None:
        told(channel.name, float("inf"))
        await supervise(channel, desk)
        return
    waiting = False
    while True:
        until = await _ask(turn, channel.name)
        if until <= 0:
            if not waiting:
                log.warning("%s is served by another process; this one waits and takes over when that one ends", channel.name)
            waiting = True
            await asyncio.sleep(LOOK)
            continue
        if waiting:
            log.warning("%s is served by this process now", channel.name)
        waiting = False
        if await _run(turn, channel, desk, until, told):
            return
        log.error("%s is no longer this process's turn", channel.name)


async def _run(turn: Turn, channel: Channel, desk: Desk, until: float, told: Told) -> bool:
    """Run a channel during this process's turn; True where the channel ended by itself, False where the turn did."""
    told(channel.name, until)
    running = asyncio.create_task(supervise(channel, desk), name=channel.name)
    keeping = asyncio.create_task(_keep(turn, channel.name, until, told), name=f"turn {channel.name}")
    try:
        await asyncio.wait({running, keeping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told(channel.name, 0.0)
        for task in (running, keeping):
            task.cancel()
        ended, _ = await asyncio.gather(running, keeping, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended
    return ended is None


async def _keep(turn: Turn, name: str, until: float, told: Told) -> None:
    """Prolong the turn until it is lost: another has it, or the database could not be reached for its whole length."""
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(LOOK, left))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                until = await _ask(turn, name, until)
        told(name, until)


async def _ask(turn: Turn, name: str, otherwise: float = 0.0) -> float:
    """Take or prolong the turn: the monotonic second until which it is ours, 0 where another has it.

    `otherwise` where the database cannot be asked.
    """
    asked = time.monotonic()
    try:
        return asked + TURN if await turn.hold() else 0.0
    except Exception as error:
        log.error("the database could not be asked whose turn %s is (%s); trying again", name, type(error).__name__)
        return otherwise


async def supervise(channel: Channel, desk: Desk, first_pause: float = 1.0, longest: float = 60.0) -> None:
    """Run a channel and start it again after a growing pause, so that an unreachable one stops nothing else.

    A setting that cannot work (a busy port) is raised, because waiting does not mend it.
    """
    pause = first_pause
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await channel.run(desk)
            return
        except BadSetting:
            raise
        except Refusal as refusal:
            log.error("%s: %s", channel.name, refusal)
        except Exception as error:
            log.error("%s stopped (%s) and is started again in %.0f s", channel.name, type(error).__name__, pause)
            log.debug("why", exc_info=True)
        if asyncio.get_running_loop().time() - began > longest:
            pause = first_pause
        await asyncio.sleep(pause)
        pause = min(longest, pause * 2)
