"""The desk: audiences, dead buttons, deliveries seen twice, groups, invitations, and an apology that loses nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ask.normal import script_of
from bot.chat import Action, Address, Incoming, Reply
from bot.desk import FrontDesk
from bot.people import Rank
from handlers import ROOMS
from handlers.room import Audience, Room, Services, Turn
from storage.values import Expectation
from tests.handlers.conftest import Talk, labels


async def test_start_alone_makes_a_person_known_as_a_guest(talk: Talk) -> None:
    reply = await talk("/start")
    assert "您好" in reply.text
    async with talk.app.store.read() as db:
        person = await db.people.find(Address("invented", "anna"))
    assert person is not None
    assert person.rank is Rank.GUEST


async def test_an_invitation_gives_its_rank_once(talk: Talk) -> None:
    async with talk.app.store.begin() as db:
        unit = await db.units.named("禾溪區第一小學")
        assert unit is not None
        code = await db.people.invite(Rank.PRINCIPAL, unit.id, talk.clock(), talk.clock() + timedelta(days=1))
    assert "校長" in (await talk(f"/start {code}")).text
    assert "無效" in (await talk.as_("ben")(f"/start {code}")).text
    async with talk.app.store.read() as db:
        anna = await db.people.find(Address("invented", "anna"))
        ben = await db.people.find(Address("invented", "ben"))
    assert anna is not None
    assert (anna.rank, anna.unit) == (Rank.PRINCIPAL, unit.id)
    assert ben is not None
    assert ben.rank is Rank.GUEST


async def test_the_owner_is_whoever_sends_the_code_in_time(talk: Talk) -> None:
    async with talk.app.store.begin() as db:
        code = await db.people.owner_code(talk.clock(), talk.clock() + timedelta(minutes=15))
    assert code is not None
    talk.clock.advance(minutes=16)
    assert "無效" in (await talk(f"/start {code}")).text
    async with talk.app.store.begin() as db:
        code = await db.people.owner_code(talk.clock(), talk.clock() + timedelta(minutes=15))
    assert "負責人" in (await talk(f"/start {code}")).text
    async with talk.app.store.begin() as db:
        assert await db.people.owner_code(talk.clock(), talk.clock() + timedelta(minutes=15)) is None


async def test_the_same_delivery_is_answered_once(talk: Talk) -> None:
    message = Incoming(Address("invented", "anna"), "anna", "科技節什麼時候？", update="77")
    assert await talk.app.desk.answer(message) is not None
    assert await talk.app.desk.answer(message) is None


async def test_a_group_is_answered_only_when_it_speaks_to_the_bot(talk: Talk) -> None:
    group = Address("invented", "-100")
    heard = Incoming(group, "anna", "科技節什麼時候？", group=True, addressed=False)
    assert await talk.app.desk.answer(heard) is None
    spoken = await talk.app.desk.answer(replace(heard, addressed=True))
    assert spoken is not None
    assert "4月" in spoken.text


async def test_a_personal_command_in_a_group_leads_to_the_private_chat(talk: Talk) -> None:
    group = Incoming(Address("invented", "-100"), "anna", "/mine", group=True)
    reply = await talk.app.desk.answer(group)
    assert reply is not None
    assert reply.private
    assert reply.link == "mine"
    assert "單位" not in reply.text


@pytest.mark.parametrize(
    "action",
    [
        Action("nothing", "1"),
        Action("pick", "what-000000000000"),
        Action("source", "x"),
        Action("agenda", "%%%"),
        Action("unit", "99999"),
        Action("noted", "١٢"),
        Action("language", "fr"),
        Action("units", "-1"),
        Action("mine", "9" * 30),
        Action("mine", "²"),
        Action("curated_page", "①"),
        Action("units", "①"),
    ],
)
async def test_a_forged_or_stale_press_gets_a_friendly_word(talk: Talk, action: Action) -> None:
    reply = await talk._tell(action=action)
    assert reply.text
    assert "抱歉" not in reply.text


async def test_a_room_that_fails_apologises_and_the_bot_goes_on(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    broken = Room("broken")

    @broken.command("broken")
    async def fail(turn: Turn, services: Services) -> None:
        raise ZeroDivisionError

    desk = FrontDesk((*ROOMS, broken), talk.app.services, talk.app.services.texts)
    address = Address("invented", "anna")
    reply = await desk.answer(Incoming(address, "anna", "/broken"))
    assert reply is not None
    assert "抱歉" in reply.text
    assert "ZeroDivisionError" in caplog.text
    assert await desk.answer(Incoming(address, "anna", "科技節什麼時候？")) is not None


async def test_a_command_above_the_askers_rank_is_denied_and_audited(talk: Talk) -> None:
    office = Room("office")

    @office.command("keys", Audience.ADMINISTRATORS)
    async def keys(turn: Turn, services: Services) -> None:
        raise AssertionError("a guest was let in")

    desk = FrontDesk((*ROOMS, office), talk.app.services, talk.app.services.texts)
    reply = await desk.answer(Incoming(Address("invented", "anna"), "anna", "/keys"))
    assert reply is not None
    assert "沒有使用這項功能的權限" in reply.text
    async with talk.app.store.read() as db:
        assert [row.action for row in await db.audit.recent(5)].count("denied") == 1


def test_two_rooms_with_one_command_are_an_error(talk: Talk) -> None:
    twin = Room("twin")

    @twin.command("find")
    async def find(turn: Turn, services: Services) -> None: ...

    with pytest.raises(ValueError, match="find is declared in two rooms"):
        FrontDesk((*ROOMS, twin), talk.app.services, talk.app.services.texts)


async def test_inline_suggestions_are_for_staff_only(talk: Talk) -> None:
    address = Address("invented", "anna")
    await talk("/start")
    assert await talk.app.desk.suggest("科技節", address, 5) == []
    await talk.become(Rank.TEACHER)
    found = await talk.app.desk.suggest("科技節", address, 5)
    assert any("科技節" in suggestion.text for suggestion in found)


async def test_chinese_words_do_what_commands_do(talk: Talk) -> None:
    assert (await talk("幫助")).text == (await talk("/help")).text
    assert "我的單位" in labels(await talk("/start")) or "單位" in (await talk("我校")).text
    assert "沒有這個指令" in (await talk("/nonsense")).text


async def test_the_language_follows_the_question_then_the_choice_then_the_client(talk: Talk) -> None:
    client = talk.as_("carl", "en-GB")
    assert "Hello" in (await client("/start")).text
    settings = await client("/settings")
    chosen = await client.press(await client.press(settings, "Language"), "简体中文")
    assert "简体" in chosen.text
    assert "您好" in (await client("/start")).text
    assert "出處" in (await client("科技節什麼時候？")).text


@pytest.fixture
def asking(talk: Talk) -> Talk:
    """The same bot with a room that asks for words and gives them back."""
    echo = Room("echo")

    @echo.command("name")
    async def ask(turn: Turn, services: Services) -> Reply:
        async with services.store.begin() as db:
            expectation = Expectation("named", "7", turn.now, "原名")
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
        return Reply("名稱？")

    @echo.words("named")
    async def named(turn: Turn, services: Services) -> Reply:
        assert turn.expected is not None
        return Reply(f"{turn.expected.reference} {turn.expected.text} {turn.args}")

    talk.app.desk = FrontDesk((*ROOMS, echo), talk.app.services, talk.app.services.texts)
    return talk


async def test_words_that_were_asked_for_go_where_they_were_asked(asking: Talk) -> None:
    await asking("/name")
    assert (await asking("我校 科技節什麼時候？")).text == "7 原名 我校 科技節什麼時候？"
    assert "出處" in (await asking("科技節什麼時候？")).text


@pytest.mark.parametrize("between", ["/help", "幫助"])
async def test_a_command_in_between_drops_what_was_asked_for(asking: Talk, between: str) -> None:
    await asking("/name")
    assert "名稱" not in (await asking(between)).text
    assert "原名" not in (await asking("科技節什麼時候？")).text


async def test_a_press_in_between_drops_it_and_so_does_a_quarter_of_an_hour(asking: Talk) -> None:
    await asking("/name")
    await asking._tell(action=Action("help"))
    assert "原名" not in (await asking("科技節")).text
    await asking("/name")
    asking.clock.advance(minutes=16)
    assert "原名" not in (await asking("科技節")).text


async def test_one_persons_words_are_not_anothers(asking: Talk) -> None:
    await asking("/name")
    assert "原名" not in (await asking.as_("ben")("科技節")).text
    assert (await asking("科技節")).text == "7 原名 科技節"


async def test_a_number_picks_from_the_list_that_was_shown_last(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    questions = await talk("四月有哪些工作？")
    second = next(line for line in questions.text.split("\n") if line.startswith("2."))
    plans = await talk("/plans")
    assert labels(plans)[1].startswith("2.")
    assert (await talk("2")).text == (await talk.press(plans, "2.")).text
    units = await talk("/units")
    assert (await talk("3")).text == (await talk.press(units, "3")).text
    await talk("四月有哪些工作？")
    assert second[3:12] in (await talk("2")).text


async def test_a_number_is_no_press_after_a_quarter_of_an_hour(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    card = await talk.press(await talk("/plans"), "2.")
    talk.clock.advance(minutes=16)
    assert (await talk("2")).text != card.text


async def test_a_word_of_both_scripts_goes_on_in_the_script_of_the_talk(talk: Talk) -> None:
    assert "計劃" in (await talk("四月有哪些工作？")).text.split("\n")[0]
    assert "计划" in (await talk("四月有哪些工作安排，请列出来")).text.split("\n")[0]
    assert "页" in (await talk("更多")).text
    talk.clock.advance(minutes=16)
    assert script_of((await talk("更多")).text) == "hant"


async def test_help_fits_a_screen_and_leads_to_every_command(talk: Talk) -> None:
    for rank in (Rank.GUEST, Rank.TEACHER, Rank.ADMINISTRATOR):
        await talk.become(rank)
        replies = [await talk("/help")]
        replies += [await talk.press(replies[0], label) for label in labels(replies[0])]
        for reply in replies[1:]:
            while "更多" in labels(reply):
                reply = await talk.press(reply, "更多")
                replies.append(reply)
        assert all(len(reply.text.split("\n")) <= 8 for reply in replies)
        told = {line.split(" ")[0][1:] for reply in replies for line in reply.text.split("\n") if line.startswith("/")}
        usable = {command.name for command in talk.app.services.commands if command.listed and command.audience.admits(rank)}
        assert told == usable - {"find", "help"}
