"""Which channels a process may send on, as its turns come and go."""

import time

import pytest

from bot.limits import Limits, Pace
from bot.tenure import TAKING_OVER, Tenure


@pytest.fixture
def paces() -> dict[str, Pace]:
    return {"telegram": Pace(Limits(28, 1)), "web": Pace(Limits(0, 0, per_group_minute=0))}


def test_without_turns_every_channel_is_ours(paces: dict[str, Pace]) -> None:
    tenure = Tenure(paces)
    tenure.turn("web", float("inf"))
    assert tenure.foreign() == ()
    assert tenure.taken() == frozenset()


def test_who_takes_over_takes_up_what_was_left_and_waits_for_the_limits(paces: dict[str, Pace]) -> None:
    tenure, now = Tenure(paces), time.monotonic()
    for name in paces:
        tenure.turn(name, 0.0)
    assert set(tenure.foreign()) == {"telegram", "web"}
    tenure.turn("telegram", now + 1000)
    assert tenure.foreign() == ("web",)
    assert tenure.taken() == {"telegram"}
    assert now < paces["telegram"].halted_until <= time.monotonic() + TAKING_OVER
    tenure.took_up(["telegram"])
    tenure.turn("telegram", now + 2000)
    assert tenure.taken() == frozenset()


def test_a_turn_that_is_lost_again_leaves_nothing_to_take_up(paces: dict[str, Pace]) -> None:
    tenure = Tenure(paces)
    tenure.turn("web", 0.0)
    tenure.turn("web", time.monotonic() + 1000)
    assert tenure.taken() == {"web"}
    assert paces["web"].halted_until <= time.monotonic()
    tenure.turn("web", 0.0)
    assert tenure.taken() == frozenset()
