"""The page's own words, and which language a browser asks for."""

from bot.texts import BASE, Texts, language_of

WORDS = (
    "title",
    "subtitle",
    "greeting",
    "greeting_more",
    "example_1",
    "example_2",
    "example_3",
    "start",
    "help",
    "placeholder",
    "send",
    "menu",
    "file",
    "log",
    "typing",
    "connecting",
    "waiting",
    "failed",
    "retry",
    "newest",
    "today",
    "yesterday",
    "you",
    "sleeping",
    "no_script",
    "drop",
    "to_talk",
    "account",
)
"""What the page shows by itself; each is the text key `page.NAME`."""


def words(texts: Texts, language: str) -> dict[str, str]:
    """The page's words in `language`, by their name without `page.`; KeyError for one that no language has."""
    return {name: texts.say(language, f"page.{name}") for name in WORDS}


def asked_language(accept: str) -> tuple[str, str]:
    """Read an Accept-Language header: the catalogue to use (the base language where none fits) and the first tag asked for."""
    ranked: list[tuple[float, str]] = []
    for part in accept.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or "1"), tag.strip()))
        except ValueError:
            continue
    tags = [tag for weight, tag in sorted(ranked, key=lambda row: row[0]) if weight and tag and tag.replace("-", "").isalnum()]
    language = next((found for tag in tags if (found := language_of(tag))), BASE)
    return language, tags[0][:35] if tags else ""
