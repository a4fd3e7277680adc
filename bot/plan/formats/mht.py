"""Read a web page that was saved with its pictures in one file, which offices also find under .doc."""

from bot.plan.formats.html import read_saved as read

__all__ = ["read"]
