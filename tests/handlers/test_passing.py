"""A notice passed on by the administrator of a unit: to whom, in whose name, with whose tally, and how far the district sees it went."""

from bot.chat import Action, Address, Reply
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, written
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import get


async def join(talk: Talk, name: str, rank: Rank, place: int = 0) -> Talk:
    """Somebody of the school at that place of the register."""
    person = talk.as_(name)
    async with talk.app.store.begin() as db:
        known = await db.people.meet(Address(talk.channel.name, name), name, "", talk.clock())
        await db.people.set_rank(known.person.id, rank, [unit for unit in await db.units.every() if unit.kind == "school"][place].id)
    return person


def got(talk: Talk, person: Talk) -> list[Reply]:
    return [message for address, message, _ in talk.channel.delivered if address.chat == person.sender]


async def received(talk: Talk, *, text: str = "請各校傳達。") -> tuple[Talk, list[Talk]]:
    """The administrator of the first unit, who has a notice, and three teachers who have not; one more is of another unit."""
    head = await join(talk, "head", Rank.UNIT_ADMINISTRATOR)
    teachers = [await join(talk, f"t{number}", Rank.TEACHER) for number in range(3)]
    await join(talk, "elsewhere", Rank.TEACHER, 1)
    card = await written(talk, text)
    await talk.press(await talk.press(card, "改回覆方式"), "按「已閱」")
    await talk.press(talk.heard[-1], "改對象")
    async with talk.app.store.read() as db:
        (person,) = [one.id for one in await db.people.every() if one.name == "head"]
    card = await talk(f"person:{person}")
    await talk.press(await talk.press(card, "發送"), "確認")
    await deliver(talk)
    return head, teachers


async def test_it_goes_to_the_units_own_people_who_have_not_got_it_and_both_see_the_answers(talk: Talk) -> None:
    head, teachers = await received(talk)
    (message,) = got(talk, head)
    assert labels(message) == ["已閱", "轉給本單位"]
    sure = await head.press(message, "轉給本單位")
    assert "還沒收到的 3 人" in sure.text
    told = await head.press(sure, "確認轉給 3 人")
    assert "秒後開始轉給 3 人" in told.text
    messages = await deliver(talk)
    assert [one.text for one in messages] == ["【通知】（本單位轉發）\n請各校傳達。\n請按「已閱」確認。"] * 3
    assert [labels(one) for one in messages] == [["已閱"]] * 3
    await teachers[0].press(got(talk, teachers[0])[0], "已閱")
    own = await head.press(told, "看進展")
    assert "已回覆 1 人，未回 2 人" in own.text
    assert "更正" not in labels(own)
    assert "t1" in (await head.press(own, "誰沒回")).text
    assert "請各校傳達" in labels(await head("/report"))[0]
    async with talk.app.store.read() as db:
        unit = next(unit.name for unit in await db.units.every() if unit.kind == "school")
    district = await talk("/report 1")
    assert "送達 1／1 人" in district.text
    assert "轉發 1 次，再發給 3 人：送達 3，已回覆 1" in district.text
    assert f"　{unit} head：轉給 3 人，送達 3，已回覆 1" in district.text
    assert "轉發 1 次" in words(await get(talk, "board", notice="1"))
    # What was passed on stands on the district's board and not in its lists.
    assert len(labels(await talk("/report"))) == 1
    assert "都已經收到" in (await head.press(message, "轉給本單位")).text
    late = await join(talk, "late", Rank.TEACHER)
    assert "還沒收到的 1 人" in (await head.press(message, "轉給本單位")).text
    await talk.press(district, "撤回")
    await talk.press(talk.heard[-1], "確定撤回")
    await talk.send_due()
    assert len(talk.channel.recalled) == 4
    assert "已經不在" in (await head.press(message, "轉給本單位")).text
    assert got(talk, late) == []


async def test_only_who_has_the_charge_may_and_only_their_own_board_is_theirs(talk: Talk) -> None:
    head, teachers = await received(talk)
    (message,) = got(talk, head)
    sure = await head.press(message, "轉給本單位")
    for other in (teachers[0], talk.as_("elsewhere"), talk):
        reply = await other._tell(action=Action("pass_on", "1"))
        assert "轉給本單位還沒收到" not in reply.text
    assert "權限" in (await head("/report 1")).text or "已經不在" in (await head("/report 1")).text
    for verb in ("silent", "by_unit", "pause", "again", "recall_sure", "undo"):
        refused = await head._tell(action=Action(verb, "1.2"))
        assert any(word in refused.text for word in ("權限", "不在", "改過")), (verb, refused.text)
    for verb in ("receipts", "picture"):
        assert (await head._tell(action=Action(verb, "1"))).files == ()
    async with talk.app.store.begin() as db:
        (person,) = [one.id for one in await db.people.every() if one.name == "head"]
    # Confirmed and then without the charge, nothing of it leaves.
    await head.press(sure, "確認轉給 3 人")
    async with talk.app.store.begin() as db:
        await db.people.set_rank(person, Rank.TEACHER)
    assert await deliver(talk) == []
    assert "權限" in (await head.press(message, "轉給本單位")).text


async def test_it_is_undone_and_a_correction_reaches_those_it_was_passed_on_to(talk: Talk) -> None:
    head, teachers = await received(talk)
    (message,) = got(talk, head)
    told = await head.press(await head.press(message, "轉給本單位"), "確認")
    assert "沒有轉給任何人" in (await head.press(told, "撤銷")).text
    assert await deliver(talk) == []
    await head.press(await head.press(message, "轉給本單位"), "確認")
    await deliver(talk)
    await talk.press(await talk("/report 1"), "更正")
    await talk.press(await talk("改在週六。"), "確定更正")
    await talk.send_due()
    assert len(talk.channel.amended) == 4
    assert {address.chat for address, _, _ in talk.channel.amended} >= {one.sender for one in teachers}
    assert all("改在週六" in reply.text for _, _, reply in talk.channel.amended)


async def test_a_board_of_ones_own_is_kept_up_to_date(talk: Talk) -> None:
    head, teachers = await received(talk)
    told = await head.press(await head.press(got(talk, head)[0], "轉給本單位"), "確認")
    await deliver(talk)
    await head.press(told, "看進展", remote="m7")
    await teachers[1].press(got(talk, teachers[1])[0], "已閱")
    talk.clock.advance(seconds=5)
    await talk.app.refresh_boards()
    await talk.send_due()
    ((address, remote, shown),) = talk.channel.amended
    assert (address.chat, remote) == ("head", "m7")
    assert "已回覆 1 人，未回 2 人" in shown.text
