"""The sentences and corrections of a version as blocks of a page, each with forms to correct or undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat import Badge, Block, Form, Link, Tone, hidden
from bot.chat import Field as Entry
from bot.plan.mend import Field
from bot.plan.review import KINDS, Look
from handlers import mending
from handlers.mending import Target
from handlers.reading import Place as At
from handlers.reading import facts, kind_words, may_change, mend_words, owner_words, place_of
from handlers.room import Services, Turn
from storage.values import StoredPlan

PAGE = 20
"""Sentences on a page."""


def typed_form(turn: Turn, stored: StoredPlan, aim: Target, label: str, now: str, back: dict[str, str]) -> Form:
    """A folded form for one correction in words; its value is read back before it is kept."""
    fields = (
        *hidden(plan=stored.plan, version=stored.version, do="mend", aim=aim.pack(), **back),
        Entry("words", turn.say(f"mend.field_{aim.field.value}"), now, hint=turn.say(f"mend.ask_{aim.field.value}"), needed=True),
    )
    return Form("review", turn.say("sheet.read_back"), fields, summary=label)


class View:
    """The sentences or corrections of a version as blocks."""

    def __init__(self, turn: Turn, services: Services, stored: StoredPlan, values: Mapping[str, str]) -> None:
        self.turn, self.services, self.stored = turn, services, stored
        page = values.get("page", "0")
        self.page = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0

    async def sentences(self, show: str, found: Sequence[Look]) -> list[Block]:
        """A page of sentences: those that want a look, or all."""
        kinds: dict[str, list[str]] = {}
        for look in found:
            kinds.setdefault(look.measure.id, []).append(look.kind)
        places = [At(self.stored, plan, measure) for plan in self.stored.document.plans for measure in plan.measures]
        if show == "looks":
            rank = {id: at for at, id in enumerate(kinds)}
            places = sorted((at for at in places if at.measure.id in kinds), key=lambda at: rank[at.measure.id])
        shown = places[self.page * PAGE : (self.page + 1) * PAGE]
        blocks = [self.sentence(at, show, list(dict.fromkeys(kinds.get(at.measure.id, ())))) for at in shown]
        if not shown:
            blocks.append(Block(text=self.turn.say("review.no_looks")))
        return [*blocks, *self.paging(show, len(places))]

    def sentence(self, at: At, show: str, kinds: list[str]) -> Block:
        """One sentence with what was read from it, how sure that is, and forms to correct it."""
        turn, measure = self.turn, at.measure
        rows = []
        for name, words, sure in facts(turn, at):
            badge = Badge(sure, Tone.GOOD if sure in self.good() else Tone.PLAIN) if sure else None
            rows.append((name, words, badge))
        badges = tuple(Badge(kind_words(turn, kind), Tone.LOOK) for kind in kinds)
        block = Block(place_of(at.plan, measure), badges=badges, quote=measure.text, facts=tuple(rows), card=True)
        return replace(block, forms=tuple(self.forms(at, show, kinds))) if may_change(self.stored) else block

    def good(self) -> set[str]:
        """The words for what is sure."""
        turn = self.turn
        return {turn.say(f"review.basis_{name}") for name in ("explicit", "mended")} | {
            turn.say(f"review.date_{name}") for name in ("exact", "deadline")
        }

    def forms(self, at: At, show: str, kinds: list[str]) -> list[Form]:
        """The corrections of one sentence."""
        turn, stored, measure = self.turn, self.stored, at.measure
        back = {"show": show, "page": str(self.page)}
        seen = mending.seen_in(stored, Target(Field.DROP, 0, 0, measure.id, 0))

        def aim(field: Field, number: int = 0) -> Target:
            return Target(field, stored.plan, stored.version, measure.id, seen, number)

        now = {
            Field.OWNERS: owner_words(turn, measure.owners),
            Field.DATE: measure.date.text if measure.date else "",
            Field.RECURRENCE: measure.recurrence.text if measure.recurrence else "",
        }
        forms = [
            typed_form(turn, stored, aim(field), turn.say(f"review.button_{field.value}"), words, back) for field, words in now.items()
        ]
        for number, event in enumerate([event for event in at.plan.events if event.measure == measure.id][:3]):
            forms.append(typed_form(turn, stored, aim(Field.EVENT, number), turn.say("review.button_event"), event.name, back))
        for kind in kinds:
            if kind in KINDS:
                label = turn.say("review.button_accept", kind=kind_words(turn, kind))
                forms.append(self.at_once(aim(Field.ACCEPT, KINDS.index(kind)), label, back))
        forms.append(self.at_once(aim(Field.DROP), turn.say("review.button_drop"), back))
        return forms

    def at_once(self, aim: Target, label: str, back: dict[str, str]) -> Form:
        """A correction that needs no words."""
        return Form("review", label, hidden(plan=aim.plan, version=aim.version, do="set", aim=aim.pack(), **back))

    async def mends(self) -> list[Block]:
        """The corrections, the latest first, each with the sentence it is about and a button to undo it."""
        turn, stored = self.turn, self.stored
        rows = [*stored.mends[::-1], *stored.gone[::-1]]
        blocks = []
        async with self.services.store.read() as db:
            for mend in rows[self.page * PAGE : (self.page + 1) * PAGE]:
                who = await db.people.get(mend.person) if mend.person else None
                gone = (Badge(turn.say("sheet.sentence_gone"), Tone.BAD),) if mend in stored.gone else ()
                undo = Form(
                    "review",
                    turn.say("sheet.undo"),
                    hidden(plan=stored.plan, version=stored.version, do="undo", mend=mend.id, show="mends", page=self.page),
                )
                forms = (undo,) if may_change(stored) else ()
                line = mend_words(turn, self.services, mend, who)
                blocks.append(Block(text=line, badges=gone, quote=mend.spot.words, forms=forms, card=True))
        return [*(blocks or [Block(text=turn.say("mend.none"))]), *self.paging("mends", len(rows))]

    def paging(self, show: str, count: int) -> list[Block]:
        """Back and forth."""
        at = {"plan": str(self.stored.plan), "version": str(self.stored.version), "show": show}
        links = []
        if self.page:
            links.append(Link(self.turn.say("page.back"), "review", at | {"page": str(self.page - 1)}))
        if count > (self.page + 1) * PAGE:
            links.append(Link(self.turn.say("page.more"), "review", at | {"page": str(self.page + 1)}))
        return [Block(links=tuple(links))] if links else []
