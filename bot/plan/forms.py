"""The forms of Chinese times as a table: what each looks like, and the function that says which days it covers."""

import re
from collections.abc import Callable, Sequence

from bot.plan import readings, schooltimes
from bot.plan.periods import DateContext
from bot.plan.readings import WEEKDAYS, Days

N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])"
M = rf"(?:{N}|元(?=月))"
COUNT = rf"(?:{N}|两)"
WORDS = r"今年度?|本年度?|当年|明年|来年|次年|翌年|去年|上年度?|上一年度?|前年|后年|下一年度?"
YEAR = (
    r"(?:(?P<y>(?:19|20)\d\d)\s*年度?|(?P<cy>[一二][〇零OoO0一二三四五六七八九]{3})年度?|民国(?P<croc>[〇零一二三四五六七八九十百]{2,7})年度?"
    r"|(?:民国\s*)?(?<!\d)(?P<roc>9\d|1[0-4]\d)\s*年度?(?!级)|(?<!\d)(?P<yy>[1-4]\d)\s*年(?=\s*\d{1,2}\s*月)"
    rf"|(?P<word>{WORDS}))"
)
SECOND_YEAR = r"(?:(?P<y2>(?:19|20)\d\d|次|翌|明|第二|来)\s*年\s*)?"
SCHOOLYEAR = (
    r"(?:(?<!\d)(?P<s>(?:19|20)\d\d|9\d|1[0-4]\d)(?:\s*[-—~至/]+\s*(?:(?:19|20)\d\d|\d\d|1[0-4]\d))?\s*学年度?"
    r"|(?<![〇零一二三四五六七八九十])(?P<cs>[一二][〇零一二三四五六七八九]{2,3})(?:\s*[-—~至]+\s*[一二][〇零一二三四五六七八九]{2,3})?学年度?)"
)
TERM = r"(?:第\s*)?[一二12上下]\s*学期|[春秋]季?学期|[上下]期"
EDGES = r"开学初|开学|初(?![一二三中高])|(?:期末|中期|期中)(?![考复测检评质统调总工])|末(?!考)|结束|底"
TO = r"\s*(?:-{1,4}|—{1,2}|~{1,2}|至|到)\s*"
# 初 and 中 are also the beginning of another word: 7月初评, 5月中考.
TAIL = (
    r"(?P<t>上、?中旬|中、?下旬|中期(?![考检评测质])|上旬|中旬|下旬|月?初(?![评中赛审级选试步高一二三])|月?底|月?末"
    r"|中(?![考学小旬高国级职期心央层班]))"
)
# What stands after a day and belongs to its words: its weekday, the part of the day, the time by the clock.
WEEKDAY = rf"(?:\s*\(\s*(?:(?:星期|周|礼拜)\s*)?[{WEEKDAYS}]\s*\)|\s*(?:星期|周|礼拜)[{WEEKDAYS}])"
PART = r"(?:上午|下午|中午|晚上|早上|清晨|凌晨|傍晚|晚间|全天|当天|当日|晚(?![会餐自辅育婚])|早(?![操读餐教恋晚期]))"
HOUR = (
    r"(?:\d{1,2}\s*:\s*\d\d(?!\d)|(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s*[点时](?![间期段代])"
    r"(?:整|半|[一三]刻|\d{1,2}分?|[一二三四五六七八九十]{1,3}分)?)"
)
CLOCK = rf"(?:{WEEKDAY})?(?:\s*,?\s*{PART})?(?:\s*,?\s*{HOUR}(?:{TO}(?:{PART})?\s*{HOUR})?)?"

ODD = r"(?<![\d一二三四五六七八九十廿卅第每/.])"
# Slashed and dotted numbers are as often parts and versions, so they need a neighbour that makes them a day.
DAYWORD = r"(?=[”\"]|[^,。;“”\"\d]{0,12}(?:日|节|周))"
POINTWORD = r"(?=[”\"]|[^,。;“”\"\d]{0,12}(?:日|节|周|月|宣传|活动|教育|演练|主题|晚会|防|安全|纪念|宪法|消防|禁毒))"
SLASHED = r"(?![\d/.%]|\s*(?:以上|以下|的|左右|多|强))"
FRONT = r"(?:(?<=^)|(?<=[周(\[:\s、,]))"
BACK = r"(?=\s*(?:$|[),\]、;。\s:]))"
ALONE = r"(?=\s*(?:$|\([一二三四五六日天周星期]{1,3}\)|(?:之前|以前|前(?!后)|起|止|截止)))"

