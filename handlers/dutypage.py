"""One duty on the web page: its sentence, its state with all that led to it, and forms for what can be done."""

from collections.abc import Mapping

from bot.chat import Badge, Block, Form, Link, Moved, Page, Request, Tone, hidden
from bot.errors import Refusal
from bot.people import Person
from bot.remind.lights import Light
from handlers.board import plain_day
from handlers.duties import Duty, in_charge
from handlers.duty import duty_of, say_done
from handlers.evidence import step_words
from handlers.progress import TONES, wanted
from handlers.room import Audience, Room, Services, Turn
from handlers.standing import may_say, state_words, turn_words
from handlers.wording import citation, when, who
from storage.files import Kept
from storage.standings import Changed, Standing

room = Room("dutypage")


@room.page("duty", Audience.PRINCIPALS)
async def page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """A duty, named by its measure and unit."""
    duty = await asked_for(turn, request, services)
    at = {"measure": duty.hit.measure.id, "unit": str(duty.unit.id)}
    if request.posted:
        await act(turn, request, services, duty)
        return Moved("duty", at)
    stand = duty.stand
    steps: list[Changed] = []
    files: list[Kept] = []
    people: dict[int, Person] = {}
    if stand is not None:
        async with services.store.read() as db:
            steps = await db.standings.history(stand.id)
            files = (await db.files.evidence([stand.id])).get(stand.id, [])
            people = {person.id: person for person in await db.people.every()}
    facts = [
        (turn.say("export.head_lead"), who(turn, duty.hit.measure), None),
        (turn.say("export.head_time"), when(turn, duty.hit.measure), None),
        *([(turn.say("export.head_turn"), turn_words(turn, duty.occasion), None)] if duty.occasion else []),
        *([(turn.say("export.head_due"), plain_day(turn, services, duty.due), None)] if duty.due else []),
        *([(turn.say("export.head_said"), state_words(turn, services, stand), None)] if stand and stand.state is not Standing.OPEN else []),
        *([(turn.say("export.head_note"), stand.note, None)] if stand and stand.note else []),
        *([(turn.say("export.head_files"), turn.say("comma").join(file.name for file in files), None)] if files else []),
    ]
    badge = Badge(turn.say(f"board.word_{duty.light}"), TONES.get(duty.light, Tone.PLAIN))
    lines = [step_words(turn, services, step, people.get(step.person or 0)) for step in steps]
    blocks = [
        Block(duty.unit.name, citation(turn, duty.hit), badges=(badge,), quote=duty.hit.measure.text, facts=tuple(facts)),
        Block(forms=tuple(forms(turn, services, duty, at))),
    ]
    if lines:
        blocks.append(Block(turn.say("standing.button_history"), "\n".join(lines)))
    trail = (Link(turn.say("board.name"), "progress"), Link(duty.unit.name, "progress", {"unit": at["unit"]}))
    return Page(turn.say("duty.title"), tuple(blocks), trail=trail)


async def asked_for(turn: Turn, request: Request, services: Services) -> Duty:
    """The duty of the address; Refusal where there is none or it is not for the reader."""
    hit = services.library().find(request.values.get("measure", ""))
    number = wanted(request, "unit")
    unit = next((unit for unit in in_charge(turn, services) if unit.id == number), None)
    duty = await duty_of(turn, services, hit, unit) if hit is not None and unit is not None else None
    if duty is None:
        raise Refusal("page.not_found")
    return duty


def forms(turn: Turn, services: Services, duty: Duty, at: Mapping[str, str]) -> list[Form]:
    """What the reader may do with a duty."""
    found = []
    if may_say(turn.person, duty.unit, services.register()):
        if duty.light is not Light.DONE:
            found.append(Form("duty", turn.say("standing.button_done"), hidden(**at, do="done")))
        elif duty.stand is not None:
            found.append(Form("duty", turn.say("standing.button_undo"), hidden(**at, do="undo", revision=duty.stand.revision)))
    return found


async def act(turn: Turn, request: Request, services: Services, duty: Duty) -> None:
    """Do what a form asks for; Refusal says why not."""
    if not may_say(turn.person, duty.unit, services.register()):
        raise Refusal("desk.denied")
    deed = request.values.get("do")
    if deed == "done" and duty.light is not Light.DONE:
        await say_done(turn, services, [duty])
    elif deed == "undo" and duty.stand is not None:
        async with services.store.begin() as db:
            if await db.standings.undo(duty.stand.id, wanted(request, "revision"), turn.person.id, turn.now) is None:
                raise Refusal("standing.stale")
            await db.audit.record(turn.person.id, "standing undo", str(duty.stand.id), turn.now)
