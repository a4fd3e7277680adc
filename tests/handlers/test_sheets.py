"""The review on the page, through the desk: who may see it, forms that mend, read back, confirm, and refuse what is stale."""

import pytest

from bot.chat import Address, File, Form, Kind, Moved, Page, Request
from bot.people import Rank
from tests.handlers.conftest import Talk
from tests.handlers.test_review import PLAN


@pytest.fixture
async def office(talk: Talk) -> Talk:
    clerk = talk.as_("office")
    await clerk("/start")
    await clerk.become(Rank.ADMINISTRATOR)
    return clerk


async def get(talk: Talk, name: str, **values: str) -> Page:
    opened = await talk.app.desk.open(Request(name, Address(talk.channel.name, talk.sender), values))
    assert isinstance(opened, Page)
    return opened


async def post(talk: Talk, name: str, values: dict[str, str], *files: File) -> Page | Moved:
    opened = await talk.app.desk.open(Request(name, Address(talk.channel.name, talk.sender), values, True, files))
    assert isinstance(opened, Page | Moved)
    return opened


def form_of(page: Page, label: str, quote: str = "") -> Form:
    forms = [form for block in page.blocks if quote in block.quote for form in block.forms if label in (form.summary or form.submit)]
    assert forms, f"no form {label}"
    return forms[0]


def filled(form: Form, **typed: str) -> dict[str, str]:
    return {field.name: field.value for field in form.fields if field.kind is not Kind.TICK} | typed


async def drafted(office: Talk) -> Page:
    moved = await post(office, "plans", {}, File("計劃.txt", "text/plain", PLAN.encode()))
    assert isinstance(moved, Moved)
    assert (moved.page, moved.values["plan"], moved.values["version"]) == ("review", "3", "1")
    return await get(office, "review", **moved.values)


async def test_the_pages_are_for_administrators_alone(talk: Talk) -> None:
    await talk("/start")
    address = Address(talk.channel.name, talk.sender)
    for rank in (Rank.GUEST, Rank.PRINCIPAL):
        await talk.become(rank)
        for name in ("plans", "review"):
            assert await talk.app.desk.open(Request(name, address, {"plan": "1", "version": "1"})) is None
            assert await talk.app.desk.open(Request(name, address, {"do": "retire", "plan": "1", "version": "1"}, True)) is None
    async with talk.app.store.read() as db:
        assert len(await db.plans.released()) == 2


async def test_a_draft_shows_each_sentence_with_what_was_read_and_how_sure_it_is(office: Talk) -> None:
    page = await drafted(office)
    assert "存為新計劃的草稿" in page.notice
    league = next(block for block in page.blocks if "籃球" in block.quote)
    assert next(badge.text for badge in league.badges) == "未點名誰負責"
    who = league.facts[0]
    assert who[1] == "青禾縣教育局牽頭"
    assert who[2] is not None
    assert who[2].text == "未點名"


async def test_a_correction_is_read_back_before_it_is_kept(office: Talk) -> None:
    page = await drafted(office)
    form = form_of(page, "改誰負責", "籃球")
    check = await post(office, "review", filled(form, words="星辰辦牽頭，各校配合"))
    assert isinstance(check, Page)
    assert "星辰辦牽頭；各校配合" in check.blocks[0].text
    async with office.app.store.read() as db:
        assert (await db.plans.get(3)).mends == ()
    kept = await post(office, "review", filled(form_of(check, "就這樣")))
    assert isinstance(kept, Moved)
    listed = await get(office, "review", plan="3", version="1", show="mends")
    assert "星辰辦牽頭；各校配合" in next(block for block in listed.blocks if block.quote).text
    undone = await post(office, "review", filled(form_of(listed, "撤銷")))
    assert isinstance(undone, Moved)
    async with office.app.store.read() as db:
        assert (await db.plans.get(3)).mends == ()


async def test_a_form_that_is_stale_overwrites_nothing(office: Talk) -> None:
    page = await drafted(office)
    drop, owners = form_of(page, "這不是措施", "籃球"), form_of(page, "改誰負責", "籃球")
    check = await post(office, "review", filled(owners, words="教研室"))
    assert isinstance(check, Page)
    await post(office, "review", filled(form_of(check, "就這樣")))
    refused = await post(office, "review", filled(drop))
    assert isinstance(refused, Page)
    assert refused.refused
    assert "剛剛被改過" in refused.notice
    release = await post(office, "review", filled(form_of(page, "發布"), sure="yes"))
    assert isinstance(release, Page)
    assert "剛剛有了變化" in release.notice


async def test_a_release_wants_its_tick(office: Talk) -> None:
    form = form_of(await drafted(office), "發布")
    without = await post(office, "review", filled(form))
    assert isinstance(without, Page)
    assert "沒有打勾" in without.notice
    done = await post(office, "review", filled(form, sure="yes"))
    assert isinstance(done, Moved)
    async with office.app.store.read() as db:
        assert 3 in [row.plan for row in await db.plans.released()]
    page = await get(office, "review", **done.values)
    assert "已發布第 1 版" in page.notice
    assert any("發布" in block.text for block in page.blocks)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"plan": "x", "version": "1"},
        {"plan": "77", "version": "1"},
        {"plan": "1", "version": "1", "do": "nothing"},
        {"plan": "1", "version": "1", "do": "set", "aim": "drop.2.1.x.0.0"},
        {"plan": "1", "version": "1", "do": "mend", "aim": "title.1.1..0.0", "value": "{"},
        {"plan": "1", "version": "1", "do": "undo", "mend": "١"},
        {"plan": "1", "version": "1", "do": "release", "sure": "yes", "stand": "0"},
    ],
)
async def test_a_forged_form_is_refused_in_a_sentence(office: Talk, values: dict[str, str]) -> None:
    page = await post(office, "review", values)
    assert isinstance(page, Page)
    assert page.refused
    assert page.notice
    assert "抱歉" not in page.notice


async def test_nothing_sent_and_nothing_understood_are_told_apart(office: Talk) -> None:
    nothing = await post(office, "plans", {"text": " "})
    poem = await post(office, "plans", {"text": "床前明月光"})
    assert isinstance(nothing, Page)
    assert isinstance(poem, Page)
    assert "沒有收到檔案" in nothing.notice
    assert "沒有讀懂" in poem.notice
