"""Questions in conversation: what is said first, what is quoted, what is asked back, and what is refused."""

from dataclasses import replace

import pytest

from bot.app import open_app
from bot.ask.normal import script_of
from bot.chat import Action, Address, Place
from bot.settings import Settings
from tests.fakes import Clock
from tests.handlers.conftest import Talk, button_of, labels


async def test_who_when_and_what_begin_with_what_was_asked(talk: Talk) -> None:
    who = await talk("網絡設備檢修由誰負責？")
    assert "電化教育館" in who.text.splitlines()[0]
    when = await talk("學期末的質量監測是哪幾天？")
    assert "7月3日" in when.text.splitlines()[0]
    assert "7月5日" in when.text.splitlines()[0]
    for reply in (who, when):
        assert len(reply.text.splitlines()[0]) <= 45
        assert "「" in reply.text
        assert "出處：" in reply.text
        assert len(reply.text.splitlines()) <= 8


async def test_a_question_in_simplified_is_answered_in_simplified_and_asked_once_for_the_script(talk: Talk) -> None:
    reply = await talk("网络设备检修归谁管？")
    assert "出处：" in reply.text
    assert "網絡設備" in reply.text
    kept = await talk.press(reply, "引文显示简体")
    assert "网络设备" in kept.text
    assert "转换" in kept.text
    again = await talk("网络设备检修归谁管？")
    assert "网络设备" in again.text
    assert "转换" in again.text
    assert not [label for label in labels(again) if "引文" in label]


async def test_an_unnamed_owner_is_said_to_be_unnamed(talk: Talk) -> None:
    reply = await talk("暑假期間的領導帶班值守歸誰管？")
    assert "未點名" in reply.text or "承上文" in reply.text


async def test_a_follow_up_keeps_the_subject_for_a_quarter_of_an_hour(talk: Talk) -> None:
    first = await talk("科技節由誰組隊？")
    assert "電化教育館" in first.text
    second = await talk("那什麼時候？")
    assert "4月" in second.text.splitlines()[0]
    talk.clock.advance(minutes=16)
    assert (await talk("那什麼時候？")).text != second.text


async def test_one_persons_subject_is_not_anothers(talk: Talk) -> None:
    await talk("科技節由誰組隊？")
    other = await talk.as_("ben")("那什麼時候？")
    assert "科技節" not in other.text


@pytest.mark.parametrize("question", ["局長的手機號碼是多少？", "食堂每餐收多少錢？", "校車早上幾點發車？"])
async def test_what_the_plan_cannot_know_is_refused(talk: Talk, question: str) -> None:
    reply = await talk(question)
    assert reply.text.startswith("計劃裏沒有寫")
    assert len(reply.text.splitlines()) <= 8
    assert labels(reply)[-1] == "更多"
    assert len(labels(reply)) <= 4


async def test_what_was_not_found_is_said_in_the_script_of_the_question(talk: Talk) -> None:
    assert "局長" in (await talk("局長的電話號碼是多少？")).text
    assert "局长" in (await talk("局长的电话号码是多少？")).text


async def test_the_source_shows_the_neighbours_and_what_was_read(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    source = await talk.press(await talk.press(reply, "更多"), "前後文")
    assert "誰：" in source.text
    assert "時間：" in source.text
    assert "出處：" in source.text


async def test_every_question_is_kept_with_what_was_answered(talk: Talk) -> None:
    await talk("科技節由誰組隊？")
    await talk("局長的手機號碼是多少？")
    async with talk.app.store.read() as db:
        kept = await db.questions.recent(10)
    assert {row.status for row in kept} == {"answered", "unknown"}


@pytest.mark.parametrize("text", ["", "   ", "/find", "？？？", "🙂", "\u202e\u200b", "'; DROP TABLE plans; --", "a" * 1999, "第" * 1999])
async def test_odd_texts_get_an_answer_and_no_apology(talk: Talk, text: str) -> None:
    reply = await talk(text)
    assert reply.text
    assert "抱歉" not in reply.text


async def test_too_long_a_text_is_told_so(talk: Talk) -> None:
    assert "太長" in (await talk("科" * 2001)).text


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("網絡設備檢修由誰負責？", "區電化教育館負責（明列）"),
        ("科技節什麼時候？", "2027年4月，計劃未給出具體日期"),
        ("花式毽球的教練什麼時候培養好？", "2026年年底前（不晚於2026.12.31）"),
        ("跳繩達標率要達到多少？", "不低於90%"),
        ("總體近視率要下降多少？", "1個百分點"),
        ("輪崗依據哪個文件？", "《禾溪區教師校際交流實施辦法》（禾教〔2026〕31號）"),
    ],
)
async def test_the_first_line_is_what_was_asked_for(talk: Talk, question: str, first: str) -> None:
    assert (await talk(question)).text.splitlines()[0] == first


