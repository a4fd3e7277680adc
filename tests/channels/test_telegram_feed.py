"""What the library reads of Telegram's news, and what is left out so that it does not stop the rest."""

import json

import pytest

from bot.channels.telegram.feed import Feed, readable

PERSON = {"id": 7, "is_bot": False, "first_name": "安"}
CHAT = {"id": 7, "type": "private"}
SAID = {"message_id": 1, "date": 1, "chat": CHAT, "from": PERSON, "text": "在嗎"}
PRESSED = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "help:", "message": {"message_id": 1, "date": 1, "chat": CHAT}}


@pytest.mark.parametrize("update", [{"message": SAID}, {"callback_query": PRESSED}, {"something_new": 5}, {}])
def test_a_good_update_is_left_as_it_is(update: dict[str, object]) -> None:
    assert readable({"update_id": 5} | update) == {"update_id": 5} | update


@pytest.mark.parametrize(
    "update",
    [
        {"message": SAID | {"text": 5}},
        {"message": SAID | {"from": None}},
        {"message": SAID | {"chat": None}},
        {"message": SAID | {"entities": [{"type": "bold", "offset": 1.5, "length": 1}]}},
        {"message": {"message_id": 1}},
        {"callback_query": PRESSED | {"data": 5}},
        {"callback_query": {name: value for name, value in PRESSED.items() if name != "from"}},
        {"inline_query": {"id": "1", "from": PERSON, "query": True, "offset": ""}},
        {"my_chat_member": {"chat": CHAT}},
    ],
)
def test_an_update_of_another_shape_keeps_its_number_alone(update: dict[str, object]) -> None:
    assert readable({"update_id": 5} | update) == {"update_id": 5}


@pytest.mark.parametrize("update", [None, 5, [], {}, {"update_id": "5"}, {"update_id": True}])
def test_what_has_no_number_is_none(update: object) -> None:
    assert readable(update) is None


def test_one_bad_update_costs_the_batch_nothing(caplog: pytest.LogCaptureFixture) -> None:
    batch = [{"update_id": 1, "message": SAID}, {"update_id": 2, "message": {"text": "機密"}}, {"update_id": 3, "message": SAID}]
    answer = Feed.parse_json_payload(json.dumps({"ok": True, "result": batch}).encode())
    assert [update["update_id"] for update in answer["result"]] == [1, 2, 3]
    assert ["message" in update for update in answer["result"]] == [True, False, True]
    assert "機密" not in caplog.text


def test_other_answers_pass_through() -> None:
    assert Feed.parse_json_payload(b'{"ok": true, "result": true}') == {"ok": True, "result": True}
