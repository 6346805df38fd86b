"""Parses request bodies: JSON objects only, and nothing that could not be written out again."""

import json

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import MalformedRequest


def read_object(content: bytes) -> Json:
    """Return the JSON object of a body; an empty body is an empty object."""
    if not content.strip():
        return {}
    try:
        value = json.loads(content)
        # NaN and half a surrogate pair are parsed, but cannot be written out.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as cause:
        raise MalformedRequest(reasons.invalid_json()) from cause
    if not isinstance(value, dict):
        raise MalformedRequest(reasons.invalid_json())
    return value
