"""An invitation as a picture: a QR code of its link with what it gives beside it."""

import io
from collections.abc import Sequence

import segno
from PIL import Image, ImageDraw

from bot.draw.pen import INK, MARGIN, PAPER, SOFT, fit, font, png

SIDE = 480
"""Pixels of the code at most, its quiet zone of 4 modules (ISO/IEC 18004) included."""


def draw_ticket(link: str, title: str, lines: Sequence[str]) -> bytes:
    """A PNG with the code of `link` (at most some 150 characters) and below it a title and lines, each cut where it is too wide."""
    code = segno.make(link, error="m", micro=False)
    scale = SIDE // code.symbol_size(border=4)[0]
    held = io.BytesIO()
    code.save(held, kind="png", scale=scale, border=4)
    square = Image.open(held).convert("RGB")
    width = square.width + 2 * MARGIN
    image = Image.new("RGB", (width, square.height + MARGIN + 70 + 34 * len(lines)), PAPER)
    image.paste(square, (MARGIN, MARGIN // 2))
    pen = ImageDraw.Draw(image)
    below = square.height + MARGIN // 2
    pen.text((width / 2, below), fit(title, 30, width - MARGIN), INK, font(30), anchor="ma")
    for number, line in enumerate(lines):
        pen.text((width / 2, below + 50 + 34 * number), fit(line, 22, width - MARGIN), SOFT, font(22), anchor="ma")
    return png(image)
