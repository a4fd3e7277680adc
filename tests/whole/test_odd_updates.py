"""What Telegram may deliver besides questions: gestures, voices, edits, forwards, channel posts, forged presses, odd Unicode."""

from tests.telegram import User
from tests.telegram.world import Json, units
from tests.whole.test_telegram import Whole
from tests.whole.test_telegram import whole as whole

QUESTION = "科技節什麼時候？"
PLACE: Json = {"location": {"latitude": 22.2, "longitude": 113.5}}
CARD: Json = {"contact": {"phone_number": "+85300000000", "first_name": "某"}}
POLL: Json = {
    "poll": {
        "id": "1",
        "question": "去哪？",
        "options": [{"text": "山", "voter_count": 0, "persistent_id": "1"}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
}
UNREADABLE: Json = {"poll": {name: value for name, value in POLL["poll"].items() if name != "allows_revoting"}}
"""What an older or newer server may send: the library insists on a field and raises."""
DIE: Json = {"dice": {"emoji": "🎲", "value": 6}}
JOINED: Json = {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "新"}]}


async def heard_next(person: User) -> str:
    """What is heard next after a question: its answer, where the bot is alive and owes nothing."""
    await person.says(QUESTION)
    return (await person.hears()).text


async def test_sounds_films_places_cards_and_polls_get_a_hint_and_gestures_and_notices_none(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    for kind, hint in (("voice", "語音"), ("audio", "語音"), ("video", "文字"), ("sticker", "")):
        await anna.sends(f"a.{kind}", b"data", kind=kind)
        if hint:
            assert hint in (await anna.hears()).text
    for extra, answered in ((PLACE, True), (CARD, True), (POLL, True), (DIE, False), (JOINED, False), ({}, False)):
        await anna.says("", **extra)
        if answered:
            assert "請用文字提問" in (await anna.hears()).text
    assert "4月" in await heard_next(anna)


async def test_an_update_that_the_library_cannot_read_does_not_make_the_bot_deaf(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    for broken in (UNREADABLE, {"contact": []}, {"entities": 5}, {"chat": None}):
        await anna.says("?", **broken)
    assert "4月" in await heard_next(anna)


async def test_an_edited_message_is_silence_and_a_forwarded_one_is_a_question(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    asked = await anna.says(QUESTION)
    assert "4月" in (await anna.hears()).text
    await anna.edits(asked, "教師課堂教學大賽什麼時候？")
    await anna.says(QUESTION, forward_origin={"type": "hidden_user", "sender_user_name": "某", "date": 1})
    assert "4月" in (await anna.hears()).text
    assert anna.unheard() == []


async def test_a_channel_post_and_kinds_of_update_that_are_new_are_silence(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    channel = {"id": -1009, "type": "channel", "title": "公告"}
    for kind in ("channel_post", "edited_channel_post", "business_message", "something_new"):
        whole.server.world.update(kind, {"message_id": 1, "date": 1, "chat": channel, "text": QUESTION})
    assert "4月" in await heard_next(anna)


async def test_a_forged_press_gets_a_friendly_word_and_an_audit_row(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("/help")
    drawn = await anna.hears()
    forged = ("stale", "unit:99999", "x" * 64, "got:1e9", "無此:一", "\u202e:1", "", "unit:" + "9" * 59)
    for data in forged:
        assert "失效" in (await anna.forges(drawn, data)).text
    async with whole.app.store.read() as db:
        # The trail takes five a minute of one person; the words of the forger are not among them.
        refused = [entry.subject for entry in reversed(await db.audit.recent(9)) if entry.action == "refused press"]
    assert refused == ["unknown", "unit", "unknown", "got", "unknown"]
    assert "4月" in await heard_next(anna)


async def test_a_press_that_is_delivered_twice_is_done_once(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("教師課堂教學大賽什麼時候？")
    answer = await anna.hears()
    await anna.presses(answer, "跟進")
    promise = await anna.hears()
    await anna.presses(answer, "跟進")
    again = await anna.hears()
    assert "2027年5月16日" in promise.text
    assert again.text
    async with whole.app.store.read() as db:
        person = (await db.people.every())[0]
        assert len(await db.subscriptions.of(person.id)) == 1


ODD = (
    "\u202e科技節\u202c什麼時候？",
    "\u200b\u200d\ufeff",
    "王" + "\u0301" * 3000,
    "👨\u200d👩\u200d👧\u200d👦" * 300,
    "🇲🇴" * 1000,
    "/" * 4000,
    "﷽" * 2000,
    "<b>&lt;</b>*_`[x](tg://user?id=1)",
    "{0} %s ${x} {turn.person}",
    "' OR 1=1; DROP TABLE people; --",
    "\x00\x01\x02",
    "𝕬𝖇𝖈 ₂ ² ½ Ⅻ 〇零",
    "/start@planbot " + "²" * 20,
)


async def test_an_oddity_of_unicode_gets_an_answer_that_can_be_sent(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    for text in ODD:
        await anna.says(text)
        answer = await anna.hears(timeout=20)
        assert answer.text
        assert "抱歉" not in answer.text, text
        assert units(answer.text) <= 4096
        assert not any(character in answer.text for character in "\u202e\u200b\ufeff\x00"), text
    assert "4月" in await heard_next(anna)


async def test_a_name_that_reorders_what_stands_behind_it_is_kept_plain(whole: Whole) -> None:
    anna = whole.server.user("\u202eannA\u200b")
    await anna.says("/start")
    await anna.hears()
    async with whole.app.store.read() as db:
        assert [person.name for person in await db.people.every()] == ["annA"]
