"""How much may come in: windows that slide, one word about it, and nobody punished for somebody else."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Action, Address, Incoming
from bot.gateway import Gate
from bot.limits import KEPT_SENDERS, Quota, Verdict
from bot.settings import Incoming as Limits


def test_who_sends_too_much_is_told_once_and_heard_again_after_the_window() -> None:
    quota = Quota(3)
    assert [quota.judge("a", float(second)) for second in range(6)] == [Verdict.PASS] * 3 + [Verdict.TELL] + [Verdict.SILENT] * 2
    assert quota.judge("b", 5.0) is Verdict.PASS
    assert quota.judge("a", 60.0) is Verdict.PASS
    assert quota.judge("a", 60.5) is Verdict.SILENT
    assert quota.judge("a", 200.0) is Verdict.PASS


def test_no_limit_lets_everything_pass() -> None:
    quota = Quota(0)
    assert {quota.judge("a", 0.0) for _ in range(1000)} == {Verdict.PASS}


def test_a_million_senders_take_no_more_room_than_ten_thousand() -> None:
    quota = Quota(1)
    for number in range(KEPT_SENDERS + 50):
        assert quota.judge(str(number), number * 1e-6) is Verdict.PASS
    assert len(quota._senders) == KEPT_SENDERS


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 8))
def test_no_window_ever_lets_more_through_and_tells_more_than_once(gaps: list[float], limit: int) -> None:
    quota, now, passed, told = Quota(limit), 0.0, [], []
    for gap in gaps:
        now += gap
        verdict = quota.judge("a", now)
        if verdict is not Verdict.SILENT:
            (passed if verdict is Verdict.PASS else told).append(now)
    assert all(sum(at - 60 < other <= at for other in passed) <= limit for at in passed)
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(told))


class Hand:
    """A clock set by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def said(sender: str, group: bool = False) -> Incoming:
    return Incoming(Address("x", "-1" if group else sender), sender, "?", group=group)


def test_a_group_has_its_own_measure_and_its_crowd_may_press() -> None:
    gate = Gate(Limits(messages_minute=5, presses_minute=3, group_minute=4), Hand())
    verdicts = [gate.judge(said(f"p{number}", group=True)) for number in range(6)]
    assert verdicts == [Verdict.PASS] * 4 + [Verdict.TELL, Verdict.SILENT]
    assert gate.judge(said("p0")) is Verdict.PASS
    presses = [gate.judge(Incoming(Address("x", "-1"), f"p{number}", action=Action("got", "1"), group=True)) for number in range(50)]
    assert set(presses) == {Verdict.PASS}


def test_one_channel_does_not_count_for_another() -> None:
    gate = Gate(Limits(messages_minute=1, strangers_minute=1), Hand())
    assert gate.judge(said("1")) is Verdict.PASS
    assert gate.judge(Incoming(Address("y", "1"), "1", "?")) is Verdict.PASS
    assert gate.greet("x")
    assert not gate.greet("x")
    assert gate.greet("y")
