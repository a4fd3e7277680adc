"""What every unit has to do and how it stands: the plans in use beside what was said, for boards, tables and pictures."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.ask.answer import Hit
from bot.people import Unit, charge, vouched
from bot.remind.lights import ORDER, Light, Thresholds, light, waited_for
from bot.remind.occasion import Turn as Occasion
from handlers.room import Services, Turn
from handlers.standing import answering
from storage.standings import Stand, Standing
from storage.store import Transaction

URGENT = (Light.OVERDUE, Light.BEHIND, Light.NEAR)
"""What somebody should look at."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One measure for one unit."""

    hit: Hit
    unit: Unit
    light: Light
    due: date | None
    """The day by which it is judged; None where there is none."""
    occasion: str
    """The turn of its rhythm that it is judged by."""
    stand: Stand | None

    @property
    def order(self) -> tuple[int, date]:
        """The most urgent first."""
        return ORDER.index(self.light), self.due or date.max


def in_charge(turn: Turn, services: Services) -> tuple[Unit, ...]:
    """The units whose duties a person may see: those in their charge, and for a principal the unit they were given."""
    register, own = services.register(), vouched(turn.person)
    return charge(turn.person, register) or tuple(unit for unit in register.units if unit.id == own)


def thresholds(services: Services) -> Thresholds:
    """The district's thresholds."""
    table = services.settings.board
    return Thresholds(table.near_days, table.overdue_days)


async def duties(db: Transaction, services: Services, units: Sequence[Unit], day: date) -> list[Duty]:
    """Every duty of these units under the plans in use, in the order of the plans."""
    stands = await db.standings.every([unit.id for unit in units])
    begun = {plan: at.astimezone(services.settings.zone).date() for plan, at in (await db.plans.begun()).items()}
    return await asyncio.to_thread(collect, services, units, day, stands, begun)


def collect(services: Services, units: Iterable[Unit], day: date, stands: Sequence[Stand], begun: Mapping[int, date]) -> list[Duty]:
    """The same from what storage holds; `begun` says since when each plan is in use."""
    register, library = services.register(), services.library()
    wanted = {unit.id for unit in units}
    said = {(one.target.measure, one.target.unit, one.target.occasion): one for one in stands}
    rules = thresholds(services)
    found: list[Duty] = []
    for shelf in library.shelves:
        since = begun.get(shelf.plan, date.min)
        for measure in shelf.document.measures:
            owners = [unit for unit in answering(register, measure) if unit.id in wanted]
            hit = library.find(measure.id) if owners else None
            if hit is None:
                continue
            times = waited_for(measure, hit.plan.period, day, services.calendar)
            for unit in owners:
                mine = {time.name: said.get((measure.id, unit.id, time.name)) for time in times}
                whole = said.get((measure.id, unit.id, ""))
                found.append(judged(hit, unit, times, mine, whole, day, rules, since))
    return found


def judged(
    hit: Hit,
    unit: Unit,
    times: Sequence[Occasion],
    said: Mapping[str, Stand | None],
    whole: Stand | None,
    day: date,
    rules: Thresholds,
    since: date,
) -> Duty:
    """How one duty stands: by the first of its turns that is not done, else by the last."""
    if not times:
        done = whole is not None and whole.state is Standing.DONE
        if whole is not None and whole.until is not None and not done:
            return Duty(hit, unit, light(whole.until, day, rules, granted=True), whole.until, "", whole)
        return Duty(hit, unit, Light.DONE if done else Light.UNDATED, None, "", whole)
    for time in times:
        stand = said.get(time.name)
        if stand is not None and stand.state is Standing.DONE:
            continue
        until = stand.until if stand is not None else None
        due = until or time.last
        if stand is None and due < since:
            if time is not times[-1]:
                continue
            return Duty(hit, unit, Light.EARLIER, due, time.name, None)
        return Duty(hit, unit, light(due, day, rules, granted=until is not None), due, time.name, stand)
    return Duty(hit, unit, Light.DONE, times[-1].last, times[-1].name, said.get(times[-1].name))


def tally(found: Iterable[Duty]) -> Counter[Light]:
    """How many stand how."""
    return Counter(duty.light for duty in found)


def by_unit(found: Iterable[Duty]) -> list[tuple[Unit, list[Duty]]]:
    """The duties of each unit, the unit that is most behind first."""
    rows: dict[int, tuple[Unit, list[Duty]]] = {}
    for duty in found:
        rows.setdefault(duty.unit.id, (duty.unit, []))[1].append(duty)
    return sorted(rows.values(), key=lambda row: worst(row[1]))


Section = tuple[int, int, int]
"""Plan document, number of the plan in it, section."""


def by_section(found: Iterable[Duty]) -> list[tuple[Section, list[Duty]]]:
    """The duties of each section, in the order of the plans."""
    rows: dict[Section, list[Duty]] = {}
    for duty in found:
        rows.setdefault((duty.hit.shelf.plan, duty.hit.measure.plan, duty.hit.measure.section), []).append(duty)
    return list(rows.items())


def by_measure(found: Iterable[Duty]) -> list[list[Duty]]:
    """The duties of each measure, the measure that is most behind first."""
    rows: dict[str, list[Duty]] = {}
    for duty in found:
        rows.setdefault(duty.hit.measure.id, []).append(duty)
    return sorted(rows.values(), key=worst)


def worst(found: Iterable[Duty]) -> tuple[int, ...]:
    """A key that puts first who has most overdue, then most behind, then most near."""
    counts = tally(found)
    return tuple(-counts[one] for one in URGENT)


def unowned(services: Services) -> int:
    """How many measures no unit of the register owns."""
    register = services.register()
    return sum(not answering(register, measure) for shelf in services.library().shelves for measure in shelf.document.measures)
