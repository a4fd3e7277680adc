"""Decide who is to carry out a measure, and how the text ties them to it."""

import re
from dataclasses import dataclass, replace

from bot.plan import actors, lexicon
from bot.plan import measures as cutting
from bot.plan.dates import DateContext
from bot.plan.labels import split_names
from bot.plan.model import Basis, Owner, Role, Span

# 將 as 將要: a time may stand before it, and what follows is a verb (將校本教研作為… is the other 將).
WILL = re.compile(
    r"(?:[^,;]{0,8}[年月日学期半旬度末底初起])?(?:拟|将)(?:要|于|在|新|继续|全面|逐步|陆续|统一|不?定期|适时|分[批期]|举|召|开展|组织|进行|成立|聘|出台|制|建|实施|启动|推|对.{1,20}进行)"
)


FRONTED = re.compile(
    rf"(?:在|于|从|自)?(?:{lexicon.MOMENT}[-—~至到和、]{{0,2}})+(?:期间|之前|以前|以后|之后|前后|前|起|内|后|中)?[,，]?\s*"
)
ENTRY = re.compile(
    r"(?P<first>一是|①|\(1\)|1[.、)]|首先|第一,)|[二三四五六七八九十]是|[②-⑳]|\([2-9]\)|[2-9][.、)](?!\d)|其次|再次|最后|第[二三四五六],"
)
"""An entry of a list inside a paragraph: the subject of one is not that of the next."""


@dataclass(slots=True)
class Text:
    """A document's text beside its folded twin, and what is known of it."""

    text: str
    folded: str
    issuer: str
    level: str
    """The word for the issuer's level, as in 我區, 區級."""
    context: DateContext


@dataclass(slots=True)
class Voice:
    """Who speaks at the moment while sentences are read in order."""

    carried: tuple[Owner, ...] = ()
    """The subject of an earlier sentence that carries on."""
    sentence: tuple[int, int] = (-1, -1)
    spoken: tuple[Owner, ...] = ()
    """The subject of the sentence itself."""
    person: bool = False
    """True where that subject is people, who act in their own sentence only."""
    spoken_part: int = -1
    """In which part of the sentence (divided by ；) that subject stands."""
    head: Span | None = None
    """The time at the front of the sentence."""
    head_part: int = -1
    before: tuple[Owner, ...] = ()
    """Who carried on when a list inside the paragraph began."""
    home: tuple[Owner, ...] = ()
    """Who answers for what stands under the heading, where it names somebody."""


def owners_of(source: Text, cut: cutting.Cut, told: tuple[Owner, ...], voice: Voice) -> tuple[Owner, ...]:
    """Who is to carry out a measure, leads first, and how the text ties them to it."""
    folded = source.folded
    if cut.sentence != voice.sentence:
        if voice.spoken:
            voice.carried = () if voice.person else tuple(replace(owner, basis=Basis.INHERITED) for owner in voice.spoken)
        voice.sentence, voice.spoken, voice.head = cut.sentence, (), None
    if entry := ENTRY.match(folded, cut.start, cut.end):
        if entry["first"]:
            voice.before = tuple(replace(owner, basis=Basis.INHERITED) for owner in voice.spoken) or voice.carried
        voice.spoken, voice.carried = (), voice.before
    found = named_subject(folded, cut.body, cut.end)
    others = list(actors.others(folded, cut.body, cut.end))
    more = tuple(Owner(name, one.role) for one in others for name in split_names(source.text[one.start : one.end], whole=True))
    handed = tuple(
        Owner(name, one.role)
        for one in others
        if one.role in (Role.LEAD, Role.ORGANISE) and not one.beside
        for name in split_names(source.text[one.start : one.end], whole=True)
    )
    if found and handed and not others[0].beside and others[0].start < found.start:
        found = None
    if found:
        names = split_names(source.text[found.start : found.end], whole=True)
        leads = tuple(Owner(name) for name in names)
        voice.spoken, voice.carried, voice.spoken_part, voice.person = leads, (), voice.head_part, found.person
    elif handed:
        leads = handed
        if folded.startswith("由", cut.body):
            # 由X負責…，完成…: who stands at the front carries on as a subject does.
            voice.spoken, voice.carried, voice.spoken_part, voice.person = handed, (), voice.head_part, True
    elif voice.spoken and voice.spoken_part == voice.head_part:
        leads = voice.spoken
    elif voice.spoken:
        # Another part of the sentence (after ；) only takes the subject over.
        leads = tuple(replace(owner, basis=Basis.INHERITED) for owner in voice.spoken)
    elif told:
        return merged(told, more)
    else:
        if marks_issuer(source, cut):
            voice.carried = ()
        leads = voice.carried or voice.home or (Owner(source.issuer, Role.LEAD, Basis.IMPLIED),)
    return merged(leads, more)


def merged(leads: tuple[Owner, ...], more: tuple[Owner, ...]) -> tuple[Owner, ...]:
    """The owners without repetition, leads first."""
    first: dict[str, Owner] = {}
    for owner in (*leads, *more):
        first.setdefault(owner.name, owner)
    return tuple(first.values())


def named_subject(folded: str, start: int, end: int) -> actors.Actor | None:
    """The first actor that begins one of the clauses of a measure."""
    for first, last in cutting.stretches(folded, start, end, ",:"):
        dated = FRONTED.match(folded, first, last)
        begin = dated.end() if dated else first
        for place in dict.fromkeys((begin, first)):
            if found := actors.subject(folded, place, last, end):
                return found
    return None


def marks_issuer(source: Text, cut: cutting.Cut) -> bool:
    """True where a measure without a subject is the issuer's by its words: 將舉辦…, 成立我區…, 制定《區…》, a 區級 thing."""
    words = source.folded[cut.body : cut.end]
    if any(WILL.match(clause) for clause in re.split(r"[,;]", words)):
        return True
    if not source.level:
        return False
    level = source.level
    if re.match(rf"全{level}(?!各|教师|学校|中小|所有|幼儿园)", words):
        return True
    mark = rf"我{level}|{level}级|{level}域|全{level}|[《“]{level}|(?:设立|成立|出台){level}|{level}校两级"
    verbs = "举办|组织|召开|成立|开展|出台|制定|制订|建立|组建|设立|启动|评选|表彰|下发|印发|聘请|指导|开发|举行|推广"
    return bool(re.search(rf"(?:{verbs})[^,;。]{{0,8}}?(?:{mark})", words))
