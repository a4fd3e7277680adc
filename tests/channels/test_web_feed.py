"""A calendar feed over HTTP: no cookie, a name for its content, and nothing sent twice."""

import httpx

from bot.chat import Download, File
from tests.channels.clerk import Clerk
from tests.channels.page import a_page
from tests.channels.test_web import serving

CONTENT = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


async def test_a_program_gets_the_calendar_once_and_then_that_it_has_it() -> None:
    clerk = Clerk(pages={"feed": Download(File("planbot.ics", "text/calendar", CONTENT), "abc")})
    channel = a_page()
    async with serving(channel, clerk), httpx.AsyncClient(base_url=channel.url, trust_env=False) as client:
        first = await client.get("feed/k3y.ics")
        assert (first.status_code, first.content) == (200, CONTENT)
        assert first.headers["content-type"] == "text/calendar; charset=utf-8"
        assert first.headers["etag"] == '"abc"'
        assert "set-cookie" not in first.headers
        again = await client.get("feed/k3y.ics", headers={"if-none-match": 'W/"old", "abc"'})
        assert (again.status_code, again.content) == (304, b"")
        changed = await client.get("feed/k3y.ics", headers={"if-none-match": '"old"'})
        assert changed.status_code == 200
        assert {request.values["key"] for request in clerk.requests} == {"k3y"}


async def test_a_key_that_is_none_is_not_found() -> None:
    channel = a_page()
    async with serving(channel, Clerk(pages={})), httpx.AsyncClient(base_url=channel.url, trust_env=False) as client:
        assert (await client.get("feed/nothing.ics")).status_code == 404
