"""What a question asks for: its kind, what it names (time, plan, place, property) and the words left to search for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.ask import moments, normal, tables
from bot.ask.answer import Kind
from bot.ask.moments import When, when_of

NUMBER = "[一二三四五六七八九十百\\d]+"
PLACE = re.compile(
    rf"第(?P<plan>{NUMBER})篇"
    rf"|第(?P<section>{NUMBER})(?:大?部分|大?点|大项|章|大条)"
    rf"|第(?P<item>{NUMBER})(?:小?条|小点|小项|款)"
    rf"|(?<![\d一二三四五六七八九十])(?P<head>[一二三四五六七八九十]+)、\s*(?P<inner>\d+)"
)
STOPS = re.compile(r"[,，。;；!！?？\n]+")
HANDED = re.compile("(归|由|让|请|派|交给)(谁|哪)|谁(来)?(负责|管|定|牵头|主抓|承办|说了算)")
"""Who is to do it is asked, whatever else the question counts or dates."""
OFTEN = re.compile(
    "多久.{0,4}(?:一|1)?(?:次|回|趟)|多久.{1,6}一|多长时间.{0,4}(?:一|1)(?:次|回)|隔多|频率|周期|[几多少][天周月年日].{0,4}(?:一|1)(?:次|回)"
    "|how often"
)
"""How often something is done is asked."""
EXACT = re.compile("哪(?:一|几|两|三|1|2|3)?天|几号|几日|几月几|星期几|周几|礼拜几|具体(?:时间|日期)|日期|几点|what (?:day|date)|which day")
"""A day or an hour is asked for."""
BELONGS = re.compile(
    "(?:哪些|哪几|什么|啥|那些)(?:个|项|样)?(?:事情|事项|事|工作|活动|任务|措施|项目|内容|比赛|培训).{0,4}(?:由|归|是|让|该|属于?).{2,16}$"
    "|(?:负责|分管|承担|牵头|主管|管)(?:了|着|的)?(?:有|是)?(?:哪些|哪几|什么|啥|多少)(?:个|项|样)?(?:事|工作|活动|任务|项目|内容|比赛|$)"
)
"""What a body is to do is asked, not who does a thing."""
LONG = 30
"""From so many characters on a question has a story around it, and its last asking part counts."""
MARK = re.compile("请问|想问|问一下|麻烦|到底|告诉我|想知道|帮我")
SELF = re.compile(
    r"^\s*(我是|我们?(是|在|这|最近|刚|学校|单位|居委)|听说|因为|最近|上次|上学期|(领导|上面|大家|家长们?|同事|老师们)[^,，]{0,8}(说|问|让我|叫我|要我|提过|通知))"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, understood without looking at any plan."""

    text: str
    kind: Kind
    script: str
    content: str
    """What is searched for, through `normal.key`: words parted by blanks."""
    loads: tuple[float, ...]
    """How much each character of `content` counts, 0 to 1."""
    plain: str = ""
    """What is compared by meaning: the question in characters, folded, without greetings."""
    sure: bool = False
    """True where the words of the question say its kind."""
    aspects: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    plans: tuple[str, ...] = ()
    """Names of plans that the question chooses (`spring`, `year`, `second`)."""
    seasons: tuple[str, ...] = ()
    """Names of plans that it hints at."""
    place: tuple[int, int, int] = (0, 0, 0)
    """Plan, section, item; 0 where not named."""
    leans: bool = False
    """True where it reads as a follow-up."""
    more: bool = False
    english: bool = False
    whole: bool = False
    """True where all measures of the time, place or unit that it names are asked for."""

    counts: tuple[tables.Aspect, ...] = ()
    """What it counts (people, times, a share), with what such a figure looks like."""
    sorts: tuple[tables.Aspect, ...] = ()
    """The sort of body that it wants to be told (哪个科室), with what such a name looks like."""

    often: bool = False
    """True where it asks how often something is done."""
    exact: bool = False
    """True where it asks for a day, a weekday or an hour."""

    @property
    def thin(self) -> bool:
        """True where nothing but a time, a place or a unit is named: no subject to search for."""
        bare = tables.patterns().generic.sub("", moments.without(self.content))
        return sum(char.isalpha() and char not in tables.patterns().function for char in bare) < 2


