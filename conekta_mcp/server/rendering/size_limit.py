"""What of an answer fits a conversation: a cap in bytes, and no pages, files or signed addresses as text."""

import re
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import to_json

Json = dict[str, Any]

MOST_BYTES = 40_000  # about 13,000 tokens; clients begin to cut or to warn at 10,000 to 25,000
SUSPECT = re.compile(rb"<!doctype|<html|;base64,|[?&][\w-]*(?:signature|token|sig)=|[\w+/-]{1000}", re.I)
PAGE = re.compile(r"\s*<(?:!doctype|html)", re.I)
BINARY = re.compile(r"data:[\w/+.-]+;base64,|[A-Za-z0-9+/_-]{1000,}={0,2}\s*\Z")
SIGNED = re.compile(r"https?://\S*?[?&][\w-]*(?:signature|token|sig)=\S*", re.I)
HINT = "Cut to fit. Ask for less: fewer fields or rows, a narrower search, or without detail."


def textual(answer: Json, text: bytes) -> Json:
    """Take pages, files and signed addresses out of `answer`, whose JSON is `text`."""
    return _textual(answer) if SUSPECT.search(text) else answer


def _textual(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _textual(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_textual(item) for item in value]
    if not isinstance(value, str):
        return value
    if PAGE.match(value):
        return f"[a page of HTML, {len(value)} characters, left out]"
    if BINARY.match(value):
        return f"[a file, {len(value)} characters, left out]"
    return SIGNED.sub(_unsigned, value)


def _unsigned(found: re.Match[str]) -> str:
    parts = urlsplit(found.group())
    return f"{parts.scheme}://{parts.netloc}{parts.path} [signed part left out]"


def fitted(answer: Json) -> Json:
    """Cut `answer` until its JSON is at most MOST_BYTES, and say so; a list says how to go on."""
    if "rows" in answer and "columns" in answer:
        return _fewer_rows(answer)
    kept = answer
    for most in (50, 20, 10, 5, 2, 1):
        kept = _shortened(answer, most)
        if len(to_json(kept)) <= MOST_BYTES - len(HINT) - 20:
            break
    else:
        kept = {
            key: value for key, value in answer.items() if isinstance(value, str | int) and key != "conekta"
        }
        kept = _shortened(kept, 1)
    return {**kept, "cut": HINT}


def _fewer_rows(answer: Json) -> Json:
    """Keep the first rows that fit; the cursor then is that of the last one kept."""
    rows: list[list[Any]] = answer["rows"]
    room = MOST_BYTES - len(to_json({**answer, "rows": [], "cut": HINT})) - 120
    kept = 0
    for row in rows:
        room -= len(to_json(row)) + 1
        if room < 0:
            break
        kept += 1
    last = rows[kept - 1][answer["columns"].index("id")] if kept and "id" in answer["columns"] else None
    onward = {"has_more": True, "next": last} if last else {}
    others = {key: value for key, value in answer.items() if key != "next"}
    said = f"{kept} of {len(rows)} rows fit. " + ("Pass next for the rest, or ask" if last else "Ask")
    return {**others, "rows": rows[:kept], **onward, "cut": f"{said} for fewer fields or rows."}


def _shortened(value: Any, most: int) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(item, most) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item, most) for item in value[:most]]
    if isinstance(value, str) and len(value) > most * 40:
        return f"{value[: most * 40]}…"
    return value
