"""Telephone and identity card numbers are found in every width and grouping, and dates and document numbers are not taken for them."""

import pytest

from bot.notice.caution import checks, found_in

CARD = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("請致電13800138000。", [("telephone", "13800138000")]),
        ("请致电 138 0013 8000", [("telephone", "138 0013 8000")]),
        ("手機：138-0013-8000", [("telephone", "138-0013-8000")]),
        ("１３８００１３８０００（王老師）", [("telephone", "１３８００１３８０００")]),
        ("１３８　００１３　８０００", [("telephone", "１３８　００１３　８０００")]),
        (
            "+86 13800138000、＋８６－１３８００１３８０００",
            [("telephone", "+86 13800138000"), ("telephone", "＋８６－１３８００１３８０００")],
        ),
        ("1、13800138000；2、13900139000", [("telephone", "13800138000"), ("telephone", "13900139000")]),
        (
            "辦公室 0571-88888888，傳真（０５７１）８８８８　８８８８",
            [("telephone", "0571-88888888"), ("telephone", "（０５７１）８８８８　８８８８")],
        ),
        ("010 6666 7777", [("telephone", "010 6666 7777")]),
        ("電話：88886666，电话号码 8888666", [("telephone", "88886666"), ("telephone", "8888666")]),
        ("0912-345-678", [("telephone", "0912-345-678")]),
        (f"證件{CARD}", [("card", CARD)]),
        ("身份证 110105 19491231 002x", [("card", "110105 19491231 002x")]),
        ("１１０１０５１９４９１２３１００２Ｘ", [("card", "１１０１０５１９４９１２３１００２Ｘ")]),
        ("110105-1949-1231-002X", [("card", "110105-1949-1231-002X")]),
        ("身份證號：110105491231002", [("card", "110105491231002")]),
    ],
)
def test_found_as_written(text: str, found: list[tuple[str, str]]) -> None:
    assert list(found_in(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-30 至 2026-12-05", "20261130", "２０２６年１１月３０日", "2026.11.30—2026.12.05", "2026/11/30 08:00-17:30", "1949—2026",
        "禾教〔2026〕15號、禾教辦函〔2026〕138號", "文號 2026-0571-1234567", "項目編號 330106260912001", "編號001-1234567", "GB 11643-1999",
        "帳號 6222 0213 8001 3800 013", "帳號6222021380013800013", "金額 13800138000.50 元不計，共 1380013800 元", "第13800138000123號",
        "110105194912310021", "991105194912310020", "110105194913310028", "QQ群 88886666", "共 88886666 人次", "3.1415926535",
        "ISBN 978-7-04-012345-6",
        "200030", "統一社會信用代碼 12330106MB1234567X",
    ],
)  # fmt: skip
def test_dates_document_numbers_and_sums_are_none(text: str) -> None:
    assert list(found_in(text)) == []


def test_a_card_needs_a_region_a_day_and_its_check_character() -> None:
    assert checks(CARD)
    assert not checks("110105194912310021")
    assert not checks("1101051949023000" + "29")
