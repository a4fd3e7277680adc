"""People in somebody's charge: seen, changed, ended and handed over only there, looked up when the button is pressed."""

from bot.chat import Reply
from bot.people import Rank, Scope
from tests.handlers.conftest import Talk, button_of, labels
from tests.handlers.test_invite import FIRST, SECOND, forged, in_charge_of, person, unit_id
from tests.handlers.test_notice import sent


async def place(talk: Talk, name: str, rank: Rank, unit: str) -> int:
    """Make somebody staff of a unit, under a name."""
    await talk("/start", name=name)
    number = await unit_id(talk, unit)
    found = await person(talk)
    async with talk.app.store.begin() as db:
        await db.people.set_rank(found.id, rank, number)
    return found.id


async def card_of(talk: Talk, name: str) -> Reply:
    listed = await talk(f"/people {name}")
    return await talk.press(listed, labels(listed)[0])


async def test_a_leaver_is_out_at_once_and_gets_nothing_more(talk: Talk) -> None:
    ben = talk.as_("ben")
    await place(ben, "林素琴", Rank.PRINCIPAL, FIRST)
    await sent(talk)
    shown = await card_of(talk, "林素琴")
    assert "校長，禾溪區第一小學" in shown.text
    asked = await talk.press(shown, "結束身份")
    assert "權限立即取消" in asked.text
    assert "取消了 1 條" in (await talk.press(asked, "確定結束")).text
    talk.clock.advance(minutes=1)
    assert not any("週五下午三點開會" in message.text and to.chat == "ben" for to, message, _ in talk.channel.delivered)
    await talk.send_due()
    assert not any("週五下午三點開會" in message.text and to.chat == "ben" for to, message, _ in talk.channel.delivered)
    assert (await person(ben)).rank is Rank.GUEST
    assert "權限" in (await ben("/board")).text
    async with talk.app.store.read() as db:
        assert (await db.audit.recent(2))[-1].action in ("membership ended", "denied")


async def test_the_right_to_send_is_looked_up_again_when_a_notice_leaves(talk: Talk) -> None:
    chief, ben = talk.as_("chief"), talk.as_("ben")
    await place(ben, "林素琴", Rank.PRINCIPAL, FIRST)
    await sent(chief)
    await chief("/start", name="將走的管理員")
    await talk.become(Rank.OWNER)
    await talk.press(await talk.press(await card_of(talk, "將走的管理員"), "結束身份"), "確定結束")
    talk.clock.advance(minutes=1)
    await talk.send_due()
    assert not any("週五下午三點開會" in message.text for _, message, _ in talk.channel.delivered)


async def test_a_post_goes_to_a_successor_with_what_it_owes(talk: Talk) -> None:
    ben, carl = talk.as_("ben"), talk.as_("carl")
    await place(ben, "林素琴", Rank.PRINCIPAL, FIRST)
    await place(carl, "周啟明", Rank.TEACHER, FIRST)
    await ben("/follow 科技節")
    await talk.become(Rank.ADMINISTRATOR)
    asked = await talk.press(await card_of(talk, "林素琴"), "交接職務")
    assert "沒有找到" in (await talk("不存在的人")).text
    chosen = await talk("周啟明")
    assert "原來的身份隨即結束" in chosen.text
    done = await talk.press(chosen, "交給 1")
    assert "周啟明，校長，禾溪區第一小學" in done.text, asked.text
    new, old = await person(carl), await person(ben)
    assert (new.rank, new.scope, new.unit) == (Rank.PRINCIPAL, Scope.UNIT, await unit_id(talk, FIRST))
    assert (old.rank, old.unit) == (Rank.GUEST, None)
    async with talk.app.store.read() as db:
        assert len(await db.subscriptions.of(new.id)) == 1
        assert await db.subscriptions.of(old.id) == []
        waiting = {row.planned.person for row in await db.outbox.rows("remind", (await db.subscriptions.of(new.id))[0].reference)}
        assert new.id in waiting


async def test_a_guest_is_no_successor_whatever_they_call_themselves(talk: Talk) -> None:
    ben, fake = talk.as_("ben"), talk.as_("fake")
    old = await place(ben, "林素琴", Rank.PRINCIPAL, FIRST)
    await fake("/start", name="周啟明")
    await talk.become(Rank.ADMINISTRATOR)
    await talk.press(await card_of(talk, "林素琴"), "交接職務")
    assert "沒有找到" in (await talk("周啟明")).text
    assert "不歸您管" in (await forged(talk, "member_to", f"{old}.{(await person(fake)).id}")).text
    assert (await person(fake)).rank is Rank.GUEST


