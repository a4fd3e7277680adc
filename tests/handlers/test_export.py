"""Files handed out in a conversation: who may have which version, and that they hold it."""

import io
import json
import re
from typing import cast

import openpyxl
import pytest
from icalendar import Calendar

from bot.chat import Action
from bot.people import Rank
from tests.handlers.conftest import Talk
from tests.handlers.test_compare import CHANGED, store


async def test_staff_get_a_version_in_every_format(talk: Talk) -> None:
    await talk.become(Rank.TEACHER)
    calendar = await talk._tell(action=Action("export", "1v1-ics"))
    (file,) = calendar.files
    assert file.name.endswith("春季學期教育工作計劃-v1.ics")
    events = Calendar.from_ical(file.data).walk("VEVENT")
    assert any("田徑運動會" in str(event["SUMMARY"]) for event in events)
    async with talk.app.store.read() as db:
        revision = await db.plans.revision()
    assert {int(event["SEQUENCE"]) for event in events} == {revision}
    ledger = await talk._tell(action=Action("export", "1v1-xlsx"))
    assert openpyxl.load_workbook(io.BytesIO(ledger.files[0].data)).sheetnames == ["台賬", "活動", "待核對"]
    data = await talk._tell(action=Action("export", "1v1-json"))
    read = json.loads(data.files[0].data)
    assert (read["id"], read["version"]) == (1, 1)
    assert "第1版" in calendar.text
    assert "台賬" in ledger.text


async def test_guests_get_none_and_drafts_are_for_administrators(talk: Talk) -> None:
    await store(talk, CHANGED, release=False)
    assert not (await talk._tell(action=Action("export", "1v1-ics"))).files
    await talk.become(Rank.PRINCIPAL)
    assert not (await talk._tell(action=Action("export", "1v2-ics"))).files
    await talk.become(Rank.ADMINISTRATOR)
    assert (await talk._tell(action=Action("export", "1v2-ics"))).files


async def test_a_later_release_raises_the_sequence_and_keeps_the_ids(talk: Talk) -> None:
    await talk.become(Rank.TEACHER)
    first = await talk._tell(action=Action("export", "1v1-ics"))
    await store(talk, CHANGED)
    second = await talk._tell(action=Action("export", "1v2-ics"))
    old, new = ({str(event["UID"]): event for event in Calendar.from_ical(one.files[0].data).walk("VEVENT")} for one in (first, second))
    # Another date and another owner are no other entry.
    assert old.keys() == new.keys()
    changed = [uid for uid in old if old[uid]["DTSTART"].dt != new[uid]["DTSTART"].dt]
    assert ["4月底前完成本校章程" in str(new[uid]["DESCRIPTION"]) for uid in changed] == [True]
    assert min(int(cast(int, event["SEQUENCE"])) for event in new.values()) > max(
        int(cast(int, event["SEQUENCE"])) for event in old.values()
    )


@pytest.mark.parametrize("reference", ["", "1v1", "1v1-exe", "xv1-ics", "9v1-ics", "1v9-ics", "1v99999999999999999999-ics"])
async def test_a_forged_or_old_button_gives_a_sentence_and_no_file(talk: Talk, reference: str) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    reply = await talk._tell(action=Action("export", reference))
    assert not reply.files
    assert "失效" in reply.text or "沒有編號" in reply.text


async def test_an_agenda_goes_into_a_calendar_with_all_its_pages(talk: Talk) -> None:
    agenda = await talk("/agenda 4月")
    reply = await talk.press(agenda, "存入我的日曆")
    (file,) = reply.files
    events = [str(event["SUMMARY"]) for event in Calendar.from_ical(file.data).walk("VEVENT")]
    counted = int(re.search(r"共 (\d+) 項", reply.text)[1])  # type: ignore[index]
    assert counted > 10
    assert any("全省青少年科技節" in event for event in events)
    assert not any("田徑運動會" in event for event in events)
    of_unit = await talk.press(await talk("/agenda 4月 第一小學"), "存入我的日曆")
    fewer = Calendar.from_ical(of_unit.files[0].data).walk("VEVENT")
    assert 0 < len(fewer) < len(events)
    assert "第一小學" in of_unit.text
    assert {str(event["UID"]) for event in fewer} <= {str(event["UID"]) for event in Calendar.from_ical(file.data).walk("VEVENT")}


@pytest.mark.parametrize("reference", ["", "2027-13.", "2027-04.9999", "today.x"])
async def test_a_forged_agenda_button_gives_no_file(talk: Talk, reference: str) -> None:
    reply = await talk._tell(action=Action("agenda_file", reference))
    assert not reply.files
    assert "失效" in reply.text
