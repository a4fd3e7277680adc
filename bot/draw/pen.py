"""What all pictures share: the font of the package, the colours, and words that are cut where they are too wide."""

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageFont

WIDTH, MARGIN = 1000, 40
"""Pixels: a picture and its border."""
PAPER, INK, SOFT, LINE, FILL, BASE = "#ffffff", "#1d2823", "#5d6b64", "#dde5e1", "#1b6b50", "#e6efeb"


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in a size in pixels."""
    data = files("bot.draw").joinpath("fonts/NotoSansSC-subset.otf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def fit(text: str, size: int, width: int) -> str:
    """The text, cut where it is wider than there is room."""
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def png(image: Image.Image) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
