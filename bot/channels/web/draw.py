"""Pure: words and plain pages become HTML; everything that is not ours is escaped."""

from collections.abc import Mapping
from html import escape
from string import Template

from bot.chat import Block, Page


def draw_shell(template: str, language: str, words: Mapping[str, str], words_json: str) -> str:
    """The messenger's page: the template with the words of one language, and all words as JSON for its script."""
    return Template(template).substitute({name: escape(word) for name, word in words.items()}, language=language, words=escape(words_json))


def draw_page(page: Page, language: str, words: Mapping[str, str]) -> str:
    """A page of a room: headings, text with its line breaks, tables."""
    blocks = "\n".join(_block(block) for block in page.blocks)
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<link rel="icon" href="../static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../static/base.css">
</head>
<body class="sheet">
<header><a class="back" href="../">{escape(words["to_talk"])}</a><h1>{escape(page.title)}</h1></header>
<main>
{blocks}
</main>
</body>
</html>
"""


def _block(block: Block) -> str:
    parts: list[str] = []
    if block.heading:
        parts.append(f"<h2>{escape(block.heading)}</h2>")
    if block.text:
        parts.append(f'<p class="text">{escape(block.text)}</p>')
    if block.table:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.table.head)
        rows = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.table.rows)
        parts.append(f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></div>')
    return f"<section>{''.join(parts)}</section>"
