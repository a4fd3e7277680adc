"""The configuration: defaults, types, secrets from the environment, and a sentence for everything that is wrong."""

from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.settings import Settings, load_settings
from bot.texts import LANGUAGES, load_texts


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_no_file_is_all_defaults() -> None:
    assert load_settings(None, {}) == Settings()


def test_a_secret_of_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[channels.telegram]\ntoken = "1:file"\nbase_url = "http://localhost:1"\n')
    settings = load_settings(path, {"PLANBOT_TELEGRAM_TOKEN": "2:environment"})
    assert settings.channels.telegram.token == "2:environment"
    assert settings.channels.telegram.base_url == "http://localhost:1"


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[bot]\nlangage = 'en'", "setting.unknown", "bot.language"),
        ("[channels.telegramm]\ntoken = '1:a'", "setting.unknown", "channels.telegram"),
        ("bot = 1", "setting.table", "bot"),
        ("[channels.web]\nport = '80'", "setting.type", "int"),
        ("[channels.web]\nport = true", "setting.type", "int"),
        ("[channels.web]\nport = 70000", "setting.port", "70000"),
        ("[reminders]\ndays_before = ['7']", "setting.type", "[1, 2]"),
        ("[reminders]\ndays_before = [7, -1]", "setting.too_small", "reminders.days_before"),
        ("[reminders]\nhorizon_days = 1", "setting.too_small", "2"),
        ("[sender]\nin_flight = 0", "setting.too_small", "sender.in_flight"),
        ("[notices]\nundo_seconds = -1", "setting.too_small", "notices.undo_seconds"),
        ("[channels.web]\nidle_hours = 0", "setting.too_small", "channels.web.idle_hours"),
        ("[channels.web]\nsession_days = 1000000", "setting.too_large", "100000"),
        ("[privacy]\nquestion_days = 1000000", "setting.too_large", "privacy.question_days"),
        ("[reminders]\nat = '8 Uhr'", "setting.time", "8 Uhr"),
        ("[bot]\nzone = 'Asia/Nowhere'", "setting.zone", "Asia/Nowhere"),
        ("[bot]\nzone = '../../etc/passwd'", "setting.zone", "etc"),
        ("[bot]\nlanguage = 'fr'", "setting.language", "zh-Hans"),
        ("[calendar]\nautumn = '13-1'", "setting.bad_day", "13-1"),
        ("[calendar]\nterms = ['2026-09-01']", "setting.bad_term", "calendar.terms"),
        ("[calendar]\nterms = '2026-09-01/2027-01-22'", "setting.type", "calendar.terms"),
        ("[calendar]\nterms = [2026]", "setting.type", "calendar.terms"),
        ("[calendar]\ndays_off = ['4-5']", "setting.bad_date", "4-5"),
        ("[calendar]\nworkdays = ['2027-02-30']", "setting.bad_date", "2027-02-30"),
        ("[calendar]\nregion = 'moon'", "setting.region", "mainland"),
        ("[database]\nurl = 'mysql://x'", "setting.url", "database.url"),
        ("[channels.telegram]\nbase_url = 'http://localhost'", "setting.no_token", "PLANBOT_TELEGRAM_TOKEN"),
        ("[bot", "setting.syntax", "config.toml"),
    ],
)
def test_what_is_wrong_is_said_in_every_language(tmp_path: Path, text: str, key: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings(write(tmp_path, text), {})
    assert caught.value.key == key
    for language in LANGUAGES:
        sentence = load_texts().say(language, key, **caught.value.values)
        assert said in sentence
        assert "\n" not in sentence.rstrip()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings(tmp_path / "none.toml", {})
    assert caught.value.key == "setting.no_file"
