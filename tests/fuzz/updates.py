"""Arbitrary updates, by seed: what Telegram delivers, with people, groups, presses and fields as they should be and as they should not."""

import asyncio
from typing import Any

from tests.fuzz.town import BOT, GROUPS, PEOPLE, Town
from tests.fuzz.words import Words

Json = dict[str, Any]
EVERY = 200
"""Updates between two looks at the database, and between two rounds of the sender."""


class Updates:
    """An endless series."""

    def __init__(self, seed: int, verbs: tuple[str, ...], commands: tuple[str, ...]) -> None:
        self.words = Words(seed)
        self.number = 0
        self.verbs, self.commands = verbs, commands

    def __next__(self) -> Any:
        self.number += 1
        words = self.words
        kinds = (self.message, self.message, self.message, self.press, self.press, self.inline, self.membership, self.other)
        update: Json = {"update_id": self.number} | words.one(kinds)()
        return words.spoiled(update) if words.chance(0.15) else update

    def person(self) -> Json:
        number = self.words.one(list(PEOPLE)) if self.words.chance(0.97) else self.words.random.randrange(10**7, 2 * 10**7)
        account: Json = {
            "id": number,
            "is_bot": self.words.chance(0.01),
            "first_name": self.words.one(("安", "P", self.words.text()[:64] or "x")),
        }
        if self.words.chance(0.3):
            account["language_code"] = self.words.one(("zh-hant", "zh-hans", "en", "fr", "", self.words.text()[:8]))
        return account

    def place(self, person: Json) -> Json:
        if self.words.chance(0.75):
            return {"id": person["id"], "type": "private", "first_name": "x"}
        kind = self.words.one(("group", "supergroup", "channel"))
        return {"id": self.words.one(GROUPS), "type": kind, "title": self.words.text()[:60]}

    def said(self) -> str:
        words = self.words
        if words.chance(0.45):
            at = words.one(("", "", "@planbot", "@other"))
            return f"/{words.one(self.commands)}{at} {words.text() if words.chance(0.7) else ''}".strip()
        return words.text()

    def reference(self) -> str:
        words = self.words
        small = [str(words.random.randrange(30)) for _ in range(3)]
        forms = ("", small[0], ".".join(small[:2]), ".".join(small), f"{small[0]}.yes", f"{small[0]}.other", "all", "0", "month..0")
        odd = ("1-2-0-c", "what-0123456789ab", "1.1-1.1", "²", "-1", "9" * 15, words.text()[:30])
        return str(words.one(forms if words.chance(0.7) else odd))

    def message(self) -> Json:
        words, person = self.words, self.person()
        message: Json = {"message_id": words.random.randrange(1, 10**6), "date": 1_790_000_000, "from": person, "chat": self.place(person)}
        match words.random.randrange(12):
            case 0:
                document = {"file_id": "f", "file_unique_id": "u", "file_size": words.one((0, 5, 10**9)), "mime_type": words.text()[:30]}
                message |= {"document": document | {"file_name": words.text()[:80]}, "caption": words.text()[:1024]}
            case 1:
                message["photo"] = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 9}]
            case 2:
                message |= words.one(
                    (
                        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
                        {"location": {"latitude": 22.1, "longitude": 113.5}},
                        {"contact": {"phone_number": "1", "first_name": "x"}},
                        {"dice": {"emoji": "🎲", "value": 3}},
                        {"new_chat_title": "x"},
                        {"left_chat_member": person},
                        {"migrate_to_chat_id": words.one(GROUPS)},
                    )
                )
            case _:
                message["text"] = self.said()
                message["entities"] = self.entities(message["text"])
        if words.chance(0.05):
            message["sender_chat"] = {"id": words.one(GROUPS), "type": "supergroup", "title": "x"}
        if words.chance(0.1):
            message["reply_to_message"] = {"message_id": 5, "date": 1, "chat": message["chat"], "from": BOT, "text": words.text()[:50]}
        if words.chance(0.05):
            message["forward_origin"] = {"type": "hidden_user", "sender_user_name": words.text()[:30], "date": 1}
        return {words.one(("message",) * 12 + ("edited_message", "channel_post")): message}

    def entities(self, text: str) -> list[Json]:
        words = self.words
        found: list[Json] = []
        if text.startswith("/"):
            found.append({"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])})
        if words.chance(0.2):
            kind = words.one(("mention", "bot_command", "text_mention", "url", "spoiler"))
            entity: Json = {"type": kind, "offset": words.random.randrange(-3, 40), "length": words.random.randrange(-3, 60)}
            found.append(entity | ({"user": BOT} if kind == "text_mention" else {}))
        return found

    def press(self) -> Json:
        words, person = self.words, self.person()
        data = f"{words.one(self.verbs)}:{self.reference()}" if words.chance(0.85) else words.text()[:64]
        query: Json = {"id": str(self.number), "from": person, "chat_instance": "1", "data": data}
        query["message"] = {
            "message_id": words.random.randrange(1, 999),
            "date": words.one((1, 0)),
            "chat": self.place(person),
            "from": BOT,
            "text": "x",
        }
        return {"callback_query": query}

    def inline(self) -> Json:
        return {"inline_query": {"id": str(self.number), "from": self.person(), "query": self.words.text()[:256], "offset": ""}}

    def membership(self) -> Json:
        person = self.person()
        status = {"user": BOT, "status": self.words.one(("member", "left", "kicked")), "until_date": 0}
        change = {"chat": self.place(person), "from": person, "date": 1, "old_chat_member": {"user": BOT, "status": "member"}}
        return {"my_chat_member": change | {"new_chat_member": status}}

    def other(self) -> Json:
        name = self.words.one(("poll_answer", "message_reaction", "business_message", self.words.text()[:20] or "x"))
        return {name: self.words.value(3)}


async def run(town: Town, seed: int, count: int) -> None:
    """Send so many updates, the clock going on and the sender sending in between."""
    series = Updates(seed, town.verbs, town.commands)
    for number in range(1, count + 1):
        await town.deliver(next(series))
        town.clock.advance(seconds=series.words.one((0, 1, 3, 30)))
        if number % EVERY == 0 or number == count:
            await town.app.sender.drain()
            await town.check()
            await asyncio.sleep(0)
