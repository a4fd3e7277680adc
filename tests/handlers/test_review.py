"""Import and review in chat: a file becomes a draft, what was read is shown with its sureness, mended after a read-back, released."""

import pytest

from bot.chat import Action, Address, FileRef, Reply
from bot.people import Rank
from tests.handlers.conftest import Talk, labels

PLAN = """青禾縣2026—2027學年教育工作計劃

一、規範管理
1.抓好常規檢查。各校要在3月底前完成自查；縣教研室將於4月中旬組織抽查。
2.開展師德教育活動，評選師德標兵20名。
二、豐富活動
1.舉辦中學生籃球聯賽。
2.每學期開展不少於2次應急演練。

青禾縣教育局
2026年8月20日
"""


@pytest.fixture
async def office(talk: Talk) -> Talk:
    """An administrator who has said hello."""
    clerk = talk.as_("office")
    await clerk("/start")
    await clerk.become(Rank.ADMINISTRATOR)
    return clerk


async def send(talk: Talk, text: str = PLAN, name: str = "計劃.txt") -> Reply:
    talk.channel.files[name] = text.encode()
    return await talk._tell(files=(FileRef(talk.channel.name, name, name, len(text)),))


async def draft(office: Talk, text: str = PLAN) -> Reply:
    reply = await send(office, text)
    assert "草稿" in reply.text
    return reply


async def owner(office: Talk, words: str) -> Reply:
    """Correct who carries the league, up to the read-back."""
    looks = await office.press(await office._tell(action=Action("plan", "3.1")), "逐條看")
    number = next(line for line in looks.text.splitlines() if "籃球" in line).partition(".")[0]
    card = await office.press(looks, number)
    assert "籃球" in card.text
    await office.press(card, "改誰負責")
    return await office(words)


async def test_a_file_becomes_a_draft_with_what_was_understood(office: Talk) -> None:
    reply = await draft(office)
    assert "青禾縣教育局（推斷）" in reply.text
    assert "2026.9.1–2027.8.31" in reply.text
    assert "未點名 3" in reply.text
    assert len(reply.text.splitlines()) <= 8
    assert {"逐條看", "發布", "作廢", "版本"} <= set(labels(reply))
    async with office.app.store.read() as db:
        assert [row.plan for row in await db.plans.released()] == [1, 2]
        assert (await db.audit.recent(1))[0].action == "import new"


async def test_the_same_file_changes_nothing_and_says_so(office: Talk) -> None:
    await draft(office)
    assert "沒有改動" in (await send(office)).text


async def test_a_file_of_somebody_else_is_refused_in_a_sentence(talk: Talk) -> None:
    reply = await send(talk)
    assert "匯入計劃由管理員操作" in reply.text
    await talk.become(Rank.PRINCIPAL)
    assert "匯入計劃由管理員操作" in (await send(talk)).text
    async with talk.app.store.read() as db:
        assert len({row.plan for row in await db.plans.every()}) == 2


@pytest.mark.parametrize(("name", "text"), [("計劃.exe", "MZ"), ("空.txt", "  "), ("詩.txt", "床前明月光")])
async def test_what_cannot_be_read_is_refused_in_one_sentence(office: Talk, name: str, text: str) -> None:
    reply = await send(office, text, name)
    assert name in reply.text
    assert len(reply.text.splitlines()) == 1
    assert "抱歉" not in reply.text


async def test_a_file_that_is_too_large_is_not_even_fetched(office: Talk) -> None:
    reply = await office._tell(files=(FileRef(office.channel.name, "x", "大.txt", 10**9),))
    assert "檔案太大" in reply.text


async def test_a_plan_is_pasted_in_pieces(office: Talk) -> None:
    await office.press(await office("/plans"), "貼上文字")
    first, second = PLAN.split("二、豐富活動")
    await office(first)
    piece = await office(f"二、豐富活動{second}" + "甲" * 2500)
    assert "一共" in piece.text
    reply = await office.press(piece, "貼完了")
    assert "青禾縣教育局" in reply.text
    assert "已經失效" in (await office.press(piece, "貼完了")).text