async def test_an_answer_has_at_most_three_buttons_and_more(talk: Talk) -> None:
    for question in ("科技節什麼時候？", "網絡設備檢修由誰負責？", "科技节什么时候？", "四月有哪些活動？"):
        reply = await talk(question)
        assert len(labels(reply)) <= 4
        assert labels(reply)[-1] in ("更多",)


async def test_a_near_miss_is_named_as_such(talk: Talk) -> None:
    reply = await talk("中學生田徑運動會什麼時候？")
    assert "您問的是「中學」，計劃寫的是「小學」。" in reply.text


async def test_a_list_is_complete_grouped_numbered_and_paged_in_place(talk: Talk) -> None:
    first = await talk("四月有哪些活動？")
    count = int("".join(char for char in first.text.splitlines()[0] if char.isdigit()))
    second = await talk.press(first, "下一頁")
    assert second.place is Place.REPLACE
    rows = [line for reply in (first, second) for line in reply.text.splitlines() if line.partition(".")[0].isdigit()]
    assert [int(row.partition(".")[0]) for row in rows] == list(range(1, count + 1))
    assert len([line for line in first.text.splitlines() if line.startswith("【")]) <= 2
    assert (await talk.press(second, "上一頁")).text == first.text


async def test_more_of_a_list_is_its_next_page(talk: Talk) -> None:
    first = await talk("四月有哪些活動？")
    assert (await talk("還有呢？")).text == (await talk.press(first, "下一頁")).text


@pytest.mark.parametrize("words", ["第二個", "2", "那第2項呢？", "the second one"])
async def test_a_row_of_a_list_is_picked_by_its_number_again_and_again(talk: Talk, words: str) -> None:
    rows = [line for line in (await talk("四月有哪些活動？")).text.splitlines() if line.startswith(("2. ", "3. "))]
    assert rows[0][3:12] in (await talk(words)).text
    assert rows[1][3:12] in (await talk("第三個")).text


async def test_a_row_is_asked_about_and_then_followed_up(talk: Talk) -> None:
    await talk("四月有哪些活動？")
    who = await talk("第二個由誰負責？")
    assert who.text.splitlines()[0].endswith("（明列）")
    assert "前" in (await talk("那什麼時候？")).text.splitlines()[0]
    assert "只有 " in (await talk("第40個")).text


async def test_a_number_without_a_list_is_a_question(talk: Talk) -> None:
    assert "只有" not in (await talk("第二個")).text


async def test_rows_outlive_a_restart(talk: Talk, settings: Settings, clock: Clock) -> None:
    first = await talk("四月有哪些活動？")
    async with open_app(settings, {talk.channel.name: talk.channel}, now=clock) as app:
        later = Talk(app, talk.channel, clock, count=100)
        row = next(line for line in first.text.splitlines() if line.startswith("2. "))
        assert row[3:12] in (await later("第二個")).text


async def test_nobody_else_turns_the_pages_of_a_list(talk: Talk) -> None:
    first = await talk("四月有哪些活動？")
    stranger = talk.as_("ben")
    for label in ("下一頁", "更多"):
        assert "失效" in (await stranger.press(first, label)).text


async def test_one_of_two_choices_is_kept_as_the_answer(talk: Talk) -> None:
    which = await talk("演練什麼時候？")
    assert which.text == "您問的是哪一件？"
    await talk.press(which, labels(which)[1])
    async with talk.app.store.read() as db:
        (row,) = await db.questions.recent(1)
    assert (row.status, len(row.measures)) == ("answered", 1)


