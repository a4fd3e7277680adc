"""A draft of a notice: found again, shown with everything that is set, and with what can be done with it."""

from collections.abc import Sequence

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.notice.asks import Ask, Wanted
from bot.notice.caution import found_in
from bot.notice.recipients import By, Clause, read_selection
from handlers import receipt
from handlers.checks import Reach, check_reach, reaching
from handlers.departure import when_words
from handlers.recipients import Chosen, choose
from handlers.room import Services, Turn, numbers_of
from handlers.wording import shorten
from storage.files import Kept
from storage.store import Transaction
from storage.values import Expectation, Notice, NoticeState

SAMPLE = 3
"""Names shown of those it goes to."""


async def card(turn: Turn, services: Services, db: Transaction, draft: Notice) -> Reply:
    """A draft with everything that is set, and what can be done with it."""
    chosen = await choose(db, services, read_selection(draft.selection)) if draft.selection else None
    lines = [turn.say("notice.card", id=draft.id), turn.say("answer.quote", text=shorten(draft.text, 120))]
    if chosen is not None:
        lines += counted(turn, draft, chosen)
    lines += asked(turn, draft.wanted)
    if draft.wanted.until is not None:
        lines.append(turn.say("notice.until", time=receipt.local(services, draft.wanted.until)))
    files = await db.files.attached(draft.id)
    if files:
        lines.append(attachments(turn, files))
    lines.append(turn.say("notice.leaves", time=when_words(turn, services, draft)))
    lines += caution(turn, draft)
    reached = chosen is not None and len(chosen.unreachable) < len(chosen.people)
    ways = [] if chosen is None or reached else await reaching(db, services)
    if chosen is not None and not reached:
        lines += ["", why_nobody(turn, chosen, ways)]
    return Reply("\n".join(lines), (*elsewhere(turn, draft, ways), *_doors(turn, draft, reached)))


def caution(turn: Turn, draft: Notice) -> list[str]:
    """A line that points out telephone and identity card numbers in the text; none where there are none."""
    warned = [kind for kind, _ in found_in(draft.text)]
    kinds = turn.say("comma").join(dict.fromkeys(turn.say(f"notice.caution_{kind}") for kind in warned))
    return [turn.say("notice.caution", count=len(warned), kinds=kinds)] if warned else []


def why_nobody(turn: Turn, chosen: Chosen, ways: Sequence[Reach]) -> str:
    """Why a draft cannot be sent to those chosen, and which of the offered groups would get it."""
    try:
        check_reach(chosen)
    except Refusal as refusal:
        return turn.say(refusal.key, **refusal.values) + "\n" + would_reach(turn, ways)
    return ""


def would_reach(turn: Turn, ways: Sequence[Reach]) -> str:
    """Which of the offered groups would get a notice now, with how many people; or that nobody would."""
    groups = turn.say("comma").join(
        turn.say("notice.group", group=turn.say(f"recipients.{name_of(one.clause)}"), count=one.count) for one in ways
    )
    return turn.say("notice.would_reach", groups=groups) if groups else turn.say("notice.none_reachable")


def elsewhere(turn: Turn, draft: Notice, ways: Sequence[Reach]) -> tuple[tuple[Button, ...], ...]:
    """A button for each group that would get it, two in a row."""
    buttons = [Button(turn.say("notice.to_instead", group=turn.say(f"recipients.{name_of(one.clause)}"), count=one.count),
                      Action("to", f"{draft.id}.{one.place}")) for one in ways]  # fmt: skip
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def asked(turn: Turn, wanted: Wanted) -> list[str]:
    """What is asked, with the choices, or the questions of a questionnaire a line each."""
    comma = turn.say("comma")
    lines = [turn.say("notice.asks", what=turn.say(f"notice.kind_{wanted.ask}"), options=comma.join(wanted.options)).rstrip()]
    return lines + [
        turn.say("ballot.listed", number=number, question=one.text, options=comma.join(one.options))
        for number, one in enumerate(wanted.questions, 1)
    ]