async def test_an_owner_is_read_back_kept_shown_as_mended_and_undone(office: Talk) -> None:
    await draft(office)
    back = await owner(office, "星辰辦牽頭，各校配合")
    assert "星辰辦牽頭；各校配合" in back.text
    assert "名冊裏沒有「星辰辦」" in back.text
    kept = await office.press(back, "就這樣")
    assert "（人工修正）" in kept.text
    assert "改自：誰負責 青禾縣教育局" in kept.text
    undone = await office.press(kept, "撤銷這次")
    assert "已撤銷" in undone.text
    assert "人工修正" not in undone.text
    async with office.app.store.read() as db:
        assert [entry.action for entry in (await db.audit.recent(2))] == ["unmend owners", "mend owners"]


async def test_a_date_is_read_by_the_grammar_and_may_be_typed_again(office: Talk) -> None:
    await draft(office)
    card = await office.press(await office.press(await office._tell(action=Action("plan", "3.1")), "逐條看"), "4")
    await office.press(card, "改時間")
    assert "沒有讀懂「過幾天」" in (await office("過幾天")).text
    assert "2027.5.11–2027.5.20" in (await office("5月中旬")).text
    again = await office("2024年5月")
    assert "不在計劃的起止" in again.text
    kept = await office.press(again, "就這樣")
    assert "2024年5月（人工修正）" in kept.text


async def test_an_old_keep_button_keeps_nothing(office: Talk) -> None:
    await draft(office)
    back = await owner(office, "教研室")
    await office.press(back, "就這樣")
    assert "已經失效" in (await office.press(back, "就這樣")).text
    back = await owner(office, "督導室")
    await office("/plans")
    assert "已經失效" in (await office.press(back, "就這樣")).text


async def test_of_two_administrators_the_second_is_told(office: Talk) -> None:
    await draft(office)
    other = office.as_("other")
    await other("/start")
    await other.become(Rank.ADMINISTRATOR)
    mine, theirs = await owner(office, "教研室"), await owner(other, "督導室")
    await office.press(mine, "就這樣")
    assert "剛剛被改過" in (await other.press(theirs, "就這樣")).text
    async with office.app.store.read() as db:
        stored = await db.plans.get(3)
    assert [mend.value.owners[0].name for mend in stored.mends] == ["教研室"]


async def test_a_sentence_that_is_no_measure_and_a_place_that_is_right(office: Talk) -> None:
    looks = await office.press(await draft(office), "要看的")
    card = await office.press(looks, next(line for line in looks.text.splitlines() if "師德" in line).partition(".")[0])
    accepted = await office.press(card, "就是這樣")
    assert "請看一看：未點名" not in accepted.text
    dropped = await office.press(accepted, "這不是措施")
    assert "4 項措施" in dropped.text
    listed = await office.press(dropped, "修正 ")
    assert "師德" in listed.text
    back = await office.press(listed, "撤銷 1")
    assert "5 項措施" in back.text


async def test_release_takes_a_second_tap_and_mends_outlive_the_next_import(office: Talk) -> None:
    await office.press(await owner_after(office), "就這樣")
    ask = await office.press(await office._tell(action=Action("plan", "3.1")), "發布")
    assert "確認發布" in labels(ask)
    done = await office.press(ask, "確認發布")
    assert "使用中" in done.text
    office.clock.advance(seconds=2)
    await office.app.shelves.look_now()
    assert "教研室負責（人工修正）" in (await office("籃球聯賽由誰負責？")).text
    more = PLAN.replace("二、豐富活動\n", "二、豐富活動\n1.建設書香校園，開展閱讀活動。\n")
    second = await send(office, more.replace("1.舉辦", "2.舉辦").replace("2.每", "3.每"))
    assert "第 2 版" in second.text
    assert "人工修正 1" in second.text
    ask = await office.press(second, "發布")
    assert "第 1 版不再作答" in ask.text
    await office.press(ask, "確認發布")
    history = await office.press(await office._tell(action=Action("plan", "3.2")), "版本")
    assert "發布" in history.text
    ask = await office.press(await office._tell(action=Action("plan", "3.2")), "退回")
    assert "第 1 版" in (await office.press(ask, "確認退回")).text
    async with office.app.store.read() as db:
        assert (await db.plans.get(3)).version == 1


