"""What became of a notice for each person: the worst part of each message, the best of all messages they got of it."""

from typing import Any

from sqlalchemy import and_, case, func, select

from storage.tables import notice_answers, notice_people, outbox
from storage.values import State

KIND = "notice"
"""The kind of a notice's rows in the ledger; their reference is the notice's id."""
BEST = (State.SENT, State.SENDING, State.QUEUED, State.HELD, State.SETTLED, State.UNCERTAIN, State.MISSED, State.FAILED, State.GONE)
"""Of several rounds of one person the first of these counts; cancelled comes last."""
WHOLE = (
    State.SENT,
    State.SETTLED,
    State.HELD,
    State.QUEUED,
    State.SENDING,
    State.CANCELLED,
    State.UNCERTAIN,
    State.MISSED,
    State.FAILED,
    State.GONE,
)
"""Of the parts of one message the last of these counts: what is told is what befell the worst of them."""


def standings(notice: int) -> Any:
    """A row a person: unit, the rank of their best state in BEST (None without any row), its detail, and what they answered."""
    whole = case({state.value: place for place, state in enumerate(WHOLE)}, value=outbox.c.state, else_=len(WHOLE))
    each = (
        select(outbox.c.person, func.max(whole).label("worst"), func.max(outbox.c.detail).label("detail"))
        .where(outbox.c.kind == KIND, outbox.c.reference == str(notice))
        .group_by(outbox.c.person, outbox.c.key)
        .subquery()
    )
    ranks = {place: BEST.index(state) if state in BEST else len(BEST) for place, state in enumerate(WHOLE)}
    rank = case(ranks, value=each.c.worst, else_=len(BEST))
    best = select(each.c.person, func.min(rank).label("best"), func.max(each.c.detail).label("detail")).group_by(each.c.person).subquery()
    gave = and_(notice_answers.c.notice == notice, notice_answers.c.person == notice_people.c.person)
    return (
        select(notice_people.c.person, notice_people.c.unit, best.c.best, best.c.detail, notice_answers.c.value, notice_answers.c.at)
        .outerjoin(best, best.c.person == notice_people.c.person)
        .outerjoin(notice_answers, gave)
        .where(notice_people.c.notice == notice)
    )


def state_of(rank: int | None) -> State | None:
    """The state of that rank in BEST; None for None."""
    if rank is None:
        return None
    return BEST[rank] if rank < len(BEST) else State.CANCELLED
