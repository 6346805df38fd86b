"""Removes what agent frameworks put around or beside the arguments of a call."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from conekta_mcp.server.lines.json_texts import mend_text, parse_json

OWN_ARGUMENTS = frozenset(
    {
        *("toolCallId", "sessionId", "action", "chatInput"),  # n8n
        "security_context",  # CrewAI
        "wait_for_previous",  # Gemini CLI
        "_tool_context",  # HolmesGPT
        "_sessionID",  # SiYuan
        "_auth_auth_type",  # mcpproxy-go
    }
)
"""Names that frameworks add to the arguments of a call."""
FILLERS = frozenset({"random_string", "_placeholder"})
"""Values that Cursor and the Vercel AI SDK pass to a tool without arguments."""
WRAPPERS = frozenset(
    {
        *("arguments", "args", "kwargs", "input", "tool_input", "params", "parameters"),
        *("properties", "requestBody"),  # models that repeat the form of a schema
    }
)
"""Names of a single argument in which a framework or a model puts all arguments."""
NOTHING: tuple[object, ...] = (None, "")


@dataclass(frozen=True)
class Contents:
    """The arguments of a call, the names that were removed, and the wrapper that was removed."""

    arguments: dict[str, Any]
    dropped: list[str]
    opened: list[str]


def open_envelope(arguments: Mapping[str, Any], known: Collection[str], beside: Collection[str]) -> Contents:
    """Return the arguments for a tool with these `known` ones, without the names in `beside`.

    A wrapper is removed only if it is the only argument, so that no call has two meanings.
    """
    ignored = frozenset(beside).difference(known)
    dropped = [name for name in arguments if name in ignored]
    kept = {name: value for name, value in arguments.items() if name not in ignored}
    wrapper = next(iter(kept), "")
    if len(kept) > 1 or wrapper not in WRAPPERS or wrapper in known:
        return Contents(kept, dropped, [])
    inner = _read_object(kept[wrapper])
    if inner is None:
        return Contents(kept, dropped, [])
    dropped += [name for name in inner if name in ignored]
    return Contents({name: value for name, value in inner.items() if name not in ignored}, dropped, [wrapper])


def _read_object(value: Any) -> dict[str, Any] | None:
    if value in NOTHING:
        return {}
    read = parse_json(mend_text(value)) if isinstance(value, str) else value
    return read if isinstance(read, dict) else None
