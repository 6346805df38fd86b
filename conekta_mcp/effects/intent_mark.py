"""The mark that an intent leaves in the object it creates, so that a lost creation can be found by it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from conekta_mcp.catalog import MarkPlace, Request
from conekta_mcp.catalog.fields import INTENT_MARK

KEY = "mcp_intent"
"""The key of the mark in metadata."""
MAX_KEYS = 100
MAX_LENGTH = 249
"""Conekta's limit of metadata (conekta-api.md 1.3, 4.5)."""
HEXADECIMAL_DIGITS = 24
PREFIX = b"mcp_"
MARKED_TEXT = re.compile(r'\\*"mcp_intent\\*"\s*:\s*\\*"mcp_[0-9a-f]{0,24}\\*"?,?')
"""The mark inside the text of a body, which may be cut or escaped."""
REFERENCE_FIELD = "reference_id"
Raw = Mapping[str, Any]


def build_mark(account: str, tool: str, key: str) -> str:
    """Return the mark of an intent: a digest, which does not reveal the idempotency key."""
    return f"mcp_{hashlib.sha256(f'{account} {tool} {key}'.encode()).hexdigest()[:HEXADECIMAL_DIGITS]}"


def write_mark(request: Request, place: MarkPlace, mark: str) -> Request:
    """Return the request with the mark in its body.

    The request is returned unchanged, and `is_marked` is False, if the merchant already uses that field, if
    Conekta would refuse the mark, or if the request has no body.
    """
    body = _write_into(dict(request.body or {}), place.split("."), mark)
    return request if body is None or len(mark) > MAX_LENGTH else replace(request, body=body)


def is_marked(request: Request, place: MarkPlace, mark: str) -> bool:
    """Tell whether a request carries the mark; only then does a row without the mark mean something."""
    return has_mark(request.body or {}, place, mark)


def has_mark(row: Raw, place: MarkPlace, mark: str) -> bool:
    """Tell whether an object of Conekta carries this mark."""
    return bool(mark) and mark in find_marks(row, place)


def find_marks(row: Raw, place: MarkPlace) -> set[str]:
    """Return the marks in an object; for a link, also those in the metadata of its order."""
    if place == REFERENCE_FIELD:
        shown = [row.get(REFERENCE_FIELD)]
    else:
        template = row.get("order_template")
        holders = [row.get("metadata"), template.get("metadata") if isinstance(template, Mapping) else None]
        shown = [one.get(KEY) for one in holders if isinstance(one, Mapping)]
    return {one for one in shown if isinstance(one, str) and INTENT_MARK.fullmatch(one)}


def is_always_shown(place: MarkPlace) -> bool:
    """Tell whether Conekta documents that it returns what is written in this field.

    It is not documented that the answer for a link shows the metadata of its order (conekta-api.md 4.8).
    """
    return place != "order_template.metadata"


def hide_marks(raw: dict[str, Any]) -> dict[str, Any]:
    """Return an object of Conekta without marks; the same object if it has none."""
    shown: dict[str, Any] = remove_mark(raw) if may_have_marks(raw) else raw
    return shown


def may_have_marks(answer: Raw) -> bool:
    """Tell, quickly, whether a mark may stand anywhere in an answer."""
    try:
        return PREFIX in to_json(answer)
    except PydanticSerializationError:  # half of a surrogate pair
        return True


def remove_mark(value: Any) -> Any:
    """Return a JSON value without marks, and without metadata that held nothing else.

    A mark means nothing to a reader. Logs hold bodies as text, so text is searched too.
    """
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if not _is_marked_field(name, one)}
        return {name: remove_mark(one) for name, one in kept.items()}
    if isinstance(value, list):
        return [remove_mark(one) for one in value]
    return MARKED_TEXT.sub("", value) if isinstance(value, str) and KEY in value else _blank(value)


def is_mark(value: object) -> bool:
    return isinstance(value, str) and INTENT_MARK.fullmatch(value) is not None


def _is_marked_field(name: str, value: object) -> bool:
    if name == "metadata" and isinstance(value, Mapping):
        return list(value) == [KEY] and is_mark(value[KEY])
    return name in (KEY, REFERENCE_FIELD) and is_mark(value)


def _blank(value: Any) -> Any:
    return INTENT_MARK.sub("", value) if isinstance(value, str) and "mcp_" in value else value


def _write_into(body: dict[str, Any], path: list[str], mark: str) -> dict[str, Any] | None:
    """Return the body with the mark at `path`; None if the merchant uses that place."""
    name, *rest = path
    inner = body.get(name)
    if name == REFERENCE_FIELD:
        return None if inner is not None else {**body, name: mark}
    if rest:
        written = _write_into(dict(inner), rest, mark) if isinstance(inner, Mapping) else None
        return None if written is None else {**body, name: written}
    if inner is not None and not isinstance(inner, Mapping):
        return None
    held = dict(inner or {})
    return None if KEY in held or len(held) >= MAX_KEYS else {**body, name: {**held, KEY: mark}}
