"""What is understood of a question before any plan is looked at."""

from datetime import date

import pytest

from bot.ask import intents, normal, pinyin, tables
from bot.ask.answer import Kind

KINDS = [
    ("校園藝術展由誰負責?", Kind.WHO),
    ("艺术展归哪个科室管", Kind.WHO),
    ("哪几所学校参加合唱?", Kind.WHO),
    ("合唱節牽頭單位", Kind.WHO),
    ("Who is responsible for the choir?", Kind.WHO),
    ("合唱节什么时候办?", Kind.WHEN),
    ("合唱節是幾月幾號", Kind.WHEN),
    ("报名截止到哪天", Kind.WHEN),
    ("多久检查一次?", Kind.WHEN),
    ("合唱比赛是哪几天", Kind.WHEN),
    ("When is the choir contest?", Kind.WHEN),
    ("要选多少名队员?", Kind.HOWMANY),
    ("合格率要達到多少", Kind.HOWMANY),
    ("这是第几届?", Kind.HOWMANY),
    ("How many pupils take part?", Kind.HOWMANY),
    ("要开展哪些活动?", Kind.LIST),
    ("準備工作有哪幾項", Kind.LIST),
    ("依据的是哪份文件?", Kind.DOCUMENT),
    ("那個辦法的全稱是什麼", Kind.DOCUMENT),
    ("兩份計劃有什麼不同?", Kind.COMPARE),
    ("对比一下春季和学年的要求", Kind.COMPARE),
    ("合唱怎么排练?", Kind.WHAT),
    ("你好", Kind.CHAT),
    ("謝謝你", Kind.CHAT),
    ("你是谁", Kind.CHAT),
]


@pytest.mark.parametrize(("question", "kind"), KINDS)
def test_a_question_tells_what_it_asks_for(question: str, kind: Kind) -> None:
    assert intents.understand(question).kind is kind


def test_the_asking_part_of_a_story_decides_the_kind() -> None:
    story = "您好,我是新来的音乐老师,校长让我带几个学生去排练,可是通知我没看到,请问合唱比赛到底是哪天"
    assert intents.understand(story).kind is Kind.WHEN


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("四月有什麼活動", {4}),
        ("12月的工作", {12}),
        ("十一月份", {11}),
        ("上半年做什么", {1, 2, 3, 4, 5, 6}),
        ("年底前", {12}),
        ("events in May", {5}),
    ],
)
def test_months_that_a_question_names(question: str, months: set[int]) -> None:
    assert intents.understand(question).when.months == months


def test_next_week_and_this_month_need_a_day() -> None:
    today = date(2027, 3, 31)
    assert intents.when_of("下周有什么", today).first == date(2027, 4, 5)
    assert intents.when_of("下周有什么", today).last == date(2027, 4, 11)
    assert intents.when_of("本月做什么", today).last == date(2027, 3, 31)
    assert intents.when_of("下个月", date(2026, 12, 5)).first == date(2027, 1, 1)
    assert not intents.when_of("下周有什么", None)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("第二篇第三部分第五條講什麼", (2, 3, 5)),
        ("第三大点", (0, 3, 0)),
        ("三、6 是什么", (0, 3, 6)),
        ("第十二部分第2条", (0, 12, 2)),
        ("无", (0, 0, 0)),
    ],
)
def test_places_that_a_question_names(question: str, place: tuple[int, int, int]) -> None:
    assert intents.understand(question).place == place


def test_plans_are_chosen_outright_or_hinted_at() -> None:
    assert intents.understand("春季那份计划里谁负责合唱").plans == ("spring",)
    hint = intents.understand("春季合唱谁负责")
    assert hint.plans == ()
    assert hint.seasons == ("spring",)


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("教务处的联系电话", "phone"),
        ("一节课收费多少", "money"),
        ("合唱几点开始", "clock"),
        ("合唱在哪个礼堂办", "venue"),
        ("what is the address", "venue"),
    ],
)
def test_properties_that_are_asked_for(question: str, aspect: str) -> None:
    assert aspect in intents.understand(question).aspects


def test_a_festival_is_no_venue() -> None:
    assert intents.understand("合唱在哪个节办").aspects == ()


@pytest.mark.parametrize("question", ["那什么时候?", "誰負責?", "这个由谁审核", "還有呢", "what about the deadline?"])
def test_questions_that_lean_on_the_one_before(question: str) -> None:
    assert intents.understand(question).leans


@pytest.mark.parametrize(
    ("text", "script"),
    [("領導讓我問", "hant"), ("领导让我问", "hans"), ("hello", ""), ("山水", ""), ("开关開", "hans"), ("后面", ""), ("里面", "")],
)
def test_script_shows_or_does_not(text: str, script: str) -> None:
    assert normal.script_of(text) == script


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("第十二屆", "第12届"),
        ("兩個", "2个"),
        ("五月四日", "5月4日"),
        ("“六·一”慶典", " 六一 庆典"),
        ("ＡＢＣ１２", "abc12"),
        ("著力推進", "着力推进"),
        ("一百二十人", "120人"),
        ("統一", "统一"),
    ],
)
def test_the_form_that_is_compared(text: str, key: str) -> None:
    assert normal.key(text) == key


@pytest.mark.parametrize(
    ("numeral", "value"), [("十", 10), ("二十三", 23), ("一百零五", 105), ("二〇二七", 2027), ("两", 2), ("", None), ("甲", None)]
)
def test_numerals(numeral: str, value: int | None) -> None:
    assert normal.number(numeral) == value


def test_greetings_and_particles_are_not_searched_for() -> None:
    content = intents.understand("您好,麻烦问一下合唱比赛什么时候呀,谢谢").content
    assert content.startswith("合唱比赛")
    assert not any(word in content for word in ("您好", "麻烦", "谢谢", "呀"))


def test_application_keeps_its_character_before_a_question_word() -> None:
    assert "申请" in intents.understand("合唱申請誰審核?").content


@pytest.mark.parametrize(
    ("letters", "parts"), [("huodong", ["huo", "dong"]), ("kjj", None), ("xian", ["xian"]), ("diannao", ["dian", "nao"])]
)
def test_letters_are_cut_into_syllables(letters: str, parts: list[str] | None) -> None:
    assert pinyin.split(letters) == parts


def test_english_is_no_pinyin() -> None:
    stop = tables.patterns().latin_stop
    assert pinyin.typed("When is the sports meet?", stop) == []
    assert pinyin.typed("shenme shihou kaishi", stop)


def test_english_words_become_words_to_search_for() -> None:
    assert "运动会" in intents.understand("When is the sports meet?").content
    assert "近视" in intents.understand("How do you prevent shortsightedness?").content


def test_every_word_of_the_tables_is_usable() -> None:
    for word, others in tables.synonyms().items():
        assert word
        assert others
        assert word not in others
        assert all(other and 0 < weight <= 1 for other, weight in others.items())
    assert all(name == name.lower() and words for name, words in tables.glossary().items())