Reader = Callable[[re.Match[str], DateContext], Days | None]
FORMS: Sequence[tuple[str, str, Reader]] = (
    # days
    (
        "day",
        rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月份?\s*(?P<d>{N})\s*[日号]?(?:{WEEKDAY})?{TO}(?:{SECOND_YEAR}(?P<m2>{M})\s*月\s*)?(?P<d2>{N})\s*[日号]{CLOCK}",
        readings.a_day,
    ),
    (
        "day",
        rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月\s*(?P<d>{N})\s*[日号]?(?:\s*、\s*{N}\s*[日号]?){{0,8}}\s*[、和及与]\s*(?P<d2>{N})\s*[日号](?![内之后游]){CLOCK}",
        readings.a_day,
    ),
    ("day", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月\s*(?P<d>{N})\s*[日号](?!龄){CLOCK}", readings.a_day),
    # 12月15前: the word for the day is left out.
    ("day", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月\s*(?P<d>\d{{1,2}})(?=\s*(?:之前|以前|前(?![后任几]))(?!\d))", readings.a_day),
    (
        "day",
        rf"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)(?:{TO}(?:(?P<m2>\d{{1,2}})[-/.])?(?P<d2>\d{{1,2}})(?![\d/.-]))?(?:{CLOCK})",
        readings.a_day,
    ),
    ("day", rf"(?<![\d./-])(?P<roc>1[0-4]\d)([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}})(?![\d.])(?:{CLOCK})", readings.a_day),
    ("day", rf"(?<![\d./-])(?P<yy>[1-4]\d)([./-])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){ALONE}", readings.a_day),
    (
        "day",
        rf"{ODD}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){SLASHED}(?:{WEEKDAY})?(?:{TO}(?:(?P<m2>\d{{1,2}})/)?(?P<d2>\d{{1,2}}){SLASHED})?(?:{CLOCK})",
        readings.a_slashed_day,
    ),
    (
        "festival",
        rf"(?:{ODD}(?P<m>\d{{1,2}})\.(?P<d>\d{{1,2}})(?![\d·.%]){DAYWORD}|{ODD}(?P<cm>{N})·(?P<cd>{N})(?![\d·.%万亿元倍米]){POINTWORD})",
        readings.a_day,
    ),
    (
        "day",
        r"(?<=\()(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?:(?:-|—|~|至|到)(?:(?P<m2>\d{1,2})\.)?(?P<d2>\d{1,2}))?(?=\))",
        readings.a_dotted_range,
    ),
    (
        "day",
        rf"{FRONT}(?P<m>\d{{1,2}})\.(?P<d>\d{{1,2}}){TO}(?P<m2>\d{{1,2}})\.(?P<d2>\d{{1,2}}){BACK}",
        readings.a_dotted_range,
    ),
    ("day", rf"(?:(?<=^)|(?<=\n)|(?<=[周(:]))(?P<m>\d{{1,2}})\.(?P<d>\d{{1,2}}){ALONE}", readings.a_dotted_range),
    ("day", r"(?<![\d./-])(?P<m>0\d|1[0-2])-(?P<d>[0-3]\d)\s*[~至到]\s*(?P<m2>0\d|1[0-2])-(?P<d2>[0-3]\d)(?![\d./-])", readings.a_day),
    ("day", r"\A\s*(?P<m>0\d|1[0-2])-(?P<d>[0-3]\d)\s*\Z", readings.a_day),
    (
        "lunar",
        rf"(?:(?:农历|阴历|夏历)\s*(?:[甲乙丙丁戊己庚辛壬癸][一-鿿]年)?(?P<leap>闰)?(?:(?P<lm>正|腊|冬|{N})月)|(?P<lm_>正|腊)月)"
        rf"(?P<ld>初[一二三四五六七八九十]|{N})日?(?:{TO}(?P<ld2>初[一二三四五六七八九十]|{N})日?)?",
        readings.a_lunar_day,
    ),
    (
        "lunar",
        r"(?<![一二三四五六七八九十第])(?P<lm>[一二三四五六七八九十]|十[一二])月(?P<ld>初[一二三四五六七八九十])(?![年班级中高个所次名场项天月份小])",
        readings.a_lunar_day,
    ),
    ("weekday", rf"(?:{YEAR})?{ODD}(?P<m>{N})月份?的?(?P<w>最后|第{N})一?个?(?:星期|周)(?P<wd>[{WEEKDAYS}])", readings.weekday_of_month),
    # months
    (
        "month",
        rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月?份?{TO}{SECOND_YEAR}(?P<m2>{M})\s*月份?(?!\s*{N}\s*[日号]){TAIL}?(?![龄个])",
        readings.a_month,
    ),
    (
        "month",
        rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M}(?:\s*月份?)?)(?:\s*、\s*{M}(?:\s*月份?)?){{0,8}}\s*[、和及与或]\s*(?P<m2>{M}\s*月份?)(?!\s*{N}\s*[日号])(?![龄个底初末上中下])",
        readings.some_months,
    ),
    ("week", rf"(?:{YEAR})?{ODD}(?P<m>{N})月份?的?第?(?P<w>{N})个?(?:周|星期)(?![{WEEKDAYS}年岁期])", readings.a_week),
    ("month", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{M})\s*月份?(?:{TAIL}|(?![\d龄嫂]))", readings.a_month),
    (
        "month",
        rf"(?<![\d./-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?:{TO}(?P<y2>(?:19|20)\d\d)[-/.](?P<m2>0?[1-9]|1[0-2]))?(?![\d-]|[./]\d)",
        readings.a_month,
    ),
    ("bare", rf"(?<![\d月年-])(?P<d>\d{{1,2}})[日号]?(?:{TO}|[、和])(?P<d2>\d{{1,2}})日(?![内之后龄])", readings.bare_day),
    ("bare", rf"(?<![\d月年-])(?P<d>\d{{1,2}})日(?![游志内之后均常龄]){CLOCK}", readings.bare_day),
    ("tenday", r"(?<![月上中下、])(?P<t>上旬|中旬|下旬)(?!刊)", readings.a_tenday),
    # weeks
    ("opening", rf"(?P<open>开学)(?:后|的)?第(?P<w>{N})周(?![年岁期])", readings.a_week),
    (
        "week",
        rf"第\s*(?P<w>{N})\s*周?(?:\s*、\s*第?\s*{N}\s*周?){{0,8}}(?:{TO}|\s*[、和及]\s*)第?\s*(?P<w2>{N})\s*(?:教学)?周(?![{WEEKDAYS}年岁期边转全密报刊])",
        readings.a_week,
    ),
    (
        "week",
        rf"第\s*(?P<w>{N})\s*(?:教学)?周(?![年岁期边转全密报刊])(?:\s*(?:星期|周)(?P<wd>[{WEEKDAYS}]))?(?![{WEEKDAYS}])",
        readings.a_week,
    ),
    # terms and school years
    ("term", rf"{SCHOOLYEAR}\s*(?P<term>{TERM})?(?P<t>{EDGES})?", schooltimes.a_term),
    ("term", rf"{YEAR}的?(?P<term>[春秋]季?(?:学期|(?=开学)))(?P<t>{EDGES})?", schooltimes.a_term),
    ("term", rf"(?P<which>[本这新下上该全整])(?:一|个)?学期(?P<t>{EDGES})?", schooltimes.a_term),
    ("term", rf"(?P<which>[本新下上该全整])(?:一|个)?学年度?(?P<t>{EDGES})?", schooltimes.a_term),
    ("term", rf"(?<!年级)(?<!学年度)(?P<term>第[一二12]学期|[春秋]季?学期)(?P<t>{EDGES})?", schooltimes.a_term),
    ("term", r"(?<![每本这新下上该全整一二个两\d])学期(?P<t>开学初|初|末|结束|中期)", schooltimes.a_term),
    ("term", r"(?<![每本这新下上该全整一二个两\d半])学年度?(?P<t>初|末)(?![中高])", schooltimes.a_term),
    ("opening", rf"开学后?(?P<n>{COUNT})(?:个)?(?P<unit>周|星期|天|日|月)[之以]?内", schooltimes.an_opening),
    ("opening", r"开学(?P<t>初期|初|伊始|之初)", schooltimes.an_opening),
    ("opening", r"放假(?=前)", schooltimes.a_closing),
    ("term", r"第[一1]、?(?:和|及|与)?第?[二2]学期|上、?下学期|两个?学期", schooltimes.both_terms),
    ("opening", r"开学(?:第一天|当[天日]|日(?!常))|开学(?=(?:之|以)?[前后](?![台来进]))", schooltimes.an_opening),
    (
        "edge",
        r"(?:(?<=^)|(?<=[,。;:(\s于在]))(?P<t>期初|期中|期末)(?=(?:之?[前时后]|阶段)?(?:$|[,。;:)\s]|对|由|组织|进行|开展|召开|将|各))",
        schooltimes.edge_of_term,
    ),
    # parts of years and years
    ("half", rf"(?:{YEAR})?(?P<half>[上下])半年", readings.a_part),
    (
        "quarter",
        rf"(?<![每\d])(?:{YEAR})?(?:第\s*)?(?P<quarter>[一二三四1-4])(?:季度?)?(?:{TO}|[、和])第?(?P<q2>[一二三四1-4])\s*季度",
        readings.a_part,
    ),
    ("quarter", rf"(?<!每)(?:{YEAR})?(?:第\s*)?(?P<quarter>[一二三四1-4])\s*季度(?P<t>[末底])?", readings.a_part),
    ("season", rf"{YEAR}(?P<season>[春夏秋冬])[季天]?(?!学|运|联|晚)", readings.a_part),
    ("season", r"今冬明春|去冬今春", readings.a_part),
    ("season", r"今(?P<season>[春夏秋冬])(?![一-鿿]?学)", readings.a_part),
    ("year", r"(?P<y>(?:19|20)\d\d)年?\s*(?:-|—|~|至|到)+\s*(?P<y2>(?:19|20)\d\d)年(?!\s*\d)", readings.a_year),
    ("year", rf"{YEAR}(?:年(?=[末底初]))?(?P<t>[末底初内])?(?![级龄轮版制届期代])", readings.a_year),
    (
        "year",
        r"(?<![\d多两几近每整全学青少成老幼壮同百千周一二三四五六七八九十])年(?:(?P<t>[底末初])|内|度内)(?![一二三])",
        readings.a_year,
    ),
    ("year", r"全年(?![级龄段])", readings.a_year),
    ("months", r"岁末年初|年末岁初|年底年初", readings.turn_of_year),
    (
        "fiveyear",
        r"[“\"]?(?P<plan>十[一二三四五六七]?|[一二三四五六七八九])五[”\"]?(?:规划)?(?P<t>期间|时期|期末|末|初|收官之年|开局之年)",
        readings.five_years,
    ),
    ("within", rf"(?<![\d第近满任龄职作教])(?P<n>{COUNT})年[之以]?内(?!的|教|新|青|入|毕|参)", readings.within),
    # breaks
    ("break", rf"(?:{YEAR})?(?:寒、?暑假|寒假[和及、与]暑假|寒假|暑假|暑期)(?:期间|中|里)?", schooltimes.a_break),
    # relative to today
    (
        "relative",
        rf"(?:(?<![一-鿿])|(?<=[于在将请定到至自和]))(?P<near>今天|明天|后天|大后天|昨天|前天|今日|明日){CLOCK}",
        readings.relative,
    ),
    ("relative", rf"(?<![第\d])(?P<n>{COUNT})(?:个)?(?P<step>天|日|周|星期)[之以]?后", readings.relative),
    (
        "relative",
        rf"(?P<week>[本这上]|下{{1,2}})一?个?(?:周|星期|礼拜)(?P<wd>[{WEEKDAYS}](?![{WEEKDAYS}\d]))?(?!年|期|岁|边|转|到|全|密|报|围|末){CLOCK}",
        readings.relative,
    ),
    ("relative", rf"(?P<moon>[本这上当次]|下{{1,2}})个?月(?P<d>{N})[日号]{CLOCK}", readings.relative),
    ("relative", rf"(?P<moon>[本这上]|下{{1,2}})个?月{TAIL}?(?!球|亮|饼|刊|报)", readings.relative),
    ("open", r"时间(?:待定|另定|未定)|待定|另行通知|另行安排|另行公布|近日|近期", readings.unknown),
)
ROWS = tuple((form, re.compile(pattern), read) for form, pattern, read in FORMS)
# A cheap look before the table: without one of these no form can match.
SIGNS = re.compile(
    r"\d|年|月|学期|季度|开学|期[初中末]|[上中下]旬|[寒暑]|节|日|[五六七八十三]·?[一四八]|元旦|除夕|元宵|清明|端午|中秋|国庆|重阳|周|星期|礼拜|天"
    r"|待定|另行|近[日期]|今[春夏秋冬]|五[”\"]?(?:规划)?(?:期|时|收|开)|[·旦]"
)
