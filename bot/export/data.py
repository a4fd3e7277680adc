"""A plan as JSON in the shape of `plan show`, with its number and version."""

import json

from bot.export.entries import Source
from bot.plan.show import contract

MIME = "application/json"


def data(source: Source) -> bytes:
    """The document as UTF-8 JSON: what `plan show --format json` prints, and `id` and `version` of the plan (0 for a file)."""
    whole = {"id": source.plan, "version": source.version, **contract(source.document)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
