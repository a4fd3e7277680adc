"""Opinions, synonyms, curated answers, open questions and expectations, as the database keeps them."""

from bot.ask.lore import Synonym
from bot.chat import Address
from storage.store import Store
from storage.values import Expectation, Subject
from tests.storage.samples import NOW, WEB, after


async def asked(store: Store, text: str = "食堂收費？", status: str = "unknown", address: Address = WEB) -> tuple[int, int]:
    async with store.begin() as db:
        person = (await db.people.meet(address, "", "", NOW)).person.id
        measures = ("m1",) if status == "answered" else ()
        key = await db.questions.record(person, address.channel, text, "what", status, measures, (), NOW, chat=address.chat)
    return key, person


async def test_an_opinion_given_again_changes_and_never_doubles(store: Store) -> None:
    question, person = await asked(store)
    async with store.begin() as db:
        assert await db.feedback.give(question, person, False, "old", NOW)
        assert await db.feedback.note(question, person, "已經改期", NOW)
        assert not await db.feedback.give(question, person, False, "date", after(minutes=1))
        (opinion,) = await db.feedback.on([question])
        assert (opinion.good, opinion.reason, opinion.note) == (False, "date", "已經改期")
        assert not await db.feedback.give(question, person, True, "", after(minutes=2))
        (opinion,) = await db.feedback.on([question])
        assert (opinion.good, opinion.reason, opinion.note) == (True, "", "")
        assert not await db.feedback.note(question, person, "晚了", NOW)


async def test_open_questions_are_the_refused_and_disliked_ones_until_settled(store: Store) -> None:
    refused, _ = await asked(store)
    fine, _ = await asked(store, "科技節？", "answered")
    disliked, person = await asked(store, "跳繩？", "answered")
    async with store.begin() as db:
        await db.feedback.give(disliked, person, False, "unit", NOW)
        assert [row.id for row in await db.questions.open(NOW, 10)] == [disliked, refused]
        assert await db.questions.open(after(seconds=1), 10) == []
        assert await db.questions.settle([refused, fine], NOW) == 2
        assert await db.questions.settle([refused], NOW) == 0
        assert [row.id for row in await db.questions.open(NOW, 10)] == [disliked]
        await db.feedback.give(disliked, person, True, "", NOW)
        assert await db.questions.open(NOW, 10) == []


async def test_a_choice_makes_a_question_answered(store: Store) -> None:
    question, _ = await asked(store, status="ambiguous")
    async with store.begin() as db:
        await db.questions.choose(question, "m9", (3, 2))
        row = await db.questions.get(question)
        assert await db.questions.get(question + 1) is None
    assert row is not None
    assert (row.status, row.measures, row.plans, row.chat) == ("answered", ("m9",), ((3, 2),), WEB.chat)


async def test_usage_counts_questions_and_names_nobody(store: Store) -> None:
    await asked(store)
    await asked(store, "科技節？", "answered")
    liked, _ = await asked(store, "科技節？", "answered", Address("web", "w2"))
    async with store.begin() as db:
        person = (await db.people.meet(Address("web", "w2"), "", "", NOW)).person.id
        await db.feedback.give(liked, person, True, "", NOW)
        await db.questions.record(person, "web", "你好", "chat", "answered", (), (), NOW)
        usage = await db.questions.usage(NOW, after(days=7))
        assert (await db.questions.usage(after(days=1), after(days=7))).asked == 0
    assert (usage.asked, usage.answered, usage.refused, usage.liked, usage.disliked, usage.people) == (3, 2, 1, 1, 0, 2)
    assert usage.questions[0] == ("科技節？", 2)
    assert usage.measures == (("m1", 2),)


async def test_a_synonym_is_kept_once_and_every_process_sees_the_change(store: Store) -> None:
    async with store.begin() as db:
        before = await db.plans.revision()
        assert await db.lore.add_synonym("教師交流", "輪崗", None, NOW)
        assert await db.plans.revision() > before
        assert not await db.lore.add_synonym("轮岗", "教师交流", None, NOW)
        (row,) = await db.lore.synonyms()
        assert row == Synonym(row.id, "教師交流", "輪崗")
        before = await db.plans.revision()
        assert await db.lore.remove_synonym(row.id) == row
        assert await db.plans.revision() > before
        assert await db.lore.remove_synonym(row.id) is None


async def test_a_curated_answer_is_replaced_by_a_newer_one_and_counts_its_hits(store: Store) -> None:
    async with store.begin() as db:
        first = await db.lore.curate("食堂收費多少？", "", "看公示欄。", None, NOW)
        await db.lore.count_hit(first.id)
        second = await db.lore.curate("食堂收费多少", "m1", "", None, after(days=1))
        assert (second.id, second.measure, second.text, second.hits) == (first.id, "m1", "", 1)
        value = await db.lore.current()
        assert [(row.measure, row.text) for row in value.curated] == [("m1", "")]
        key = await db.questions.record(None, "web", "食堂收費？", "what", "answered", (), (), NOW, curated=first.id)
        assert await db.lore.remove_curated(first.id) is not None
        assert await db.lore.remove_curated(first.id) is None
        kept = await db.questions.get(key)
    assert kept is not None
    assert kept.curated is None


async def test_a_next_text_is_taken_once_for_what_was_asked_last(store: Store) -> None:
    async with store.begin() as db:
        await db.conversations.expect(WEB, "w1", Expectation("note", "1", NOW))
        await db.conversations.expect(WEB, "w1", Expectation("note", "2", NOW, "原文"))
        assert await db.conversations.expected(WEB, "other") is None
        assert await db.conversations.expected(WEB, "w1") == Expectation("note", "2", NOW, "原文")
        assert await db.conversations.expected(WEB, "w1") is None


async def test_a_subject_holds_the_question_whose_rows_are_counted(store: Store) -> None:
    question, _ = await asked(store)
    async with store.begin() as db:
        await db.conversations.remember(WEB, "w1", Subject("食堂", ("m1",), NOW, question))
        assert await db.conversations.recall(WEB, "w1") == Subject("食堂", ("m1",), NOW, question)