async def owner_after(office: Talk) -> Reply:
    await draft(office)
    return await owner(office, "教研室")


async def test_what_changed_since_it_was_seen_is_not_released(office: Talk) -> None:
    card = await draft(office)
    ask = await office.press(card, "發布")
    await office.press(await owner(office, "教研室"), "就這樣")
    assert "剛剛有了變化" in (await office.press(ask, "確認發布")).text
    assert "剛剛有了變化" in (await office.press(card, "作廢")).text
    async with office.app.store.read() as db:
        assert (await db.plans.get(3)).released_at is None


async def test_a_mend_without_its_sentence_is_named(office: Talk) -> None:
    await office.press(await owner_after(office), "就這樣")
    changed = await send(office, PLAN.replace("籃球", "足球"))
    assert "找不到原句" in changed.text
    listed = await office.press(changed, "修正 1")
    assert "原句已不在這一版裏" in listed.text


async def test_title_issuer_year_and_days_of_a_document(office: Talk) -> None:
    card = await draft(office)
    for label, words, told in (
        ("改標題", "青禾縣學年要點", "《青禾縣學年要點》"),
        ("改發文單位", "青禾縣教體局", "青禾縣教體局（已指定）"),
        ("改起止", "2026年9月1日至2027年7月10日", "2026.9.1–2027.7.10"),
        ("改年份", "2027年", "青禾縣"),
    ):
        facts = await office.press(card, "標題與發文")
        await office.press(facts, label)
        card = await office.press(await office(words), "就這樣")
        assert told in card.text
    async with office.app.store.read() as db:
        stored = await db.plans.get(3)
    assert (stored.document.year, stored.document.issuer) == (2027, "青禾縣教體局")


async def test_staff_see_plans_in_use_and_change_nothing(office: Talk) -> None:
    await draft(office)
    teacher = office.as_("teacher")
    await teacher("/start")
    assert "權限" in (await teacher("/plans")).text
    await teacher.become(Rank.TEACHER)
    listed = await teacher("/plans")
    assert "青禾縣" not in listed.text
    card = await teacher.press(listed, "禾溪區2027年春季")
    assert all(button.action is not None and button.action.verb == "export" for row in card.buttons for button in row)
    for action in (Action("looks", "3.1.0"), Action("release", "3.1.0"), Action("mend", "title.3.1..0.0"), Action("paste")):
        assert "權限" in (await teacher._tell(action=action)).text
    assert "已經失效" in (await teacher._tell(action=Action("plan", "3.1"))).text


@pytest.mark.parametrize(
    "action",
    [
        Action("plan", "x"),
        Action("plan", "99.1"),
        Action("looks", "1.1"),
        Action("one", "1.1.nothing"),
        Action("mend", "undo.1.1..0.0"),
        Action("mend", "date.1.1.nothing.0.0"),
        Action("mend", "event.1.1"),
        Action("set", "owners.1.1.x.0.0"),
        Action("set", "accept.1.1.x.0.77"),
        Action("unmend", "1.1.99"),
        Action("keep", "date.1.1.x.0.0"),
        Action("release", "1.1.0"),
        Action("rollback", "1.1.0"),
    ],
)
async def test_a_forged_press_changes_nothing(office: Talk, action: Action) -> None:
    async with office.app.store.read() as db:
        before = await db.plans.every()
    reply = await office._tell(action=action)
    assert reply.text
    assert "抱歉" not in reply.text
    async with office.app.store.read() as db:
        assert await db.plans.every() == before


async def test_in_a_group_review_leads_to_the_private_chat(office: Talk) -> None:
    group = Address(office.channel.name, "-100")
    reply = await office._tell(action=Action("looks", "1.1.0"), address=group, group=True)
    assert reply.private
    assert "禾溪" not in reply.text


async def test_going_through_a_draft_shows_the_time_itself_and_how_sure_it_is(office: Talk) -> None:
    await draft(office)
    rows = (await office.press(await office._tell(action=Action("plan", "3.1")), "逐條看")).text
    assert "1. 各校要在3月底前完成自查〔各校，3月底前（不晚於2027.3.31）〕\n" in rows
    assert "〔青禾縣教育局（未點名），沒有寫時間〕\n" in rows
    assert len(rows.split("\n")) <= 8
