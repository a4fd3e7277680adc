"""Inline mode: short answers while somebody types `@bot …` in any chat."""

from collections.abc import Sequence

from telegram import InlineQueryResultArticle, InputTextMessageContent

from bot.chat import Suggestion
from bot.chat.cut import cut

MOST = 10
TITLE, TEXT = 64, 4096


def articles(suggestions: Sequence[Suggestion]) -> list[InlineQueryResultArticle]:
    """The suggestions as Telegram lists them, each within its limits; at most ten."""
    return [
        InlineQueryResultArticle(
            id=suggestion.id[:TITLE],
            title=cut(suggestion.title, TITLE, "characters")[0],
            description=suggestion.description,
            input_message_content=InputTextMessageContent(cut(suggestion.text, TEXT, "utf16")[0]),
        )
        for suggestion in suggestions[:MOST]
        if suggestion.title.strip() and suggestion.text.strip()
    ]
