"""Every sentence the bot says, by language and key, with missing keys falling back to the base language."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

BASE = "zh-Hant"
LANGUAGES = ("zh-Hant", "zh-Hans", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogues of all languages, flattened to dotted keys."""

    catalogues: Mapping[str, Mapping[str, str]]

    def say(self, language: str, key: str, /, **values: object) -> str:
        """The sentence `key` in `language` with its placeholders filled; KeyError for a key no language has."""
        catalogue = self.catalogues.get(language) or self.catalogues[BASE]
        sentence = catalogue.get(key)
        if sentence is None:
            sentence = self.catalogues[BASE][key]
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        """True where the base language has the key."""
        return key in self.catalogues[BASE]

    def words(self, key: str) -> Sequence[str]:
        """The comma-separated words of `key` in every language, such as the Chinese words for a command."""
        found: list[str] = []
        for catalogue in self.catalogues.values():
            found += [word.strip() for word in catalogue.get(key, "").split(",") if word.strip()]
        return tuple(dict.fromkeys(found))


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Turn nested tables into dotted keys; every leaf is text."""
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = str(value)
    return flat


def load_texts() -> Texts:
    """Read the catalogues of the package (`bot/lang/*.toml`)."""
    folder = files("bot") / "lang"
    return Texts({name: flatten(tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))) for name in LANGUAGES})


def language_of(tag: str) -> str:
    """The catalogue for a client's language tag (`zh-hant`, `zh_TW`, `en-US`); empty where none fits."""
    tag = tag.replace("_", "-").lower()
    if not tag:
        return ""
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in tag for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return "en" if tag.startswith("en") else ""
