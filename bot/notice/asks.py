"""What a notice asks of the people it reaches, and whether what they give fits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import Refusal

LINE = 200
"""Characters of a reply in words."""
OPTIONS = range(2, 9)
"""How many choices a notice may offer."""
OPTION = 20
"""Characters of a choice."""
QUESTIONS = range(1, 13)
"""How many questions a questionnaire may have."""
QUESTION = 80
"""Characters of a question."""
ENDS = re.compile(r"(?P<question>.*[？?：:])\s*(?P<options>[^？?：:]*)")
"""A question up to its last mark, then what may be chosen."""
ORDER = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[.．、）)]\s*")
DIVIDED = re.compile(r"[、，,；;/\n]")
"""What stands between two choices."""


class Ask(StrEnum):
    """The kinds of what is asked for."""

    NOTHING = "nothing"
    READ = "read"
    """A press that says it was read."""
    CHOICE = "choice"
    """A press on one of some choices."""
    NUMBER = "number"
    """A number, such as how many will come."""
    LINE = "line"
    """A line of text."""
    FILE = "file"
    """One or more files, such as a form filled in."""
    CHECKIN = "checkin"
    """In a drill: safe, or in need of help."""
    SURVEY = "survey"
    """A choice that is counted and never tied to a person."""
    QUESTIONS = "questions"
    """Several such questions, answered one after the other and handed in together."""

    @property
    def pressed(self) -> bool:
        """True where a press answers it."""
        return self in (Ask.READ, Ask.CHOICE, Ask.CHECKIN, Ask.SURVEY)

    @property
    def secret(self) -> bool:
        """True where nobody may know who answered what."""
        return self in (Ask.SURVEY, Ask.QUESTIONS)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a questionnaire, with what may be chosen."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, the choices or questions where there are any, and until when."""

    ask: Ask = Ask.NOTHING
    options: tuple[str, ...] = ()
    until: datetime | None = None
    """After this moment nothing more is taken."""
    questions: tuple[Question, ...] = ()

    @property
    def ballot(self) -> tuple[Question, ...]:
        """The questions of what is answered in secret; of a survey the one, whose text is the notice's."""
        return (Question("", self.options),) if self.ask is Ask.SURVEY else self.questions

    def pack(self) -> list[Any]:
        """The choices, or the questions each with its choices, as `unpack` takes them."""
        return [[one.text, list(one.options)] for one in self.questions] if self.ask is Ask.QUESTIONS else list(self.options)


def unpack(ask: str, packed: Sequence[Any], until: datetime | None = None) -> Wanted:
    """What is asked, from its kind and what `pack` made of it."""
    if ask == Ask.QUESTIONS:
        return Wanted(Ask.QUESTIONS, (), until, tuple(Question(text, tuple(options)) for text, options in packed))
    return Wanted(Ask(ask), tuple(packed), until)


def read_questions(text: str) -> tuple[Question, ...]:
    """Questions, one a line, each with its choices after the question mark or colon; a line without choices has those before it.

    Refusal with the line where one has none, or where they are too many or too long.
    """
    found: list[Question] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        number = len(found) + 1
        ends = ENDS.fullmatch(ORDER.sub("", line))
        words = ends["question"].rstrip("：:").strip() if ends else ORDER.sub("", line)
        listed = ends["options"].strip() if ends else ""
        if not listed and not found:
            raise Refusal("notice.no_choices", line=number)
        if not words or len(words) > QUESTION:
            raise Refusal("notice.long_question", line=number, length=QUESTION)
        found.append(Question(words, read_options(listed) if listed else found[-1].options))
    if len(found) not in QUESTIONS:
        raise Refusal("notice.bad_questions", most=QUESTIONS.stop - 1)
    return tuple(found)


def asking(ask: Ask, words: str, until: datetime | None = None) -> Wanted:
    """What is asked, with choices or questions read from words where the kind has any; Refusal where they do not fit.

    Where nothing is asked there is no time either.
    """
    until = None if ask is Ask.NOTHING else until
    if ask is Ask.QUESTIONS:
        return Wanted(ask, (), until, read_questions(words))
    return Wanted(ask, read_options(words) if ask in (Ask.CHOICE, Ask.SURVEY) else (), until)


def write_questions(questions: Sequence[Question], comma: str) -> str:
    """The words that `read_questions` reads as these questions."""
    lines = []
    for place, one in enumerate(questions):
        mark = "" if one.text.endswith(("？", "?")) else "："
        same = place and one.options == questions[place - 1].options
        lines.append(f"{one.text}{mark}" + ("" if same else f" {comma.join(one.options)}"))
    return "\n".join(lines)


def read_options(text: str) -> tuple[str, ...]:
    """The choices that somebody lists, each once; Refusal where they are too few, too many or too long."""
    options = tuple(dict.fromkeys(option.strip() for option in DIVIDED.split(text) if option.strip()))
    if len(options) not in OPTIONS or any(len(option) > OPTION for option in options):
        raise Refusal("notice.bad_options", least=OPTIONS.start, most=OPTIONS.stop - 1, length=OPTION)
    return options


def fitting(wanted: Wanted, given: str) -> str | None:
    """What was given, as it is kept; None where it does not answer the question.

    A press gives the place of its choice (`0`), a questionnaire those of all its choices (`0213`); a number may be in full width and
    carry blanks; a line is cut of blanks around it.
    """
    given = given.strip()
    if wanted.ask is Ask.READ:
        return "read" if given in ("", "0", "read") else None
    if wanted.ask is Ask.CHECKIN:
        return {"0": "safe", "1": "help"}.get(given)
    if wanted.ask in (Ask.CHOICE, Ask.SURVEY):
        fits = given.isascii() and given.isdigit() and len(given) < 3 and int(given) < len(wanted.options)
        return given if fits else None
    if wanted.ask is Ask.QUESTIONS:
        whole = len(given) == len(wanted.questions) and given.isascii() and given.isdigit()
        fits = whole and all(int(digit) < len(one.options) for digit, one in zip(given, wanted.questions, strict=True))
        return given if fits else None
    if wanted.ask is Ask.NUMBER:
        plain = given.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
        found = re.fullmatch(r"(-?\d{1,9}(?:\.\d{1,3})?)\s*[^\d\s.]{0,2}", plain)
        return found[1] if found else None
    if wanted.ask is Ask.LINE:
        return given if 0 < len(given) <= LINE else None
    return None
