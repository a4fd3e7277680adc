"""The gate: floods, strangers, presses that are not what was drawn, texts that hide something, and what is no text at all."""

from dataclasses import replace

import pytest

from bot.chat import STALE, Action, Address, FileRef, Incoming, Place, Reply, Request
from bot.desk import FrontDesk
from bot.people import Rank
from bot.settings import Incoming as Limits
from handlers import ROOMS
from handlers.room import Audience, Room, Services, Turn
from tests.handlers.conftest import Talk


def limited(talk: Talk, **limits: int) -> Talk:
    services = replace(talk.app.services, settings=replace(talk.app.settings, limits=Limits(**limits)))
    talk.app.desk = FrontDesk(ROOMS, services, services.texts)
    return talk


async def deeds(talk: Talk) -> list[tuple[str, str]]:
    async with talk.app.store.read() as db:
        return [(entry.action, entry.subject) for entry in reversed(await db.audit.recent(50))]


async def test_who_writes_too_much_is_told_once_then_there_is_silence(talk: Talk) -> None:
    limited(talk, messages_minute=3)
    for _ in range(3):
        assert "科技節" in (await talk("科技節什麼時候？")).text
    assert "太快" in (await talk("科技節什麼時候？")).text
    message = Incoming(Address("invented", "anna"), "anna", "科技節什麼時候？")
    assert [await talk.app.desk.answer(message) for _ in range(5)] == [None] * 5
    assert "科技節" in (await talk.as_("ben")("科技節什麼時候？")).text
    assert (await deeds(talk)).count(("too fast", "invented")) == 1


async def test_a_press_too_many_is_refused_but_never_an_administrators(talk: Talk) -> None:
    limited(talk, presses_minute=2)
    ben = talk.as_("ben")
    await ben.become(Rank.ADMINISTRATOR)
    for _ in range(2):
        await talk._tell(action=Action("help"))
    told = await talk._tell(action=Action("help"))
    assert ("太快" in told.text, told.place) == (True, Place.TOAST)
    assert await talk.app.desk.answer(Incoming(Address("invented", "anna"), "anna", action=Action("help"))) is None
    answers = [(await ben._tell(action=Action("help"))).text for _ in range(5)]
    assert not any("太快" in answer for answer in answers)


async def test_pages_and_suggestions_are_counted_too(talk: Talk) -> None:
    limited(talk, presses_minute=2)
    await talk.become(Rank.TEACHER)
    who = Address("invented", "anna")
    opened = [await talk.app.desk.open(Request("history", who)) for _ in range(3)]
    assert [getattr(page, "refused", None) for page in opened] == [False, False, True]
    assert await talk.app.desk.suggest("科技節", who, 5) == []


async def test_a_crowd_of_strangers_is_asked_to_come_back(talk: Talk) -> None:
    limited(talk, strangers_minute=2)
    assert [("太多" in (await talk.as_(name)("/start")).text) for name in ("a", "b", "c", "d")] == [False, False, True, True]
    assert "您好" in (await talk.as_("a")("/start")).text
    async with talk.app.store.read() as db:
        assert len(await db.people.every()) == 2


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        (STALE, "unknown"),
        (Action("x' OR 1=1 --", "王小明"), "unknown"),
        (Action("unit", "99999"), "unit"),
        (Action("got", "1e9"), "got"),
        (Action("good", "12345"), "good"),
    ],
)
async def test_a_press_that_nobody_drew_is_refused_kindly_and_put_on_record(talk: Talk, action: Action, subject: str) -> None:
    reply = await talk._tell(action=action)
    assert (reply.text, reply.place) == ("這個按鈕已經失效，請重新提問。", Place.TOAST)
    assert ("refused press", subject) in await deeds(talk)


async def test_the_record_takes_a_few_refusals_a_minute_and_no_more(talk: Talk) -> None:
    for number in range(30):
        await talk._tell(action=Action("unit", f"9{number}"))
    assert (await deeds(talk)).count(("refused press", "unit")) == 5


