"""Pages of rooms on the web channel: drawn escaped, without scripts, their forms within limits and from this origin alone."""

import contextlib
from collections.abc import AsyncIterator

import pytest

from bot.channels.web.draw import draw_page
from bot.channels.web.exchange import ABILITIES
from bot.channels.web.words import words
from bot.chat import Address, Badge, Block, Button, Field, File, Form, Kind, Link, Moved, Page, Reply, Table, Tone
from bot.texts import load_texts
from tests.channels.clerk import Clerk
from tests.channels.page import Visitor, a_page
from tests.channels.test_web import serving

EVIL = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&"


@pytest.fixture
def clerk() -> Clerk:
    return Clerk(
        pages={"review": Page("計劃", (Block("一", forms=(Form("review", "發布", (Field("plan", value="3", kind=Kind.HIDDEN),)),)),))}
    )


@pytest.fixture
async def visitor(clerk: Clerk) -> AsyncIterator[Visitor]:
    channel = a_page()
    async with serving(channel, clerk):
        made = Visitor(channel.url, **{"accept-language": "zh-Hans"})
        await made.come()
        yield made
        await made.close()


def test_nothing_of_a_page_is_taken_for_markup() -> None:
    fields = tuple(Field(EVIL, EVIL, EVIL, kind, ((EVIL, EVIL),), EVIL) for kind in Kind)
    block = Block(
        EVIL, EVIL, Table((EVIL,), ((EVIL,),), (Link(EVIL, EVIL, {EVIL: EVIL}),)), (Badge(EVIL, Tone.BAD),), EVIL,
        ((EVIL, EVIL, Badge(EVIL)),),
        (Link(EVIL, EVIL, {EVIL: EVIL}),), (Form(EVIL, EVIL, fields, True, EVIL),), False,
        Reply(EVIL, ((Button(EVIL),),), (File(EVIL, EVIL),)), Link(EVIL, EVIL, {EVIL: EVIL}),
    )  # fmt: skip
    drawn = draw_page(Page(EVIL, (block,), EVIL, trail=(Link(EVIL, EVIL),)), EVIL, words(load_texts(), "en"))
    assert "<script" not in drawn
    assert drawn.count("<img") == 1
    assert "onerror='" not in drawn
    assert drawn.count("<form") == drawn.count("</form>") == 1
    assert drawn.count("<section") == 1


def test_a_form_with_a_file_is_sent_in_parts_and_a_value_begins_where_it_begins() -> None:
    form = Form("plans", "送出", (Field("file", kind=Kind.FILE), Field("text", value="\n二、", kind=Kind.AREA)))
    drawn = draw_page(Page("計劃", (Block(forms=(form,)),)), "zh-Hant", words(load_texts(), "zh-Hant"))
    assert 'enctype="multipart/form-data"' in drawn
    assert ">\n\n二、</textarea>" in drawn


async def test_a_page_may_send_forms_to_this_server_and_run_nothing(visitor: Visitor, clerk: Clerk) -> None:
    answer = await visitor.client.get("page/review", params={"plan": "3"})
    policy = answer.headers["content-security-policy"]
    assert (answer.status_code, "form-action 'self'" in policy, "script-src 'none'" in policy) == (200, True, True)
    assert "form-action 'none'" in (await visitor.client.get("")).headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
    (asked,) = clerk.requests
    assert (asked.name, asked.values, asked.posted, asked.language) == ("review", {"plan": "3"}, False, "zh-Hans")


async def test_a_page_that_looks_for_news_runs_our_script_and_no_other(visitor: Visitor, clerk: Clerk) -> None:
    clerk.pages = {"board": Page("通知", (Block("一", live=True),), every=3)}
    answer = await visitor.client.get("page/board")
    policy = answer.headers["content-security-policy"]
    assert ("script-src 'self'" in policy, "unsafe" in policy, "require-trusted-types-for 'script'" in policy) == (True, False, True)
    assert answer.text.count("<script") == 1
    assert "<section data-live>" in answer.text


async def test_a_form_goes_to_the_desk_with_its_file_and_leads_on(visitor: Visitor, clerk: Clerk) -> None:
    clerk.pages = {"plans": Moved("review", {"plan": "3", "said": "已讀"})}
    file = {"file": ("..\\計劃.txt", "一、安全".encode(), "text/plain")}
    answer = await visitor.client.post("page/plans", data={"issuer": "區教育局", "csrf": visitor.token}, files=file)
    assert (answer.status_code, answer.headers["location"]) == (303, "review?plan=3&said=%E5%B7%B2%E8%AE%80")
    (asked,) = clerk.requests
    assert asked.who == Address("web", visitor.session)
    assert (asked.posted, asked.values) == (True, {"issuer": "區教育局"})
    assert asked.files == (File("計劃.txt", "text/plain", "一、安全".encode()),)


async def test_a_form_that_is_refused_says_so(visitor: Visitor, clerk: Clerk) -> None:
    clerk.pages = {"review": Page("計劃", notice="剛剛被改過", refused=True)}
    answer = await visitor.client.post("page/review", data={"plan": "3", "csrf": visitor.token})
    assert answer.status_code == 409
    assert '<p class="notice bad" role="status">剛剛被改過</p>' in answer.text


async def test_a_form_from_elsewhere_or_without_a_session_is_refused(visitor: Visitor, clerk: Clerk) -> None:
    foreign = await visitor.client.post("page/review", data={"plan": "3"}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    visitor.client.cookies.clear()
    assert (await visitor.client.post("page/review", data={"plan": "3"})).status_code == 401
    assert clerk.requests == []


@pytest.mark.parametrize("token", [None, "", "0" * 32, "猜"])
async def test_a_form_that_was_not_drawn_for_this_browser_is_refused(visitor: Visitor, clerk: Clerk, token: str | None) -> None:
    data = {"plan": "3"} | ({} if token is None else {"csrf": token})
    answer = await visitor.client.post("page/review", data=data)
    assert (answer.status_code, clerk.requests) == (403, [])
    assert load_texts().say("zh-Hans", "page.wrong_form") in answer.text


async def test_every_form_that_is_drawn_carries_the_token_of_its_browser(visitor: Visitor, clerk: Clerk) -> None:
    clerk.pages = {"plans": Page("計劃", (Block(forms=(Form("plans", "送出"), Form("plans", "刪除", summary="更多"))),))}
    drawn = (await visitor.client.get("page/plans")).text
    assert drawn.count("<form ") == drawn.count(f'<input type="hidden" name="csrf" value="{visitor.token}">') == 2
    assert visitor.client.cookies["planbot"] not in drawn


async def test_a_form_that_is_too_large_or_none_is_refused(visitor: Visitor, clerk: Clerk) -> None:
    large = {"file": ("a.txt", b"x" * (ABILITIES.fetch_limit + 1))}
    with contextlib.suppress(ConnectionError):
        assert (await visitor.client.post("page/plans", files=large)).status_code == 413
    assert (await visitor.client.post("page/plans", json={"plan": 3})).status_code == 415
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert (await visitor.client.post("page/plans", content=b"--y\r\nnonsense", headers=broken)).status_code in (400, 200)
    many = {f"f{number}": "x" for number in range(200)}
    assert (await visitor.client.post("page/plans", data=many)).status_code == 400
    assert [request for request in clerk.requests if request.files or len(request.values) > 60] == []
