"""Pure: words and plain pages become HTML; everything that is not ours is escaped."""

from collections.abc import Mapping, Sequence
from html import escape as escape_markup
from string import Template
from urllib.parse import quote, urlencode

from bot.chat import Badge, Block, Field, Form, Kind, Link, Page, Reply, plain

CSRF = "csrf"
"""Name of the field that holds a form's token."""


def escape(text: str) -> str:
    """Text as markup that shows it: nothing in it is markup, reorders what follows or hides."""
    return escape_markup(plain(text))


def draw_shell(template: str, language: str, words: Mapping[str, str], words_json: str, members: bool) -> str:
    """The messenger's page: the template with the words of one language, all words as JSON for its script, and a way to log in."""
    spoken = {name: escape(word) for name, word in words.items()}
    entrance = f'<a class="account" href="page/login">{spoken["account"]}</a>' if members else ""
    return Template(template).substitute(spoken, language=language, words=escape(words_json), entrance=entrance)


def draw_page(page: Page, language: str, words: Mapping[str, str], token: str = "") -> str:
    """A page of a room: headings with badges, quotations, text with its line breaks, facts, tables, links and forms.

    Each form carries `token`, by which it is known as one that was drawn for this browser.
    """
    blocks = "\n".join(_block(block, token) for block in page.blocks)
    tone = "bad" if page.refused else "good"
    notice = f'<p class="notice {tone}" role="status">{escape(page.notice)}</p>' if page.notice else ""
    trail = "".join(_link(link, "back") for link in page.trail)
    news = f'\n<script type="module" src="../static/live.js" data-every="{page.every}"></script>' if page.every else ""
    lost = f'<p class="notice bad" id="lost" role="status" hidden>{escape(words["connecting"])}</p>' if page.every else ""
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<link rel="icon" href="../static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../static/base.css">
<link rel="stylesheet" href="../static/sheet.css">{news}
</head>
<body class="sheet">
<header><nav><a class="back" href="../">{escape(words["to_talk"])}</a>{trail}</nav><h1>{escape(page.title)}</h1></header>
<main>
{notice}{lost}{blocks}
</main>
</body>
</html>
"""


def _block(block: Block, token: str) -> str:
    badges = "".join(map(_badge, block.badges))
    parts: list[str] = []
    if block.heading or badges:
        level = "h3" if block.card else "h2"
        parts.append(f"<{level}>{escape(block.heading)}{badges}</{level}>")
    if block.quote:
        parts.append(f"<blockquote>{escape(block.quote)}</blockquote>")
    if block.message:
        parts.append(_message(block.message))
    if block.text:
        parts.append(f'<p class="text">{escape(block.text)}</p>')
    if block.facts:
        rows = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}{_badge(sure) if sure else ''}</dd></div>" for name, value, sure in block.facts
        )
        parts.append(f"<dl>{rows}</dl>")
    if block.picture:
        source, label = escape(_address(block.picture)), escape(block.picture.label)
        parts.append(f'<img class="drawn" src="{source}" alt="{label}">')
    if block.table:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.table.head)
        links = block.table.links or (None,) * len(block.table.rows)
        rows = "\n".join(_row(row, link) for row, link in zip(block.table.rows, links, strict=True))
        parts.append(f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></div>')
    if block.links:
        parts.append(f'<p class="links">{"".join(_link(link, "chip") for link in block.links)}</p>')
    if block.forms:
        parts.append(f'<div class="forms">{"".join(_form(form, token) for form in block.forms)}</div>')
    kind = ' class="card"' if block.card else ""
    live = " data-live" if block.live else ""
    return f"<section{kind}{live}>{''.join(parts)}</section>"


def _message(message: Reply) -> str:
    """A message as a bubble of the conversation, with what its buttons and files are called."""
    rows = "".join(
        '<p class="keys">' + "".join(f'<span class="key">{escape(button.label)}</span>' for button in row) + "</p>"
        for row in message.buttons
    )
    files = "".join(f'<p class="file">{escape(file.name)}</p>' for file in message.files)
    return f'<div class="message"><p class="text">{escape(message.text)}</p>{rows}{files}</div>'


def _badge(badge: Badge) -> str:
    return f' <span class="badge {badge.tone.value}">{escape(badge.text)}</span>'


def _row(row: Sequence[str], link: Link | None) -> str:
    cells = [escape(cell) for cell in row]
    if link is not None and cells:
        cells[0] = f'<a href="{escape(_address(link))}">{cells[0]}</a>'
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _link(link: Link, kind: str) -> str:
    here = ' aria-current="page"' if link.current else ""
    return f'<a class="{kind}" href="{escape(_address(link))}"{here}>{escape(link.label)}</a>'


def _address(link: Link) -> str:
    query = urlencode(link.values)
    return quote(link.page) + (f"?{query}" if query else "")


def _form(form: Form, token: str) -> str:
    fields = _field(Field(CSRF, value=token, kind=Kind.HIDDEN)) if token else ""
    fields += "".join(map(_field, form.fields))
    files = ' enctype="multipart/form-data"' if any(field.kind is Kind.FILE for field in form.fields) else ""
    kind = "grave" if form.grave else "plain"
    drawn = (
        f'<form method="post" action="{escape(quote(form.page))}"{files}>{fields}'
        f'<button type="submit" class="{kind}">{escape(form.submit)}</button></form>'
    )
    return f"<details><summary>{escape(form.summary)}</summary>{drawn}</details>" if form.summary else drawn


def _option(value: str, label: str, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'


def _field(field: Field) -> str:
    name, value, needed = escape(field.name), escape(field.value), " required" if field.needed else ""
    if field.kind is Kind.HIDDEN:
        return f'<input type="hidden" name="{name}" value="{value}">'
    if field.kind is Kind.TICK:
        return f'<label class="tick"><input type="checkbox" name="{name}" value="yes"{needed}><span>{escape(field.label)}</span></label>'
    if field.kind is Kind.AREA:
        control = f'<textarea name="{name}" rows="6"{needed}>\n{value}</textarea>'
    elif field.kind is Kind.CHOICE:
        options = "".join(_option(key, label, key == field.value) for key, label in field.choices)
        control = f'<select name="{name}"{needed}>{options}</select>'
    elif field.kind is Kind.FILE:
        control = f'<input type="file" name="{name}"{" multiple" if field.many else ""}{needed}>'
    else:
        control = f'<input type="text" name="{name}" value="{value}" autocomplete="off"{needed}>'
    hint = f"<small>{escape(field.hint)}</small>" if field.hint else ""
    return f"<label><span>{escape(field.label)}</span>{control}{hint}</label>"
