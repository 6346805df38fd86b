"""Reads `livemode` in Conekta's answers: of objects, and of the account's API keys (conekta-api.md 1.6)."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from conekta_mcp.catalog import Operation, Request, Tool

Mode = Literal["test", "live", "unknown"]

MODE_ROUTES = frozenset({"orders", "customers", "plans", "charges", "checkouts", "events"})
"""Routes whose objects have the mode of the key; API keys and webhooks can have either mode."""
EITHER_MODE_ROUTES = frozenset({"api_keys", "webhooks", "webhook_keys", "companies"})
"""Routes whose objects may have another mode than the key."""


def find_livemode(request: Request, answer: Mapping[str, Any]) -> bool | None:
    """Return the livemode that `answer` shows, None if none; one live row makes the answer live."""
    if request.path.split("/", 2)[1] not in MODE_ROUTES:
        return None
    rows = answer.get("data")
    objects = rows if isinstance(rows, list) else [answer]
    named = [one.get("livemode") for one in objects if isinstance(one, dict)]
    modes = [live for live in named if isinstance(live, bool)]
    return any(modes) if modes else None


def find_other_mode(tool: Tool[Any], answer: Mapping[str, Any], mode: Mode) -> str | None:
    """Return the difference if `answer` shows another mode than the account is known to have; else None."""
    route = tool.endpoint.template.split("/", 2)[1] if isinstance(tool, Operation) else ""
    shown = answer.get("livemode")
    if mode == "unknown" or route in EITHER_MODE_ROUTES or not isinstance(shown, bool):
        return None
    return None if to_mode(shown) == mode else f"livemode: {shown}"


def find_key_livemode(
    answer: Mapping[str, Any], has_prefix: Callable[[str], bool], *, of_own_company: bool
) -> bool | None:
    """Return the livemode of one's own key in a list of all API keys, None if the list does not say it.

    The own row is the one whose `prefix` begins the key. If no row is, all keys have to be of one mode, and
    of the company that the key belongs to: a child company's list does not name its parent's key.
    """
    # Imported here: the results are not needed to start.
    from conekta_mcp.results.page import has_next_page, hides_rows

    rows = answer.get("data")
    # Another page, or a row that is not shown, may be a key with the same first characters.
    if not isinstance(rows, list) or has_next_page(answer) or hides_rows(answer):
        return None
    own = [row for row in rows if _is_own(row, has_prefix)] or (rows if of_own_company else [])
    modes = [row.get("livemode") for row in own]
    if not modes or not isinstance(modes[0], bool) or any(live is not modes[0] for live in modes):
        return None
    return modes[0]


def to_mode(live: bool) -> Mode:
    return "live" if live else "test"


def _is_own(row: Mapping[str, Any], has_prefix: Callable[[str], bool]) -> bool:
    prefix = row.get("prefix")
    return isinstance(prefix, str) and bool(prefix) and has_prefix(prefix)
