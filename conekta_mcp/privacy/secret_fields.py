"""Hides secrets by the names of their fields, in objects, logged bodies and JSON inside text."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from conekta_mcp.privacy.field_rules import Secret

HIDDEN = "[redacted]"
PORTAL = re.compile(r"(/subscription/management/)[\w%-]+")
"""The address of a customer portal (conekta-api.md 4.9), which gives access to the subscription."""
MARKS = (b"webhook", b'failed_attempts"', b'subscribed_events"', b"/subscription/management/")
"""Parts of JSON text that may have the address of a webhook or a portal."""
ASKED_FOR = frozenset({Secret.ASKED, Secret.ADDRESS})


def has_secret_fields(text: bytes) -> bool:
    """Tell, quickly, whether JSON text may contain a field that is always hidden."""
    from conekta_mcp.privacy.field_lookup import SECRET_NAMES

    lowered = text.lower()
    # A loop: a generator would take half as long again, for each answer.
    for name in SECRET_NAMES:
        if name in lowered:
            return True
    return any(name in lowered for name in MARKS)


def hide_secrets(value: Any, *, in_body: bool = False, asked: bool = False, parent: str = "") -> Any:
    """Hide secrets by the names of their fields; `parent` is the field that `value` stands in.

    In a body (`in_body`) whatever else has the name of a secret is hidden too. `asked`: of a tool that a
    person is asked about, which shows its own.
    """
    if isinstance(value, Mapping):
        return {name: _show_field(name, item, value, parent, in_body, asked) for name, item in value.items()}
    if isinstance(value, list):
        return [hide_secrets(item, in_body=in_body, asked=asked, parent=parent) for item in value]
    if not isinstance(value, str):
        return value
    shown = value if asked else PORTAL.sub(rf"\1{HIDDEN}", value)
    return _hide_in_text(shown) if in_body else shown


def _show_field(
    name: str, value: Any, holder: Mapping[str, Any], parent: str, in_body: bool, asked: bool
) -> Any:
    from conekta_mcp.privacy.field_lookup import BODIES, find_secret

    secret = find_secret(name, holder, parent, in_body)
    if secret is Secret.NO or (asked and secret in ASKED_FOR):
        return hide_secrets(value, in_body=in_body or name in BODIES, asked=asked, parent=name)
    return hide_address(value) if secret is Secret.ADDRESS and isinstance(value, str) else HIDDEN


def hide_address(address: str) -> str:
    """Return scheme and host of a webhook's address: path and query often act as its password."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return HIDDEN
    if not host:
        return HIDDEN
    origin = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    return f"{origin}/***" if parts.path.strip("/") or parts.query or parts.fragment else origin


def _hide_in_text(text: str) -> str:
    """Hide the secrets in JSON that was logged as text, or in a query string, also if truncated."""
    if text[:1] in {"{", "["}:
        try:
            inner = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return json.dumps(hide_secrets(inner, in_body=True), ensure_ascii=False)
    if '"' not in text and "=" not in text:
        return text
    pair, query = _build_text_patterns()
    return query.sub(rf"\1={HIDDEN}", pair.sub(rf"\1{HIDDEN}", text))


@lru_cache(maxsize=1)
def _build_text_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a secret in JSON text, escaped or not, and in a query."""
    from conekta_mcp.privacy.field_lookup import list_body_secrets

    names = "|".join(map(re.escape, list_body_secrets()))
    value = r'(?:\\*"(?:[^"\\]|\\+[^"\\])*|[^\s,}\]"]+)'
    pair = re.compile(rf'(\\*"(?:{names})\\*"\s*:\s*){value}', re.IGNORECASE)
    return pair, re.compile(rf"\b((?:{names}))=[^&\s\"]+", re.IGNORECASE)