def attachments(turn: Turn, files: Sequence[Kept]) -> str:
    """The names of attachments and how much they are together."""
    names = turn.say("comma").join(file.name for file in files)
    megabytes = f"{max(0.1, sum(file.size for file in files) / 1_000_000):.1f}"
    return turn.say("notice.attachments", count=len(files), names=names, size=megabytes)


def counted(turn: Turn, draft: Notice, chosen: Chosen) -> list[str]:
    """How many people it goes to, some of them by name, and how many cannot be reached."""
    names = turn.say("comma").join(person.name or turn.say("notice.nameless") for person in chosen.people[:SAMPLE])
    lines = [turn.say("notice.to", to=in_words(turn, draft.selection), count=len(chosen.people))]
    lines += [turn.say("notice.sample", names=names)] if names else []
    if chosen.unreachable and len(chosen.unreachable) < len(chosen.people):
        lines.append(turn.say("notice.unreachable", count=len(chosen.unreachable)))
    return lines


def in_words(turn: Turn, selection: str) -> str:
    """A selection as people say it."""
    read = read_selection(selection)

    def phrase(clause: Clause) -> str:
        if clause.by is By.FOLLOWERS:
            return turn.say("recipients.followers", name=clause.value)
        if clause.by is By.LIST:
            return turn.say("recipients.listed", name=clause.value)
        if clause.by in (By.UNIT, By.PERSON):
            return clause.value
        return turn.say(f"recipients.{name_of(clause)}")

    words = turn.say("comma").join(phrase(clause) for clause in read.plus)
    without = turn.say("comma").join(phrase(clause) for clause in read.minus)
    return turn.say("recipients.without", all=words, without=without) if without else words


def _doors(turn: Turn, draft: Notice, reached: bool) -> tuple[tuple[Button, ...], ...]:
    number = draft.id
    send = Button(turn.say("notice.send"), Action("send", f"{number}.{draft.revision}"))
    return (
        (
            Button(turn.say("notice.change_text"), Action("change", f"{number}.text")),
            Button(turn.say("notice.change_to"), Action("to", str(number))),
        ),
        (
            Button(turn.say("notice.change_ask"), Action("change", f"{number}.ask")),
            Button(turn.say("notice.change_at"), Action("change", f"{number}.at")),
        ),
        (
            Button(turn.say("notice.change_files"), Action("attach", str(number))),
            *(
                (Button(turn.say("notice.change_until"), Action("change", f"{number}.until")),)
                if draft.wanted.ask is not Ask.NOTHING
                else ()
            ),
        ),
        (
            Button(turn.say("notice.preview"), Action("preview", str(number))),
            Button(turn.say("template.keep_draft"), Action("keep_template", str(number))),
        ),
        (
            *((send,) if reached else ()),
            Button(turn.say("notice.discard"), Action("discard", f"{number}.{draft.revision}")),
        ),
    )


def name_of(clause: Clause) -> str:
    """The last part of the text key of a group of people."""
    return clause.value or str(clause.by)


async def draft_of(db: Transaction, reference: str) -> Notice | None:
    """The draft whose id the reference begins with; None where it is none (any more). Refusal where no button of ours carries that."""
    notice = await db.notices.get(numbers_of(reference.partition(".")[0], 1)[0])
    return notice if notice is not None and notice.state is NoticeState.DRAFT else None


async def seen(db: Transaction, reference: str, states: Sequence[NoticeState] = (NoticeState.DRAFT,)) -> Notice | None:
    """The notice `id.revision` as it was when the button was drawn; None where it changed since."""
    number, revision = numbers_of(reference, 2)
    notice = await db.notices.get(number)
    return notice if notice is not None and notice.state in states and notice.revision == revision else None


async def expect(db: Transaction, turn: Turn, what: str, notice: int, text: str = "") -> None:
    """Take the next words for `notice_WHAT` of this draft."""
    expectation = Expectation(f"notice_{what}", str(notice), turn.now, text)
    await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
