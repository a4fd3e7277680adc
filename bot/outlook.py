"""A year of reminders laid out before anybody follows anything: what would be announced of some documents, when, in which words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.ask.answer import Shelf
from bot.ask.library import Library
from bot.chat import Address, Incoming
from bot.people import Person, Rank
from bot.plan.model import Document
from bot.remind.coverage import Wish
from bot.remind.planning import Habit, Situation, moments
from bot.remind.subjects import subjects
from bot.settings import Settings
from bot.texts import Texts
from handlers.reminder import Due, headline, when_of
from handlers.room import Turn
from handlers.wording import who


def outlook(documents: Sequence[Document], settings: Settings, texts: Texts, kindergarten: bool = False) -> list[dict[str, object]]:
    """A row for every reminder, in order of time, to whoever follows each thing by name: time, first line, when, who, place.

    `kindergarten`: as a kindergarten is reminded of drills.
    """
    library = Library([Shelf(number, 1, document) for number, document in enumerate(documents, 1)])
    table = settings.reminders
    hour, minute = (int(part) for part in table.at.split(":"))
    zone: ZoneInfo = settings.zone
    habit = Habit((*table.days_before, *(-day for day in table.days_after)), time(hour, minute), zone, table.working_days)
    meant, found = Situation(kindergarten=kindergarten), []
    for shelf in library.shelves:
        for subject in subjects(shelf.document, shelf.plan):
            hit = library.find(subject.measure)
            if hit is None or subject.side:
                continue
            for moment in moments(subject, habit, settings.school_calendar, meant):
                person = Person(0, Rank.GUEST, language=settings.bot.language)
                turn = Turn(person, Incoming(Address("", ""), ""), "", settings.bot.language, texts, moment.at)
                due = Due(subject.id, subject, hit, Wish("event", subject.id), moment, habit, meant)
                said = (headline(turn, due, moment.at), when_of(turn, subject), who(turn, hit.measure))
                found.append((moment.at, shelf.plan, hit.place, *said))
    return [
        {"at": f"{local(at, zone):%Y-%m-%d %H:%M}", "what": what, "when": when, "who": owner, "place": place}
        for at, _, place, what, when, owner in sorted(found)
    ]


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """A moment in a zone."""
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(zone)


def lines(rows: Sequence[dict[str, object]], say: Callable[..., str]) -> str:
    """The rows as text, a month under its head."""
    told: list[str] = []
    for row in rows:
        at = str(row["at"])
        if not told or not any(line == at[:7] for line in told):
            told.append(at[:7])
        told.append(f"  {at[8:10]} {at[11:]}  {row['what']}　{row['place']}　{row['who']}")
    told.append(say("plan.reminders", count=len(rows)))
    return "\n".join(told)
