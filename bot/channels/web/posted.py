"""What a browser sends: bodies within limits, forms with their files, names of files without folders."""

import json
import re
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from bot import chat

MOST_FIELDS = 60
"""Fields of a form, and of a query, that are looked at."""
MOST_FILES = 10
TALK_BYTES = 64_000
SENT_ID = re.compile(r"c[0-9a-f]{16,40}")
FORM_BYTES = 200_000
"""What the fields of a form may add to its files."""


async def read_form(request: Request, file_limit: int) -> tuple[dict[str, str], tuple[chat.File, ...]]:
    """The fields and the files of a form, together at most `file_limit` bytes; HTTPException where it is larger or no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(415, "page.bad_request")
    body = await read_body(request, file_limit + FORM_BYTES, "page.file_too_large")
    given = [body]

    async def replay() -> Message:
        return {"type": "http.request", "body": given.pop() if given else b"", "more_body": False}

    async with Request(request.scope, replay).form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=FORM_BYTES) as form:
        values: dict[str, str] = {}
        files: list[chat.File] = []
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                if data or value.filename:
                    files.append(chat.File(file_name(value.filename or ""), value.content_type or "", data))
            else:
                values[name] = value.replace("\r\n", "\n")
    if sum(len(file.data) for file in files) > file_limit:
        raise HTTPException(413, "page.file_too_large")
    return values, tuple(files)


async def read_body(request: Request, limit: int, key: str) -> bytes:
    """The request's body, refused as soon as it shows that it is longer than `limit` bytes."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > limit:
        raise HTTPException(413, key)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise HTTPException(413, key)
    except ClientDisconnect:
        raise HTTPException(400, "page.bad_request") from None
    return bytes(body)


def file_name(name: str) -> str:
    """A name without folders and control characters, at most 150 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip()[-150:] or "file"


def sent_id(given: object) -> str:
    """The id that a page gave to what it sends; 400 for what no page of ours gives."""
    if not isinstance(given, str) or not SENT_ID.fullmatch(given):
        raise HTTPException(400, "page.bad_request")
    return given


async def read_json(request: Request) -> dict[str, Any]:
    """The JSON object of a request; 415 or 400 for anything else, 413 past `TALK_BYTES`."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "page.bad_request")
    try:
        value = json.loads(await read_body(request, TALK_BYTES, "page.too_long"))
    except (ValueError, RecursionError):
        raise HTTPException(400, "page.bad_request") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "page.bad_request")
    return value
