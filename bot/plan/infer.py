"""What a document does not say outright: whom it speaks for, which year it means, which days a plan is for."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.calendar import SchoolCalendar
from bot.plan import names
from bot.plan.dates import DateContext, find_dates, number
from bot.plan.model import Period, Precision
from bot.plan.periods import month_days
from bot.plan.script import fold

LEVELS = "省市区县州旗镇乡校园局院处系"
OFFICE = (
    r"(?:教育和体育局|教育体育局|教体局|教科体局|教育局|教育厅|教育委员会|教委|教师进修学校|教育督导室|教研室|教研院|教研所|教育研究院|街道办事处"
    r"|人民政府|领导小组办公室)"
)
ACTING = re.compile(rf"(?P<name>[省市区县州旗镇乡]?{OFFICE})(?=[要将拟须应]|负责|牵头|[^,。;]{{0,4}}组织)")
SELVES = "校园局院"
OWN = re.compile(r"我(?P<level>[省市区县州旗镇乡校园局院])(?!们)")
BODY = re.compile(
    r"^(?!为|根据|按照|关于|依据|结合|贯彻|落实|各|本[校园局])(?P<name>[一-鿿·()]{0,30}?(?:局|厅|委员会|教委|学校|中学|小学|国中|国小|高中|附小|附中|[一二三四五六七八九十]中|[一二三四五六七八九十实]小|中心校|幼儿园|学院|大学|研究院|研究室|教研组|办公室|办事处|街道|中心|处|室|校|园))\s*(?=(?:关于|(?:19|20)\d\d|1[0-4]\d学年|第|上半年|下半年|春季|秋季|工作|教育|教学|德育|教研|安全|党建|学前|园务|保教|校务|寒假|暑假|学年|学期|行事))"
)
DATED_BODY = re.compile(
    r"(?:(?:19|20)\d\d|1[0-4]\d)学?年度?(?:[上下]半年|[春秋]季(?:学期)?|第[一二12]学期)?(?P<name>[一-鿿]{2,14}?(?:局|[一二三四五六七八九十]中|中学|小学|学校|幼儿园|研究院))(?=[一-鿿]{0,16}(?:计划|要点|行事历|安排|方案|总结))"
)
KIND = re.compile(r"[省市区县镇乡]?(?:中心|实验|某)?(?:中小学|小学|中学|学校|小学学校|幼儿园|校|园|办公室)")
"""What names a kind of body, not one of them (小學德育工作計劃)."""
YEARS = re.compile(
    r"(?<![\d-])(?P<y>(?:19|20)\d\d)(?=\s*(?:年|学年|[-—~至/]+\s*(?:19|20)?\d\d\s*学年))|(?<!\d)(?P<roc>1[0-4]\d)(?=\s*(?:学年|年度|年))"
)
STAMP = re.compile(r"^.{0,8}(?:时间|日期|来源|发布|导语|作者).{0,80}$", re.MULTILINE)
SIGNED = re.compile(
    r"^[ \t]*(?P<name>[一-鿿()·]{4,30}(?:局|厅|委员会|教委|学校|中学|小学|幼儿园|研究院|研究室|办公室|办事处|中心))"
    r"[ \t]*\n\s*(?:19|20)\d\d\s*年",
    re.MULTILINE,
)


def issuer(folded: str, text: str) -> str:
    """The body the text speaks for, as the text writes it.

    Who signs it, else the office of 我區 that acts in it, else whom its heading names, else 我校 as 本校; 本單位 where nothing tells.
    """
    if signed := SIGNED.search(folded):
        return text[signed.start("name") : signed.end("name")]
    levels = Counter(found["level"] for found in OWN.finditer(folded))
    level = levels.most_common(1)[0][0] if levels else ""
    if level and level not in SELVES and (office := acting(folded, text, level)):
        return office
    name = heading_name(folded, text)
    if name and not KIND.fullmatch(fold(name)):
        return name
    if name and not level:
        level = "园" if name.endswith(("园", "園")) else "校" if KIND.fullmatch(fold(name)) and re.search(r"[校学小中學]$", name) else ""
    if level and level in SELVES:
        return "本" + level
    if level and folded.count("教育") >= 5:
        place = folded.index("我" + level)
        return text[place + 1] + "教育局"
    name = acting(folded, text, "")
    return name if name and folded.count(fold(name)) > 1 else "本單位"


def acting(folded: str, text: str, level: str) -> str:
    """The office of that level that the text most often makes a subject (區教育局將…), empty where none acts."""
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    for found in ACTING.finditer(folded):
        name = found["name"]
        if name.startswith(level):
            counts[name] += 1
            first.setdefault(name, found.start("name"))
    if not counts:
        return ""
    name = max(counts, key=lambda one: (counts[one], -first[one]))
    fuller = (
        Counter(found[0] for found in re.finditer(rf"[省市区县州旗镇乡]{re.escape(name)}", folded)) if name[0] not in LEVELS else Counter()
    )
    if fuller:
        # 教體局 beside 區教體局: the fuller of the two.
        name = fuller.most_common(1)[0][0]
        first[name] = folded.index(name)
    return text[first[name] : first[name] + len(name)]


def heading_name(folded: str, text: str) -> str:
    """The body that one of the first lines begins with (某某學校2019學年工作要點), empty where none does."""
    head = folded[: folded.find("\n", 400) if len(folded) > 400 else len(folded)]
    for line in re.finditer(r"[^\n]+", head):
        words = line[0].strip(" #*")
        found = BODY.match(words) or DATED_BODY.match(words)
        if found and len(found["name"]) > 1:
            begin = line.start() + line[0].index(found["name"])
            return text[begin : begin + len(found["name"])]
    return ""


def year(folded: str, today: int, title: str = "") -> int:
    """The calendar year that the (folded) title names first, else the one that the text names most, the earlier of two alike.

    `today` where neither names one. The spring term of a school year lies in the year after the one it is called by.
    """
    title = re.sub(r"(?<=[一-鿿\d])\s+(?=[一-鿿\d])", "", title)
    if named := YEARS.search(title):
        first = int(named["y"]) if named["y"] else int(named["roc"]) + 1911
        return first + bool(re.search(r"学年度?(?:第?[二2下]学期|春)", title))
    counts: Counter[int] = Counter()
    for found in YEARS.finditer(STAMP.sub("", folded)):
        counts[int(found["y"]) if found["y"] else int(found["roc"]) + 1911] += 1
    if not counts:
        counts = Counter(int(found[0][:4]) for found in re.finditer(r"(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}(?!\d)", STAMP.sub("", folded)))
    if not counts:
        return today
    best = min(counts, key=lambda one: (-counts[one], one))
    # The spring term of a school year lies in the year after the one it is called by.
    spring = re.search(rf"(?<!\d)(?:{best}|{best - 1911})\s*学年度?第?[二2下]学期", folded[:400])
    return best + 1 if spring else best


SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*(?:-|—|~|至|到)+\s*(?P<b>(?:19|20)\d\d)年?(?!\s*学)")
FOR_YEARS = re.compile(r"(?P<a>(?:19|20)\d\d)年起(?P<n>\d{1,2}|[一二三四五六七八九十])年内")
WHOLE = re.compile(r"本学年|(?:今后|未来)一学年|学年度?(?:工作|教育|教学|计划|要点|重点)|学年度?$")
HALF = re.compile(r"[上下]半年(?=工作|教育|教学|计划|安排|要点)")
TERM = re.compile(r"本学期|学期(?:工作|教学|计划|行事|要点|安排)|第[一二12]学期|[上下]学期|[春秋]季?学期")


def republic(folded: str) -> bool:
    """True where a document counts its years from 1912 (民國114年, 114學年度)."""
    return bool(re.search(r"民国\s*[1一]\d?|(?<!\d)1[0-4]\d\s*学年度?", folded))


def period(title: str, preamble: str, body: str, context_year: int, calendar: SchoolCalendar, given: bool) -> Period:
    """The days a plan is for: by its title, else its preamble, else what its text is about; at last the calendar year.

    本學期 and 本學年 do not say which: the months that the text names decide (a term) or whether they begin in autumn (a year).
    """
    title = re.sub(r"(?<=[一-鿿\d])\s+(?=[一-鿿\d])", "", title)
    for place in (title, preamble[:600]):
        if several := FOR_YEARS.search(body[:3000]) if place is title else None:
            begin = int(several["a"])
            return Period(date(begin, 1, 1), date(begin + number(several["n"]) - 1, 12, 31))
        if place is title and (several := SPAN.search(place)) and int(several["b"]) > int(several["a"]):
            return Period(date(int(several["a"]), 1, 1), date(int(several["b"]), 12, 31))
        if found := stated(place, context_year, calendar, body, given):
            return found
    return stated(body[:400], context_year, calendar, body, given) or Period(date(context_year, 1, 1), date(context_year, 12, 31))


def stated(place: str, context_year: int, calendar: SchoolCalendar, body: str, given: bool) -> Period | None:
    """The period that a title or a preamble states, None where it states none."""
    calendar_year = Period(date(context_year, 1, 1), date(context_year, 12, 31))
    for found in find_dates(place, DateContext(context_year, calendar_year, calendar)):
        words = place[found.start : found.end]
        if (
            found.span.precision in (Precision.TERM, Precision.SCHOOLYEAR)
            and re.match(r"\d", words)
            and found.span.start
            and found.span.end
        ):
            return Period(found.span.start, found.span.end)
    if part := HALF.search(place):
        first = 1 if part[0][0] == "上" else 7
        return Period(*month_days(context_year, first, first + 5)) if len(place) < 80 else None
    term, whole = TERM.search(place), WHOLE.search(place)
    if term and not (whole and whole.start() < term.start()):
        return which_term(term[0], context_year, calendar, body)
    if whole:
        began = context_year - (1 if leans_to_spring(body, context_year, strict=True) else 0)
        return Period(*calendar.year_span(began))
    if re.search(r"(?:19|20)\d\d年", place) and len(place) < 80:
        return calendar_year
    return None


ALIAS = re.compile(r"(?P<before>[一-鿿]{4,24})\((?:以下|下)?(?:统一)?(?:简称|统称)(?:为|:)?[“\"]?(?P<alias>[一-鿿]{2,12})[”\"]?\)")


def aliases(folded: str, text: str) -> tuple[tuple[str, str], ...]:
    """The shorter names that a text gives its units (某某研究院（以下簡稱研究院）), as pairs of name and alias, both as written."""
    found: dict[str, str] = {}
    for match in ALIAS.finditer(folded):
        start, end = match.span("before")
        begin = next((place for place in range(start, end - 1) if names.is_name(folded[place:end])), None)
        if begin is not None:
            found.setdefault(text[match.start("alias") : match.end("alias")], text[begin:end])
    return tuple((name, alias) for alias, name in found.items())


def week(title: str, context: DateContext) -> tuple[date, date] | None:
    """The days of the one week that a title (folded) names, by its days or else by its number; None where it names none."""
    spans = [found.span for found in find_dates(title, context)]
    weeks = [(span.start, span.end) for span in spans if span.start and span.end and 2 <= (span.end - span.start).days < 8]
    return weeks[-1] if weeks else None


def which_term(word: str, context_year: int, calendar: SchoolCalendar, body: str) -> Period:
    """The autumn or the spring term of that calendar year, by the word or by the months the text names."""
    if re.search(r"[二2下春]", word):
        spring = True
    elif re.search(r"[一1上秋]", word):
        spring = False
    else:
        spring = leans_to_spring(body, context_year)
    return Period(*(calendar.spring_term(context_year - 1) if spring else calendar.autumn_term(context_year)))


def leans_to_spring(body: str, context_year: int, strict: bool = False) -> bool:
    """True where the times that the text gives lie in February to July rather than in September to January.

    With `strict`, only where none of them lies in the autumn of that year or in the year after.
    """
    around = Period(date(context_year, 1, 1), date(context_year, 12, 31))
    spring = autumn = 0
    for found in find_dates(body, DateContext(context_year, around)):
        span = found.span
        day = span.start or span.end
        if day is None or span.precision in (Precision.YEAR, Precision.SCHOOLYEAR, Precision.TERM):
            autumn += bool(day and day.year == context_year + 1 and span.precision is Precision.YEAR)
            continue
        if (
            day.year > context_year
            or (day.year == context_year and day.month >= 8)
            or (day == date(context_year, 1, 1) and span.precision is Precision.DAY)
        ):
            autumn += 1
        elif day.year == context_year:
            spring += 1
    return spring > 0 and autumn == 0 if strict else spring > autumn


def level_of(name: str, folded: str) -> str:
    """The word for the issuer's level (區 in 區教育局, 校 for a school), empty where there is none."""
    levels = Counter(found["level"] for found in OWN.finditer(folded))
    if levels:
        return levels.most_common(1)[0][0]
    marks: Sequence[str] = [one for one in name if one in LEVELS]
    return "校" if re.search(r"(?:学校|中学|小学)$", name) else marks[0] if marks else ""
