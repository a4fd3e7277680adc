"""Rolling a plan over in a conversation: proposals first, then a draft with all dates confirmed or each waiting; never a release."""

from datetime import date

import pytest

from bot.chat import Action, Place
from bot.people import Rank
from bot.plan.rollover import PROPOSED
from storage.values import PlanState
from tests.handlers.conftest import Talk, labels


async def states(talk: Talk) -> list[tuple[int, int, PlanState]]:
    async with talk.app.store.read() as db:
        return [(row.plan, row.version, row.state) for row in await db.plans.every()]


async def test_proposals_are_shown_before_anything_is_kept(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    before = await states(talk)
    reply = await talk._tell(action=Action("rollover", "1.1.0"))
    assert "春季學期教育工作計劃 → 禾溪區2028年春季學期教育工作計劃（2028-02-15 至 2028-07-15）" in reply.text
    assert len(reply.text.split("\n")) <= 8
    assert "5. 5月16日至17日 → 5月14日至15日（週日）｜" in reply.text
    card = await talk.press(reply, "5")
    assert labels(card) == ["5月14日至15日（週日，同一星期幾）", "5月16日至17日（週二，同月同日）", "回到清單"]
    more = await talk.press(reply, "更多")
    assert more.text.splitlines()[:2] == reply.text.splitlines()[:2]
    assert "建立草稿，全部確認" in labels(more)
    assert await states(talk) == before


async def test_a_draft_with_each_date_waiting_or_all_confirmed(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    reply = await talk._tell(action=Action("rollover", "1.1.0"))
    waiting = await talk.press(reply, "逐項確認")
    assert "待您逐項確認；沒有發布" in waiting.text
    assert (3, 1, PlanState.DRAFT) in await states(talk)
    async with talk.app.store.read() as db:
        draft = await db.plans.get(3)
    assert [gap for gap in draft.document.plans[0].gaps if gap.kind == PROPOSED]
    sure = await talk.press(reply, "全部確認")
    assert "日期都按建議確認；沒有發布" in sure.text
    async with talk.app.store.read() as db:
        draft = await db.plans.get(3)
    assert (draft.version, draft.state) == (1, PlanState.DRAFT)
    assert not [gap for gap in draft.document.plans[0].gaps if gap.kind == PROPOSED]
    assert "2028" not in (await talk("田徑運動會是哪天？")).text


async def test_another_of_the_times_can_be_taken(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    reply = await talk._tell(action=Action("rollover", "1.1.0"))
    chosen = await talk.press(await talk.press(reply, "5"), "5月16日至17日")
    assert chosen.place is Place.REPLACE
    assert "5. ✓ 5月16日至17日 → 5月16日至17日（週二）｜" in chosen.text
    assert labels(await talk.press(chosen, "5"))[1].startswith("✓ 5月16日至17日")
    await talk.press(chosen, "逐項確認")
    async with talk.app.store.read() as db:
        plan = (await db.plans.get(3)).document.plans[0]
    sports = next(measure for measure in plan.measures if "田徑運動會定於" in measure.text)
    assert "5月16日至17日" in sports.text
    assert sports.date is not None
    assert sports.date.start == date(2028, 5, 16)
    assert sports.text not in [gap.text for gap in plan.gaps if gap.kind == PROPOSED]
    back = await talk.press(await talk.press(chosen, "5"), "5月14日至15日")
    assert "5. ✓ 5月16日至17日 → 5月14日至15日（週日）｜" in back.text


async def test_a_plan_of_the_new_year_is_not_overwritten(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    reply = await talk._tell(action=Action("rollover", "1.1.0"))
    await talk.press(reply, "全部確認")
    async with talk.app.store.begin() as db:
        await db.plans.release(3, talk.clock())
    before = await states(talk)
    again = await talk.press(reply, "逐項確認")
    assert "新學年已經有計劃 3" in again.text
    assert await states(talk) == before


@pytest.mark.parametrize("rank", [Rank.GUEST, Rank.TEACHER, Rank.PRINCIPAL])
async def test_it_is_for_administrators(talk: Talk, rank: Rank) -> None:
    await talk.become(rank)
    before = await states(talk)
    assert "權限" in (await talk._tell(action=Action("rollover", "1.1.0"))).text
    assert "權限" in (await talk._tell(action=Action("rollover_make", "1.1.all"))).text
    assert await states(talk) == before


@pytest.mark.parametrize("reference", ["", "1", "1.1", "9.1.0", "1.9.0", "x.1.0", "1.1.0.0", "1.1.x"])
async def test_forged_buttons_make_nothing(talk: Talk, reference: str) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    before = await states(talk)
    reply = await talk._tell(action=Action("rollover_make", reference))
    assert "失效" in reply.text or "沒有編號" in reply.text
    assert await states(talk) == before


async def test_from_the_list_of_plans_to_dates_confirmed_one_by_one(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    card = await talk.press(await talk("/plans"), "春季學期")
    made = await talk.press(await talk.press(card, "順延到新學年"), "逐項確認")
    looks = await talk.press(made, "逐項確認")
    assert "推定的日期，待確認" in looks.text
    async with talk.app.store.read() as db:
        draft = await db.plans.get(3)
    plan = draft.document.plans[0]
    waiting = [gap for gap in plan.gaps if gap.kind == PROPOSED]
    first = next(measure for measure in plan.measures if measure.text == waiting[0].text)
    one = await talk._tell(action=Action("one", f"3.1.{first.id}"))
    accepted = await talk.press(one, "推定的日期，待確認：就是這樣")
    assert "推定的日期，待確認" not in accepted.text.splitlines()[-1]
    async with talk.app.store.read() as db:
        left = [gap for gap in (await db.plans.get(3)).document.plans[0].gaps if gap.kind == PROPOSED]
    assert len(left) == len(waiting) - 1
    assert first.text not in [gap.text for gap in left]


async def test_staff_find_files_and_administrators_the_rest_on_the_card_of_a_plan(talk: Talk) -> None:
    await talk.become(Rank.PRINCIPAL)
    card = await talk.press(await talk("/plans"), "春季學期")
    assert labels(card) == ["行事曆（ICS）", "台賬（XLSX）", "數據（JSON）"]
    assert (await talk.press(card, "台賬")).files[0].name.endswith("-v1.xlsx")