async def test_more_opens_in_place_and_folds_up_again(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    opened = await talk.press(reply, "更多")
    assert (opened.place, opened.text) == (Place.REPLACE, reply.text)
    assert {"前後文", "為什麼這樣答", "引文換成簡體", "其他計劃和條目", "收起", "👍 有用", "👎 有誤"} <= set(labels(opened))
    folded = await talk.press(opened, "收起")
    assert (folded.text, labels(folded)) == (reply.text, labels(reply))


async def test_the_other_script_is_shown_and_not_kept(talk: Talk) -> None:
    opened = await talk.press(await talk("網絡設備檢修由誰負責？"), "更多")
    other = await talk.press(opened, "簡體")
    assert "网络设备检修" in other.text
    assert "經繁簡轉換" in other.text
    back = await talk.press(other, "收起")
    assert "網絡設備檢修" in back.text


async def test_why_names_the_words_and_the_reasons(talk: Talk) -> None:
    why = await talk.press(await talk.press(await talk("網絡設備檢修由誰負責？"), "更多"), "為什麼")
    assert "設備" in why.text
    shares = [int(line.rsplit(" ", 1)[1].rstrip("%")) for line in why.text.splitlines() if line.endswith("%")]
    assert shares == sorted(shares, reverse=True)
    assert 50 <= sum(shares) <= 101


async def test_a_question_about_ones_own_school_is_answered_for_it(talk: Talk) -> None:
    assert "單位" in (await talk("我校四月要做什麼？")).text
    async with talk.app.store.begin() as db:
        unit = await db.units.named("禾溪區第二小學")
        person = (await db.people.meet(Address("invented", "anna"), "", "", talk.clock())).person
        assert unit is not None
        await db.people.set_unit(person.id, unit.id)
    reply = await talk("我校四月要做什麼？")
    assert "禾溪區第二小學" in reply.text.splitlines()[0]
    assert "各小學" in reply.text
    assert "幼兒園要" not in reply.text
    assert (await talk("我校要做什麼？")).text == (await talk("/mine")).text


async def test_an_old_button_says_until_when_its_sentence_stood_and_what_stands_there_now(talk: Talk) -> None:
    reply = await talk("科技節什麼時候？")
    opened = await talk.press(reply, "更多")
    source = button_of(opened, "前後文")
    assert source.action is not None
    hit = talk.app.services.library().find(source.action.ref)
    assert hit is not None
    document = hit.shelf.document
    moved = replace(hit.measure, id="0123456789ab", text=hit.measure.text.replace("4月", "5月中旬"))
    plan = replace(hit.plan, measures=tuple(moved if one.id == hit.measure.id else one for one in hit.plan.measures))
    plans = tuple(plan if one.plan == plan.plan else one for one in document.plans)
    async with talk.app.store.begin() as db:
        made = await db.plans.store_document(replace(document, digest="changed", plans=plans), talk.clock())
        await db.plans.release(made.stored.plan, talk.clock())
    await talk.app.shelves.look_now()
    old = await talk.press(opened, "前後文")
    assert "第 1 版" in old.text
    assert "2026年10月12日" in old.text
    assert old.text.index(hit.measure.text) < old.text.index("現在（第 2 版）") < old.text.index("5月中旬")
    assert "5月中旬" in (await talk.press(old, "現在的寫法")).text
    follow = await talk._tell(action=Action("follow", source.action.ref))
    assert "已不再適用" in follow.text


async def test_a_day_of_the_whole_country_is_offered_and_never_told_as_the_plans(talk: Talk) -> None:
    reply = await talk("全國助殘日是什麼時候？")
    lines = reply.text.splitlines()
    assert lines[0] == "計劃裏沒有寫這件事。"
    assert lines[1] == "〔全國〕全國助殘日是2027年5月16日（週日），這不是計劃寫的。"
    planned = await talk("國家憲法日是什麼時候？")
    assert planned.text.splitlines()[0] == "2026年12月4日（週五）"
    assert "〔全國〕" not in planned.text


async def test_a_rhythm_says_more_than_the_year_it_holds_in(talk: Talk) -> None:
    reply = await talk("每月的應急演練多久一次？")
    assert reply.text.startswith("每月")


async def test_the_rest_of_a_list_follows_on_after_a_row_was_looked_at(talk: Talk) -> None:
    first = await talk("四月有哪些活動？")
    await talk("第二個")
    assert (await talk("還有呢？")).text == (await talk.press(first, "下一頁")).text


async def test_a_short_question_about_somebody_else_does_not_lean_on_the_list_before(talk: Talk) -> None:
    await talk("四月有哪些活動？")
    assert "4月" not in (await talk("局長的電話號碼是多少？")).text


async def test_another_year_is_said_as_a_year_and_a_place_that_is_not_there_is_repeated(talk: Talk) -> None:
    assert "您問的是「2019年」" in (await talk("2019年的小學生田徑運動會什麼時候？")).text
    assert "第9篇第3部分" in (await talk("第九篇第三部分寫了什麼？")).text


@pytest.mark.parametrize("word", ["更多", "下一页", "還有嗎"])
async def test_more_turns_the_pages_of_a_list_and_says_where_it_ends(talk: Talk, word: str) -> None:
    reply = await talk("5月有哪些活動？")
    assert "共 2 頁" in reply.text
    reply = await talk(word, language="zh-Hant")
    assert "第 2 頁" in reply.text or "第 2 页" in reply.text
    assert "列完了" in (await talk("更多")).text


async def test_thanks_are_taken_as_thanks(talk: Talk) -> None:
    await talk("科技節由誰組隊？")
    assert "不客氣" in (await talk("謝謝！")).text


async def test_a_typed_thumb_is_an_opinion_and_other_signs_are_no_question(talk: Talk) -> None:
    assert "請寫出您要問的事" in (await talk("👍")).text
    await talk("科技節由誰組隊？")
    assert "已記下" in (await talk("👍")).text
    async with talk.app.store.read() as db:
        (row,) = await db.feedback.on([1])
    assert row.good
    assert "請寫出您要問的事" in (await talk("。。。")).text


async def test_a_list_asks_once_for_the_script_and_shows_its_rows_in_it(talk: Talk) -> None:
    reply = await talk("四月有哪些活动？")
    assert script_of(next(line for line in reply.text.split("\n") if line.startswith("1."))) == "hant"
    kept = await talk.press(reply, "引文显示简体")
    assert kept.place is Place.REPLACE
    assert "经繁简转换" in kept.text
    assert script_of(kept.text) == "hans"
    assert all(script_of(line) in ("", "hans") for line in kept.text.split("\n")), "titles, sections and rows alike"
    following = await talk.press(kept, "下一页")
    assert all(script_of(line) in ("", "hans") for line in following.text.split("\n"))
    assert not [label for label in labels(following) if "引文" in label]


async def test_a_refusal_says_why_and_can_be_disliked(talk: Talk) -> None:
    await talk("四月有哪些活动？")
    reply = await talk("校車幾點發車？")
    assert labels(reply)[-1] == "更多"
    opened = await talk.press(reply, "更多")
    assert opened.text == reply.text, "in the script it was asked in"
    assert {"👍 有用", "👎 有誤", "為什麼這樣答", "收起"} == set(labels(opened))
    why = await talk.press(opened, "為什麼")
    assert "校車" in why.text
    assert "不猜" in why.text
    assert (await talk.press(opened, "收起")).buttons == reply.buttons


async def test_a_comparison_pairs_the_measures_as_whole_plans_are_compared(talk: Talk) -> None:
    both = await talk("心理教師取證培訓，兩份計劃有什麼變化？")
    assert both.text.index("2026年11月中旬開班") < both.text.index("4月至6月分三期"), "the earlier plan first"
    assert "改了日期：2026年11月中旬 → 4月至6月" in both.text
    assert both.text.split("\n")[0] == "兩份計劃有 3 處不同："


async def test_a_comparison_says_where_a_plan_has_nothing_that_answers_to_it(talk: Talk) -> None:
    one = await talk("兩份計劃的科技節有什麼不同？")
    assert "全省青少年科技節" in one.text
    assert "沒有對應的一項，最接近的是" in one.text
    assert " → " not in one.text
    apart = await talk("春季和學年計劃對教師輪崗的要求有什麼變化？")
    assert "說的不是同一項" in apart.text.split("\n")[0]
    assert all(words in apart.text for words in ("80名教師", "12%"))
    assert len(apart.text.split("\n")) <= 8


async def test_more_under_a_national_day_and_under_a_follow_up_keeps_what_was_told(talk: Talk) -> None:
    refused = await talk("全國助殘日是什麼時候？")
    for label in ("更多", "收起"):
        refused = await talk.press(refused, label)
        assert refused.text.splitlines()[1].startswith("〔全國〕全國助殘日")
    await talk("科技節由誰組隊？")
    second = await talk("那什麼時候？")
    elsewhere = await talk.press(await talk.press(second, "更多"), "其他計劃和條目")
    near = talk.app.shelves.library.ask("那什麼時候？", "科技節由誰組隊？").hits
    assert near[0].place in second.text
    assert [hit.place in line for hit, line in zip(near[1:], elsewhere.text.splitlines()[1:], strict=True)] == [True] * len(near[1:])
