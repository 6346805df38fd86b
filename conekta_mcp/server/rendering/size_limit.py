"""Limits the size of an answer, and removes pages, files and signed URLs."""

import re
from typing import Any

from pydantic_core import to_json

Json = dict[str, Any]

MAX_RENDERED_BYTES = 40_000  # about 13,000 tokens; clients begin to cut or to warn at 10,000 to 25,000
LONG = 1000
LONG_TEXT = re.compile(rb'"[^"]{%d}' % LONG)
UNWANTED_CONTENT = re.compile(
    rb"<!doctype|<html|;base64,|[?&][\w-]*(?:signature|token|sig)=|[\w+/-]{%d}" % LONG, re.I
)
HTML_PAGE = re.compile(r"\s*<(?:!doctype|html)", re.I)
BINARY_CONTENT = re.compile(r"data:[\w/+.-]+;base64,|[A-Za-z0-9+/_-]{1000,}={0,2}\s*\Z")
SIGNED_URL = re.compile(r"https?://\S*?[?&][\w-]*(?:signature|token|sig)=\S*", re.I)
SIGNED_PART = re.compile("[?&#]")
CUT_HINT = "Cut to fit. Ask for less: fewer fields or rows, a narrower search, or without detail."


def remove_unwanted_content(answer: Json, text: bytes) -> Json:
    # Most answers have none of these characters and no long text, and need no search.
    may_hold = b"<" in text or b"=" in text or b";" in text or LONG_TEXT.search(text)
    return _remove_unwanted_content(answer) if may_hold and UNWANTED_CONTENT.search(text) else answer


def _remove_unwanted_content(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _remove_unwanted_content(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_remove_unwanted_content(item) for item in value]
    if not isinstance(value, str):
        return value
    if HTML_PAGE.match(value):
        return f"[a page of HTML, {len(value)} characters, left out]"
    if BINARY_CONTENT.match(value):
        return f"[a file, {len(value)} characters, left out]"
    return SIGNED_URL.sub(_strip_signature, value)


def _strip_signature(found: re.Match[str]) -> str:
    # Not by urlsplit, which raises for some texts, such as "https://[": anybody can type them.
    return f"{SIGNED_PART.split(found.group(), maxsplit=1)[0]} [signed part left out]"


def cut_to_fit(answer: Json) -> Json:
    """Cut `answer` until its JSON is at most MAX_RENDERED_BYTES, with a note and a cursor for the rest."""
    if "rows" in answer and "columns" in answer:
        return _cut_rows(answer)
    kept = answer
    # Shortened step by step, so that as much as possible stays.
    for most in (50, 20, 10, 5, 2, 1):
        kept = _shorten_value(answer, most)
        if len(to_json(kept)) <= MAX_RENDERED_BYTES - len(CUT_HINT) - 20:
            break
    else:
        # Even one element of each list is too much: only plain fields stay.
        kept = {
            key: value for key, value in answer.items() if isinstance(value, str | int) and key != "conekta"
        }
        kept = _shorten_value(kept, 1)
    return {**kept, "cut": CUT_HINT}


def _cut_rows(answer: Json) -> Json:
    """Keep the first rows that fit; the cursor becomes the one after the last row."""
    rows: list[list[Any]] = answer["rows"]
    # 120 bytes are kept free for the cursor and the note.
    room = MAX_RENDERED_BYTES - len(to_json({**answer, "rows": [], "cut": CUT_HINT})) - 120
    kept = 0
    for row in rows:
        room -= len(to_json(row)) + 1
        if room < 0:
            break
        kept += 1
    # A cursor is the id of a row (conekta-api.md 1.7), so that any row can be the last of a page.
    last = rows[kept - 1][answer["columns"].index("id")] if kept and "id" in answer["columns"] else None
    onward = {"has_more": True, "next": last} if last else {}
    others = {key: value for key, value in answer.items() if key != "next"}
    text = f"{kept} of {len(rows)} rows fit. " + ("Pass next for the rest, or ask" if last else "Ask")
    return {**others, "rows": rows[:kept], **onward, "cut": f"{text} for fewer fields or rows."}


def _shorten_value(value: Any, most: int) -> Any:
    if isinstance(value, dict):
        return {key: _shorten_value(item, most) for key, item in value.items()}
    if isinstance(value, list):
        return [_shorten_value(item, most) for item in value[:most]]
    if isinstance(value, str) and len(value) > most * 40:
        return f"{value[: most * 40]}…"
    return value
