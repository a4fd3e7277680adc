"""Invitations in chat: made within one's charge, as a link and a picture that can be read, taken back, and not to be guessed."""

import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from bot.chat import Action, Address, Reply
from bot.people import Person, Rank, Scope
from tests.handlers.conftest import Talk, labels

FIRST, SECOND = "禾溪區第一小學", "禾溪區第二小學"


async def person(talk: Talk) -> Person:
    async with talk.app.store.read() as db:
        found = await db.people.find(Address(talk.channel.name, talk.sender))
    assert found is not None
    return found


async def unit_id(talk: Talk, name: str) -> int:
    async with talk.app.store.read() as db:
        unit = await db.units.named(name)
    assert unit is not None
    return unit.id


async def in_charge_of(talk: Talk, name: str) -> None:
    """Make the person administrator of that unit."""
    await talk("/start")
    async with talk.app.store.begin() as db:
        found = await db.people.find(Address(talk.channel.name, talk.sender))
        unit = await db.units.named(name)
        assert found is not None
        assert unit is not None
        await db.people.set_rank(found.id, Rank.UNIT_ADMINISTRATOR, unit.id)


async def forged(talk: Talk, verb: str, ref: str) -> Reply:
    return await talk._tell(action=Action(verb, ref))


def code_of(reply: Reply) -> str:
    return next(line.rsplit(" ", 1)[1] for line in reply.text.splitlines() if "/start " in line)


async def test_an_administrator_invites_by_link_code_and_picture(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    first = await talk("/invite")
    assert labels(first) == ["單位管理員", "校長", "教師"]
    asked = await talk.press(first, "校長")
    assert "不指定單位" in labels(asked)
    card = await talk(FIRST)
    assert "7 天，可用 1 次" in card.text
    card = await talk.press(card, "30 天")
    card = await talk.press(card, "10 次")
    assert "30 天，可用 10 次" in card.text
    made = await talk.press(card, "生成邀請")
    code = code_of(made)
    assert len(code) == 22
    (picture,) = made.files
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert read.text == f"https://chat.example/bot?start={code}"
    assert read.text in made.text
    ben = talk.as_("ben")
    assert FIRST in (await ben(f"/start {code}")).text
    found = await person(ben)
    assert (found.rank, found.unit, found.scope) == (Rank.PRINCIPAL, await unit_id(talk, FIRST), Scope.UNIT)
    async with talk.app.store.read() as db:
        assert [(row.action, row.subject) for row in await db.audit.recent(2)] == [
            ("redeemed", ""), ("invite", f"principal unit {found.unit} uses 10")
        ]  # fmt: skip
        assert code not in str([(await db.connection.exec_driver_sql("SELECT * FROM invitations")).all()])


async def test_without_a_link_there_is_a_code_and_no_picture(talk: Talk) -> None:
    talk.channel.linked = False
    await talk.become(Rank.OWNER)
    first = await talk("/invite")
    assert labels(first)[0] == "管理員"
    card = await forged(talk, "invite_rank", f"{int(Rank.ADMINISTRATOR)}.0")
    assert "全區" in card.text
    made = await talk.press(card, "生成邀請")
    assert made.files == ()
    assert len(code_of(made)) == 22


async def test_a_group_is_invited_to_as_one(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    group = next(group for unit in talk.app.services.register().units for group in unit.groups)
    card = await talk.press(await talk.press(await talk("/invite"), "單位管理員"), group)
    made = await talk.press(card, "生成邀請")
    ben = talk.as_("ben")
    await ben(f"/start {code_of(made)}")
    found = await person(ben)
    assert (found.scope, found.group, found.unit) == (Scope.GROUP, group, None)
    assert labels(await ben("/invite")) == ["校長", "教師"]


async def test_a_unit_administrator_invites_within_the_unit_only(talk: Talk) -> None:
    await in_charge_of(talk, FIRST)
    mine, other = await unit_id(talk, FIRST), await unit_id(talk, SECOND)
    card = await talk.press(await talk("/invite"), "校長")
    assert FIRST in card.text
    assert "生成邀請" in labels(card)
    teacher, principal, below = int(Rank.TEACHER), int(Rank.PRINCIPAL), int(Rank.UNIT_ADMINISTRATOR)
    for ref in (f"{teacher}.{other}.0.7.1", f"{principal}.0.0.7.1", f"{below}.{mine}.0.7.1", f"{int(Rank.OWNER)}.{mine}.0.7.1"):
        for verb in ("invite_card", "invite_make"):
            assert "不歸您管" in (await forged(talk, verb, ref)).text
    for ref in ("x", f"{teacher}.{mine}.0.9.1", f"{teacher}.99999.0.7.1", f"99.{mine}.0.7.1", f"{teacher}.0.12345.7.1"):
        assert "失效" in (await forged(talk, "invite_make", ref)).text
    async with talk.app.store.read() as db:
        assert await db.people.invitations(talk.clock()) == []


async def test_the_right_is_looked_up_when_the_button_is_pressed(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    await talk.press(await talk("/invite"), "校長")
    card = await talk(FIRST)
    await talk.become(Rank.PRINCIPAL)
    assert "權限" in (await talk.press(card, "生成邀請")).text
    await in_charge_of(talk, SECOND)
    assert "不歸您管" in (await talk.press(card, "生成邀請")).text


async def test_invitations_are_listed_and_taken_back(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    unit = await unit_id(talk, FIRST)
    codes = [code_of(await forged(talk, "invite_make", f"{int(Rank.TEACHER)}.{unit}.0.7.10")) for _ in range(2)]
    listed = await talk.press(await talk("/invite"), "還能用的邀請（2）")
    assert "已用 0/10 次" in listed.text
    number = next(label for label in labels(listed) if label.startswith("撤銷"))
    left = await talk.press(listed, number)
    assert "共 1 個" in left.text
    assert "無效" in (await talk.as_("ben")(f"/start {codes[1]}")).text
    assert "教師" in (await talk.as_("ben")(f"/start {codes[0]}")).text
    other = talk.as_("chief")
    await in_charge_of(other, SECOND)
    assert not any("還能用" in label for label in labels(await other("/invite")))
    assert "失效" in (await forged(other, "invite_end", "1.0")).text


async def test_an_invitation_is_over_when_it_is_over(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    code = code_of(await forged(talk, "invite_make", f"{int(Rank.TEACHER)}.0.0.1.1"))
    talk.clock.advance(days=1)
    assert "無效" in (await talk.as_("ben")(f"/start {code}")).text


async def test_guessing_is_slowed_down_and_written_down(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    code = code_of(await forged(talk, "invite_make", f"{int(Rank.TEACHER)}.0.0.7.1"))
    ben = talk.as_("ben")
    for number in range(5):
        assert "無效" in (await ben(f"/start wrong{number}")).text
    assert "過 15 分鐘" in (await ben(f"/start {code}")).text
    assert "教師" in (await talk.as_("carl")(f"/start {code}")).text
    async with talk.app.store.read() as db:
        deeds = [row.action for row in await db.audit.recent(20)]
    assert (deeds.count("bad code"), deeds.count("code not looked at")) == (5, 1)
    talk.clock.time += timedelta(minutes=15)
    assert "無效" in (await ben(f"/start {code}")).text


@pytest.mark.parametrize("rank", [Rank.GUEST, Rank.TEACHER, Rank.PRINCIPAL])
async def test_others_are_told_how_to_get_a_rank(talk: Talk, rank: Rank) -> None:
    await talk.become(rank)
    reply = await talk("/invite")
    assert "權限" in reply.text
    assert "管理員" in reply.text
