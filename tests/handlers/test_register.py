"""The register in chat: searched in both scripts, names changed, stale changes refused, a plan's unknown name taken up."""

from bot.chat import Moved, Page
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_review import PLAN, send
from tests.handlers.test_sheets import filled, form_of, get, post


async def office(talk: Talk, name: str = "office") -> Talk:
    clerk = talk.as_(name)
    await clerk("/start")
    await clerk.become(Rank.ADMINISTRATOR)
    return clerk


async def test_other_names_are_found_in_both_scripts_and_changed(talk: Talk) -> None:
    clerk = await office(talk)
    for words in ("第一小學", "第一小学"):
        assert "禾溪區第一小學" in (await clerk(f"/units {words}")).text
    card = await clerk.press(await clerk("/units 第一小學"), "1")
    assert "禾溪區第一小學（學校）" in card.text
    await clerk.press(card, "改別名")
    before = clerk.app.shelves.revision
    assert "紅房子小學" in (await clerk("一小、紅房子小學")).text
    await clerk.app.shelves.look_now()
    assert clerk.app.shelves.revision > before
    assert [unit.name for unit in clerk.app.services.register().members("红房子小学")] == ["禾溪區第一小學"]
    assert "沒有找到" in (await clerk("/units 火星")).text


async def test_a_change_on_a_stale_view_is_refused(talk: Talk) -> None:
    one, two = await office(talk), await office(talk, "other")
    for clerk in (one, two):
        await clerk.press(await clerk.press(await clerk("/units 第一小學"), "1"), "改別名")
    await one("一小、甲小")
    assert "剛剛被別人改過" in (await two("乙小")).text


async def test_an_unknown_name_of_a_plan_becomes_an_alias_or_a_unit(talk: Talk) -> None:
    clerk = await office(talk)
    card = await send(clerk, PLAN.replace("1.舉辦中學生籃球聯賽。", "1.由星辰辦牽頭，舉辦中學生籃球聯賽。"))
    looks = await clerk.press(card, "要看的")
    line = next(line for line in looks.text.splitlines() if "星辰辦" in line)
    measure = await clerk.press(looks, line.partition(".")[0])
    asked = await clerk.press(measure, "這是哪個單位")
    assert "「星辰辦」" in asked.text
    assert "對不上" in (await clerk("火星")).text
    assert "星辰辦" in (await clerk("禾溪區第一小學")).text
    await clerk.app.shelves.look_now()
    assert "星辰辦" not in (await clerk.press(card, "要看的")).text
    assert "已經失效" in (await clerk.press(measure, "這是哪個單位")).text


async def test_groups_and_kind_are_changed_and_members_follow(talk: Talk) -> None:
    clerk = await office(talk)
    card = await clerk.press(await clerk("/units 第一小學"), "1")
    await clerk.press(card, "改分組")
    assert "分組是：小學、試點校" in (await clerk("小學、試點校")).text
    await clerk.app.shelves.look_now()
    assert [unit.name for unit in clerk.app.services.register().members("試點校")] == ["禾溪區第一小學"]
    kinds = await clerk.press(card, "改類別")
    assert {"學校", "幼兒園", "機關"} <= set(labels(kinds))
    assert "（幼兒園）" in (await clerk.press(kinds, "幼兒園")).text


async def test_a_question_between_is_no_name_for_a_unit(talk: Talk) -> None:
    clerk = await office(talk)
    await clerk.press(await clerk("/units 第一小學"), "1")
    assert "組隊" in (await clerk("科技節由誰組隊？")).text
    assert "科技節" not in (await clerk("/units 第一小學")).text


async def test_a_new_unit_is_of_the_kind_that_was_chosen(talk: Talk) -> None:
    clerk = await office(talk)
    card = await send(clerk, PLAN.replace("1.舉辦中學生籃球聯賽。", "1.由星辰中學牽頭，舉辦中學生籃球聯賽。"))
    looks = await clerk.press(card, "要看的")
    line = next(line for line in looks.text.splitlines() if "星辰中學" in line)
    await clerk.press(await clerk.press(looks, line.partition(".")[0]), "這是哪個單位")
    kinds = await clerk("新")
    assert "星辰中學（學校）" in (await clerk.press(kinds, "學校")).text
    assert "已經失效" in (await clerk.press(kinds, "機關")).text


async def test_the_page_lists_finds_adds_and_changes_units(talk: Talk) -> None:
    clerk = await office(talk)
    page = await get(clerk, "units", words="第一小学")
    (table,) = [block.table for block in page.blocks if block.table]
    assert [row[0] for row in table.rows] == ["禾溪區第一小學"]
    found = await post(clerk, "units", filled(form_of(page, "查找"), words="第一中學"))
    assert isinstance(found, Page)
    assert [row[0] for block in found.blocks if block.table for row in block.table.rows] == ["禾溪區第一中學"]
    one = await get(clerk, table.links[0].page, **table.links[0].values)
    form = form_of(one, "保存")
    sent = filled(form, groups="小學、試點校", kind="kindergarten")
    moved = await post(clerk, "unit", sent)
    assert isinstance(moved, Moved)
    after = await get(clerk, moved.page, **moved.values)
    assert "已保存" in after.notice
    assert [unit.name for unit in clerk.app.services.register().members("試點校")] == ["禾溪區第一小學"]
    stale = await post(clerk, "unit", sent)
    assert isinstance(stale, Page)
    assert "剛剛被別人改過" in stale.notice
    added = await post(clerk, "units", {"name": "星辰中學", "kind": "school"})
    assert isinstance(added, Moved)
    twice = await post(clerk, "units", {"name": "星辰中學", "kind": "school"})
    assert isinstance(twice, Page)
    assert "已經有" in twice.notice


async def test_the_register_is_for_administrators(talk: Talk) -> None:
    await talk.become(Rank.PRINCIPAL)
    assert "權限" in (await talk("/units")).text