async def test_a_rank_is_looked_up_at_the_press_and_not_when_the_button_was_drawn(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    drawn = await talk("/notice 明天停課一天")
    await talk.become(Rank.TEACHER)
    button = next(button for row in drawn.buttons for button in row if button.action)
    refused = await talk._tell(action=button.action)
    assert "權限" in refused.text
    assert any(action == "denied" for action, _ in await deeds(talk))


async def test_a_page_above_ones_rank_is_not_there_and_the_attempt_is_on_record(talk: Talk) -> None:
    await talk("/start")
    assert await talk.app.desk.open(Request("notices", Address("invented", "anna"))) is None
    assert await talk.app.desk.open(Request("nowhere", Address("invented", "anna"))) is None
    assert [deed for deed in await deeds(talk) if deed[0] == "denied"] == [("denied", "page:notices")]


async def test_hidden_characters_do_not_change_what_is_understood(talk: Talk) -> None:
    clear = await talk("科技節什麼時候？")
    assert (await talk("科\u200b技\u202e節\ufeff什麼時候？\u2069")).text == clear.text
    assert (await talk("/\u200bhelp")).text == (await talk("/help")).text


async def test_what_is_shown_holds_nothing_hidden(talk: Talk) -> None:
    mirror = Room("mirror")

    @mirror.command("mirror", Audience.EVERYONE)
    async def back(turn: Turn, services: Services) -> Reply:
        return Reply(f"\u202e{turn.args}\x1b[31m {turn.person.name}")

    desk = FrontDesk((*ROOMS, mirror), talk.app.services, talk.app.services.texts)
    message = Incoming(Address("invented", "anna"), "anna", "/mirror \u2067王", name="\u202e安\u200b娜" + "!" * 500)
    reply = await desk.answer(message)
    assert reply is not None
    assert reply.text == "王[31m 安娜" + "!" * 118


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\u2060", "\u3164"])
async def test_a_message_without_a_word_gets_a_hint(talk: Talk, text: str) -> None:
    assert "我沒有看到文字" in (await talk(text)).text


@pytest.mark.parametrize(("unread", "said"), [("voice", "語音"), ("other", "文字")])
async def test_what_cannot_be_read_gets_a_word_in_private_and_none_in_a_group(talk: Talk, unread: str, said: str) -> None:
    assert said in (await talk("", unread=unread)).text
    group = Incoming(Address("invented", "-5"), "anna", "", group=True, unread=unread)
    assert await talk.app.desk.answer(group) is None


async def test_a_refusal_is_told_in_the_language_of_the_person(talk: Talk) -> None:
    carl = talk.as_("carl", "en-GB")
    chosen = await carl.press(await carl.press(await carl("/settings"), "Language"), "简体中文")
    assert "简体" in chosen.text
    assert "失效" in (await carl._tell(action=Action("unit", "99999"))).text
    assert "太长" in (await carl("/find " + "x" * 2500)).text


async def test_a_file_with_a_deceiving_name_is_shown_as_it_is(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    talk.channel.files["f"] = b"\x00\x01"
    reply = await talk("", files=(FileRef("invented", "f", "計劃\u202etxt.exe", 2),))
    assert "\u202e" not in reply.text
    assert reply.text


@pytest.mark.parametrize("reference", ["²", "①.①.①", "٣", "１", "", ".", "0", "1", "1.1.1", "all", "x" * 50])
async def test_no_button_stumbles_over_its_reference(talk: Talk, caplog: pytest.LogCaptureFixture, reference: str) -> None:
    await talk.become(Rank.OWNER)
    desk = limited(talk, messages_minute=0, presses_minute=0).app.desk
    for verb in desk._rooms.buttons:
        packed = Action.unpack(f"{verb}:{reference}"[:60])
        await desk.answer(Incoming(Address("invented", "anna"), "anna", action=packed, language="zh-hant"))
    assert "a room failed" not in caplog.text
