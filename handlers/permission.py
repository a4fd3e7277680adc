"""Who may see the board of a notice, and in whose name it may still leave."""

from bot.errors import Refusal
from bot.people import Person, Rank, covers, vouched
from handlers.room import Services, Turn
from storage.store import Transaction
from storage.values import Notice


def may_see(person: Person, notice: Notice) -> bool:
    """Whether the board of a notice is for this person: all are for administrators, what somebody passed on is for them too."""
    own = notice.parent is not None and notice.author == person.id
    return person.rank >= Rank.ADMINISTRATOR or (own and person.rank >= Rank.UNIT_ADMINISTRATOR)


def may_send(author: Person, reader: Person, notice: Notice, services: Services) -> bool:
    """Whether a notice may still leave for this reader in its author's name: passed on, only to people in their charge."""
    if notice.parent is None or author.rank >= Rank.ADMINISTRATOR:
        return author.rank >= Rank.ADMINISTRATOR
    return author.rank >= Rank.UNIT_ADMINISTRATOR and covers(author, vouched(reader), services.register())


async def seen_by(turn: Turn, db: Transaction, number: int) -> Notice:
    """The notice whose board somebody wants to see; Refusal where it did not go out, or is not theirs to see."""
    notice = await db.notices.get(number)
    if notice is None or not notice.state.out:
        raise Refusal("notice.gone")
    if not may_see(turn.person, notice):
        raise Refusal("desk.denied")
    return notice