async def test_a_unit_administrator_sees_and_changes_only_their_own(talk: Talk) -> None:
    mine, other, chief = talk.as_("mine"), talk.as_("other"), talk.as_("chief")
    own = await place(mine, "林素琴", Rank.TEACHER, FIRST)
    strange = await place(other, "周啟明", Rank.TEACHER, SECOND)
    await chief.become(Rank.ADMINISTRATOR)
    above = (await person(chief)).id
    await in_charge_of(talk, FIRST)
    listed = await talk("/people")
    assert "林素琴" in listed.text
    assert "周啟明" not in listed.text
    assert "沒有符合" in (await talk("/people 周啟明")).text
    for number in (strange, above, 9999):
        for verb in ("member", "member_end", "member_end_sure", "member_hand"):
            reply = await forged(talk, verb, str(number))
            assert "不歸您管" in reply.text or "失效" in reply.text
        reply = await forged(talk, "member_rank", f"{number}.{int(Rank.PRINCIPAL)}")
        assert "不歸您管" in reply.text or "失效" in reply.text
    assert (await person(other)).rank is Rank.TEACHER
    card = await talk.press(listed, next(label for label in labels(listed) if label.isdigit() and label != "1"))
    assert "林素琴，校長" in (await talk.press(card, "改為校長")).text
    assert "不歸您管" in (await forged(talk, "member_rank", f"{own}.{int(Rank.UNIT_ADMINISTRATOR)}")).text
    assert (await person(mine)).rank is Rank.PRINCIPAL


async def test_the_last_owner_neither_leaves_nor_steps_down(talk: Talk) -> None:
    await talk.become(Rank.OWNER)
    own = (await person(talk)).id
    for verb, ref in (("member_end", f"{own}"), ("member_end_sure", f"{own}"), ("member_rank", f"{own}.{int(Rank.TEACHER)}")):
        assert "唯一的負責人" in (await forged(talk, verb, ref)).text
    assert "唯一的負責人" in (await talk("/forget")).text
    assert "唯一的負責人" in (await forged(talk, "forget_sure", str(own))).text
    assert (await person(talk)).rank is Rank.OWNER
    ben = talk.as_("ben")
    await place(ben, "林素琴", Rank.TEACHER, FIRST)
    listed = await talk("/people")
    await talk.press(await talk.press(listed, "1"), "交接職務")
    await talk.press(await talk("林素琴"), "交給 1")
    assert ((await person(ben)).rank, (await person(talk)).rank) == (Rank.OWNER, Rank.GUEST)


async def test_a_unit_that_was_given_is_not_changed_alone_but_a_claimed_one_gives_nothing(talk: Talk) -> None:
    ben, guest = talk.as_("ben"), talk.as_("guest")
    await place(ben, "林素琴", Rank.TEACHER, FIRST)
    second = await unit_id(talk, SECOND)
    assert "告訴管理員" in (await forged(ben, "unit", str(second))).text
    await guest("/start", name="路過的人")
    await forged(guest, "unit", str(await unit_id(talk, FIRST)))
    await in_charge_of(talk, FIRST)
    assert "路過的人" not in (await talk("/people")).text
    assert "沒有符合" in (await talk("/people 路過的人")).text


async def test_the_audit_is_read_in_plain_words_and_checked(talk: Talk) -> None:
    ben = talk.as_("ben")
    await place(ben, "林素琴", Rank.TEACHER, FIRST)
    await ben("/audit")
    await talk.become(Rank.ADMINISTRATOR)
    for _ in range(14):
        await talk.press(await talk("/addresses"), "加入另一個位址")
    first = await talk("/audit")
    assert "顯示合併代碼" in first.text
    older = await talk.press(first, button_of(first, "更多").label)
    assert "林素琴：越權被拒 audit" in older.text
    assert "沒有被改過" in (await talk.press(first, "核對")).text


async def test_the_audit_tells_what_a_deed_was_done_to_in_the_readers_words(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    async with talk.app.store.begin() as db:
        await db.audit.record(None, "invite", "principal unit 3 uses 1", talk.clock())
    assert "命令行：生成邀請 校長 單位 3 次數 1" in (await talk("/audit")).text


async def test_no_word_of_anybody_stands_in_the_audit(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    await talk("/follow 關鍵詞 消防")
    async with talk.app.store.read() as db:
        deeds = [(entry.action, entry.subject) for entry in await db.audit.recent(50)]
        (row,) = await db.subscriptions.all_of("topic")
    assert ("follow", f"topic {row.id}") in deeds
    assert not any("消防" in subject for _, subject in deeds)
