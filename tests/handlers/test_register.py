"""The register in chat: searched in both scripts, names changed, stale changes refused, a plan's unknown name taken up."""

from bot.people import Rank
from tests.handlers.conftest import Talk
from tests.handlers.test_review import PLAN, send


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
    assert "別名" in card.text
    before = clerk.app.shelves.revision
    assert "紅房子小學" in (await clerk("一小、紅房子小學")).text
    await clerk.app.shelves.look_now()
    assert clerk.app.shelves.revision > before
    assert [unit.name for unit in clerk.app.services.register().members("红房子小学")] == ["禾溪區第一小學"]
    assert "沒有找到" in (await clerk("/units 火星")).text


async def test_a_change_on_a_stale_view_is_refused(talk: Talk) -> None:
    one, two = await office(talk), await office(talk, "other")
    for clerk in (one, two):
        await clerk.press(await clerk("/units 第一小學"), "1")
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


async def test_the_register_is_for_administrators(talk: Talk) -> None:
    await talk.become(Rank.PRINCIPAL)
    assert "權限" in (await talk("/units")).text
