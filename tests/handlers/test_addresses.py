"""Several addresses of one person: joined by a code shown on one and typed on the other, one copy of each message where they choose."""

from bot.chat import Outcome, Receipt, Reply
from bot.people import Rank
from tests.handlers.conftest import Talk, button_of, labels
from tests.handlers.test_invite import forged, person
from tests.handlers.test_notice import sent


def code_of(reply: Reply) -> str:
    return next(line.split(" ", 1)[1] for line in reply.text.splitlines() if line.startswith("/join "))


async def joined(talk: Talk, phone: Talk, page: Talk) -> Reply:
    """The page becomes the phone's person."""
    code = code_of(await phone.press(await phone("/addresses"), "加入另一個位址"))
    return await page.press(await page(f"/join {code}"), "都是我本人")


async def test_two_addresses_become_one_person_who_gets_one_copy(talk: Talk) -> None:
    phone, page = talk.as_("phone"), talk.as_("page")
    await phone.become(Rank.TEACHER)
    await page.become(Rank.TEACHER)
    await phone("/follow 科技節")
    await sent(talk)
    asked = await page(f"/join {code_of(await phone.press(await phone('/addresses'), '加入另一個位址'))}")
    assert "本人" in asked.text
    assert "別人讓您發的" in asked.text
    assert "合併好了" in (await page.press(asked, "都是我本人")).text
    assert (await person(page)).id == (await person(phone)).id
    talk.clock.advance(minutes=1)
    before = len(talk.channel.delivered)
    await talk.send_due()
    got = [(to.chat, message.text) for to, message, _ in talk.channel.delivered[before:]]
    assert len([text for chat, text in got if "週五下午三點開會" in text and chat in ("phone", "page")]) == 1
    assert [chat for chat, text in got if "併入了您的名下" in text] == ["phone"]
    listed = await page("/addresses")
    assert listed.text.count("提醒和通知發到這裏") == 1


async def test_messages_go_to_the_address_that_is_chosen_and_to_the_other_where_that_is_gone(talk: Talk) -> None:
    phone, page = talk.as_("phone"), talk.as_("page")
    await phone.become(Rank.TEACHER)
    await page("/start")
    await joined(talk, phone, page)
    await talk.send_due()
    listed = await phone("/addresses")
    assert "發到" in (await phone.press(listed, next(label for label in labels(listed) if "改發到" in label))).text
    await sent(talk)
    talk.clock.advance(minutes=1)
    talk.channel.orders.append(Receipt(Outcome.GONE, detail="blocked"))
    before = len(talk.channel.delivered)
    await talk.send_due()
    tried = [
        to.chat for to, message, _ in talk.channel.delivered[before:] if "週五下午三點開會" in message.text and to.chat in ("phone", "page")
    ]
    assert tried == ["page", "phone"]
    async with talk.app.store.read() as db:
        states = [row.state.value for row in await db.outbox.rows("notice", "1") if row.planned.person == (await person(phone)).id]
        assert states == ["sent"]


async def test_the_higher_rank_stays_whoever_shows_the_code(talk: Talk) -> None:
    phone, page = talk.as_("phone"), talk.as_("page")
    await phone("/start")
    await page.become(Rank.PRINCIPAL)
    principal = (await person(page)).id
    asked = await page(f"/join {code_of(await phone.press(await phone('/addresses'), '加入另一個位址'))}")
    assert "校長" in asked.text
    await page.press(asked, "都是我本人")
    assert ((await person(phone)).id, (await person(phone)).rank) == (principal, Rank.PRINCIPAL)


async def test_a_code_works_once_in_time_and_not_for_oneself(talk: Talk) -> None:
    phone, page = talk.as_("phone"), talk.as_("page")
    code = code_of(await phone.press(await phone("/addresses"), "加入另一個位址"))
    assert "另一個位址發送" in (await phone(f"/join {code}")).text
    asked = await page(f"/join {code.lower()}")
    talk.clock.advance(minutes=10)
    assert "無效" in (await page.press(asked, "都是我本人")).text
    await joined(talk, phone, page)
    assert "無效" in (await talk.as_("third")(f"/join {code}")).text


async def test_guessing_codes_is_slowed_down_for_one_and_for_everybody(talk: Talk) -> None:
    phone = talk.as_("phone")
    code = code_of(await phone.press(await phone("/addresses"), "加入另一個位址"))
    for number in range(8):
        crowd = talk.as_(f"crowd{number}")
        assert "請發送" in (await crowd("/join")).text
        assert "無效" in (await crowd("AAAA-AAAA")).text
        for _ in range(4):
            assert "無效" in (await crowd("/join AAAA-AAAA")).text
        assert "分鐘再試" in (await crowd("/join AAAA-AAAA")).text
    assert "分鐘再試" in (await talk.as_("page")(f"/join {code}")).text


async def test_an_address_is_removed_but_never_the_last(talk: Talk) -> None:
    phone, page = talk.as_("phone"), talk.as_("page")
    await phone.become(Rank.TEACHER)
    assert not any("移除" in label for label in labels(await phone("/addresses")))
    await page("/start")
    await joined(talk, phone, page)
    listed = await phone("/addresses")
    drop = button_of(listed, "移除 2").action
    assert drop is not None
    assert "已移除" in (await phone.press(listed, "移除 2")).text
    assert "失效" in (await forged(phone, drop.verb, drop.ref)).text
    assert "失效" in (await forged(phone, "part", "1234567")).text
    assert "失效" in (await forged(phone, "prefer", "1234567")).text
    await page("/start")
    assert (await person(page)).rank is Rank.GUEST
