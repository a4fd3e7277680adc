"""What is not kept for ever: words that people wrote become counts, and traces that nobody needs any more go."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.marks import REMEMBERED
from storage.outcomes import KIND
from storage.tables import conversations, expectations, feedback, guesses, invitations, joins, outbox, questions, seen_updates
from storage.values import State

SUBJECTS = timedelta(days=7)
"""What a conversation was about; nothing older is gone on from."""
CODES = timedelta(days=30)
"""Invitations after their end, and wrong codes."""
WAITING = (State.QUEUED, State.HELD, State.SENDING, State.UNCERTAIN)


async def tidy(connection: AsyncConnection, now: datetime, question_days: int, message_days: int) -> dict[str, int]:
    """Remove what is over its time; returns how many rows of each kind were. 0 days keep for ever.

    Of a question its words, its asker and where it was asked go, and what was remarked on its answer; that it was asked stays. Of the
    ledger what was settled goes, but for notices, whose proof of delivery is theirs; the audit stays, it holds numbers only.
    """
    done: dict[str, int] = {}
    if question_days:
        old = questions.c.asked_at < now - timedelta(days=question_days)
        remarks = update(feedback).where(feedback.c.question.in_(select(questions.c.id).where(old)), feedback.c.note != "")
        done["remarks"] = (await connection.execute(remarks.values(note=""))).rowcount
        wordy = and_(old, or_(questions.c.question != "", questions.c.person.is_not(None), questions.c.chat.is_not(None)))
        done["questions"] = (await connection.execute(update(questions).where(wordy).values(question="", person=None, chat=None))).rowcount
    if message_days:
        over = and_(outbox.c.planned_at < now - timedelta(days=message_days), outbox.c.not_before < now - timedelta(days=message_days))
        gone = delete(outbox).where(over, outbox.c.state.not_in(WAITING), outbox.c.kind != KIND)
        done["messages"] = (await connection.execute(gone)).rowcount
    for name, statement in {
        "subjects": delete(conversations).where(conversations.c.at < now - SUBJECTS),
        "expectations": delete(expectations).where(expectations.c.at < now - SUBJECTS),
        "deliveries": delete(seen_updates).where(seen_updates.c.at < now - REMEMBERED),
        "invitations": delete(invitations).where(invitations.c.expires_at < now - CODES),
        "codes": delete(joins).where(joins.c.expires_at < now),
        "guesses": delete(guesses).where(guesses.c.at < now - CODES),
    }.items():
        done[name] = (await connection.execute(statement)).rowcount
    return done