def kind_of(folded: str, english: bool) -> Kind | None:
    """The kind whose words the question has, the most telling first; None where none has any."""
    pattern = tables.patterns()
    table = pattern.english if english else pattern.kinds
    found = {name for name, rows in table.items() if any(row.search(folded) for row in rows)}
    parts = [part for part in STOPS.split(folded) if part.strip()]
    if len(folded) > LONG and len(parts) > 2:
        for part in reversed(parts):
            kind = kind_of(part, english)
            if kind not in (None, Kind.WHAT):
                return kind
    if found & {"who", "list"} and "compare" not in found and BELONGS.search(folded.rstrip(" ?？呢啊。")):
        return Kind.LIST
    if "who" in found and "compare" not in found and HANDED.search(folded):
        return Kind.WHO
    for name in ("compare", "howmany", "when", "who", "document", "list", "what"):
        if name in found and not (name == "when" and "who" in found and who_leads(folded)):
            return Kind(name)
    return None


def who_leads(folded: str) -> bool:
    """True where a question that has words of time and of persons asks for the person (`五月那个谁负责`)."""
    return bool(re.search(r"谁|哪个?(部门|单位|科室)|负责|牵头", folded)) and not re.search(
        r"(什么|啥)时候?|何时|几(月|号|点)|哪(一)?天", folded
    )


def chat(folded: str) -> bool:
    """True for a greeting, thanks or a question about the bot."""
    return any(row.search(folded.strip()) for row in tables.patterns().chat)


def aspects_of(folded: str) -> tuple[str, ...]:
    """The properties asked for by name: telephone, money, clock time, venue."""
    return tuple(aspect.name for aspect in tables.patterns().aspects if aspect.asks.search(folded))


def figure(text: str) -> int:
    """A number in digits or Chinese numerals, 0 where it is none."""
    return int(text) if text.isdecimal() else normal.number(text) or 0


def place_of(folded: str) -> tuple[tuple[int, int, int], str]:
    """The place that the question names, and the question without it."""
    plan = section = item = 0
    for match in PLACE.finditer(folded):
        plan = figure(match["plan"]) if match["plan"] else plan
        section = figure(match["section"] or match["head"]) if match["section"] or match["head"] else section
        item = figure(match["item"] or match["inner"]) if match["item"] or match["inner"] else item
    return (plan, section, item), PLACE.sub(" ", folded)


def plans_of(folded: str, table: Mapping[str, re.Pattern[str]]) -> tuple[str, ...]:
    """The names under which the question speaks of plans (`spring`, `year`, `second`)."""
    return tuple(name for name, row in table.items() if row.search(folded))


def stripped(folded: str, kind: Kind | None) -> str:
    """The question without the words that choose a plan or name the property asked for: they are not what is searched."""
    pattern = tables.patterns()
    for row in (
        *pattern.plans.values(),
        *(aspect.asks for aspect in pattern.aspects),
        *(pattern.seasons.values() if kind is Kind.COMPARE else ()),
    ):
        folded = row.sub(" ", folded)
    return folded


def english_of(text: str) -> str:
    """An English question as Chinese words to search for, unknown words kept as they are."""
    table, stop = tables.glossary(), tables.patterns().latin_stop
    words = re.findall(r"[a-z]+|\d+|[^\x00-\x7f]+", text.lower().replace("'s", "").replace("s'", "s"))
    longest = max((key.count(" ") + 1 for key in table), default=1)
    out: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            known = next((form for form in forms(phrase) if form in table), None)
            if known is not None:
                out.extend(table[known])
                at += size
                break
        else:
            if words[at] not in stop:
                out.append(words[at])
            at += 1
    return " ".join(out)


