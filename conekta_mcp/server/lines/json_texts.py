"""Parses JSON that is a text inside a message."""

import json
from typing import Any

from conekta_mcp.server.lines.messages import replace_lone_surrogates


def mend_text(text: str) -> str:
    """Replace lone surrogates inside JSON text, as in messages."""
    return replace_lone_surrogates(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def parse_json(text: str) -> Any:
    """Return a text parsed as JSON if it has only one meaning; else None."""
    try:
        return load_json(text)
    except (ValueError, RecursionError):
        return None


def load_json(text: str) -> Any:
    """Return what a text says as JSON; raise ValueError or RecursionError for anything else."""
    return json.loads(text, object_pairs_hook=_build_object, parse_constant=_refuse_constant)


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands there twice")
    return made


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