def forms(word: str) -> Sequence[str]:
    """A word and what it may be the inflected form of."""
    rows = [word]
    for end, new in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
        if word.endswith(end) and len(word) > len(end) + 2:
            rows.append(word[: -len(end)] + new)
    return rows


def loaded(folded: str) -> tuple[str, tuple[float, ...]]:
    """The words to search for and how much each character counts: the asking part of a long question above its story."""
    pattern = tables.patterns()
    parts = [part for part in STOPS.split(folded) if part.strip()]
    asking = [any(row.search(part) for rows in pattern.kinds.values() for row in rows) for part in parts]
    content, loads = [], []
    last = max((at for at, asks in enumerate(asking) if asks), default=-1)
    for at, (part, asks) in enumerate(zip(parts, asking, strict=True)):
        if len(parts) == 1 or (asks and (len(folded) <= LONG or at == last or MARK.search(part))):
            load = 1.0
        else:
            load = 0.35 if SELF.search(part) else 0.6 if any(asking) else 1.0
        bare = pattern.noise.sub(" ", part + " ")
        bare = pattern.words.sub(" ", bare)
        plain = " ".join(normal.key(bare).split())
        if plain:
            content.append(plain)
            loads.extend([load] * len(plain) + [0.0])
    text = " ".join(content)
    return text, tuple(loads[: len(text)])


def common(folded: str) -> str:
    """The question with the regions' words of asking in the common ones."""
    for row, word in tables.patterns().dialect:
        folded = row.sub(word, folded)
    return folded


def plain_of(folded: str) -> str:
    """The question as it is compared by meaning: without greetings, its words of asking kept."""
    return normal.key(" ".join(tables.patterns().noise.sub(" ", folded).split()))


def understand(question: str, today: date | None = None, decoded: str = "") -> Question:
    """Read a question. `decoded` is its reading in characters where it was typed in pinyin."""
    folded = common(normal.fold(decoded or question).strip())
    english = not decoded and normal.latin(folded)
    if chat(folded):
        return Question(question, Kind.CHAT, normal.script_of(question), "", ())
    kind = kind_of(folded, english)
    place, rest = place_of(folded)
    searched = english_of(rest) if english else re.sub(r"[a-z]{2,}", lambda match: latin_words(match.group()), rest)
    content, loads = loaded(searched if english else stripped(searched, kind))
    pattern = tables.patterns()
    result = Question(
        question, kind or Kind.WHAT, normal.script_of(question), content, loads, plain_of(searched), kind is not None,
        aspects_of(folded), when_of(folded, today), plans_of(folded, pattern.plans), plans_of(folded, pattern.seasons), place,
        english=english,
    )  # fmt: skip
    result = replace(
        result,
        counts=tuple(row for row in pattern.counts if row.asks.search(folded)) if result.kind is Kind.HOWMANY else (),
        sorts=tuple(row for row in pattern.sorts if row.asks.search(folded)) if result.kind is Kind.WHO else (),
        often=bool(OFTEN.search(folded)),
        exact=bool(EXACT.search(folded)),
    )
    marked = any(row.search(folded) for row in pattern.follow)
    own = sum(char not in pattern.function and not char.isspace() for char in content)
    # Whose telephone number, or what stands at a place, is a question of its own, however short.
    thin = own <= 2 and not (own == 2 and result.aspects) and not (place[0] and place[1])
    return replace(result, leans=marked or thin, more=bool(pattern.more.search(folded)))


def latin_words(word: str) -> str:
    """An English word inside a Chinese question as Chinese words where the glossary has it, else as it is."""
    rows = next((tables.glossary()[form] for form in forms(word) if form in tables.glossary()), None)
    return f" {' '.join(rows)} " if rows else word
