"""What an object showed besides its lists: a later reading that lacks or contradicts it proves nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from conekta_mcp.effects.comparison import normalize_value
from conekta_mcp.effects.reading.new_rows import Raw, list_ids
from conekta_mcp.results.statuses import CANCELED, normalize_status

ANCHORS = ("created_at", "livemode", "amount")
"""Fields that an object never loses (conekta-api.md 4)."""
CHARGELESS_STATUSES = ("expired", CANCELED)
"""Statuses that an order gets without a charge."""


def note_children(
    children: Callable[[Any, Raw], list[Raw]], select: Callable[[Any, Raw], Raw] = lambda _, __: {}
) -> Callable[[Any, Raw], dict[str, Any]]:
    """Return the ids of the children before a call, and what else their object shows.

    `select` returns the child that the call removes.
    """
    return lambda arguments, raw: {
        "ids": list_ids(children(arguments, raw)),
        **_note_anchors(raw, select(arguments, raw)),
    }


def _note_anchors(raw: Raw, row: Raw) -> Raw:
    shown = {name: normalize_value(raw[name]) for name in ANCHORS if raw.get(name) is not None}
    status = {"status": normalize_status(raw.get("payment_status"))} if "amount" in shown else {}
    return {"anchors": shown, **status, **({"weighs": _weighs(row)} if row else {})}


def lacks_anchors(now: Raw, noted: Raw) -> bool:
    """Tell whether a reading leaves out what the object showed before; it may show no more than its id."""
    return any(now.get(name) is None for name in noted.get("anchors", ()))


def hides_change(now: Raw, noted: Raw, shown: Sequence[Raw]) -> bool:
    """Tell whether the sum or status of an object changed while none of its `shown` rows is new.

    Only time ends an order without a new charge. If it was paid, it may be by the charge that is not shown.
    """
    if any(str(row.get("id")) not in noted.get("ids", ()) for row in shown):
        return False
    status = normalize_status(now.get("payment_status"))
    has_other_status = "status" in noted and status not in (None, noted["status"], *CHARGELESS_STATUSES)
    return has_other_status or _has_other_sum(now, noted)


def shows_no_less(now: Raw, noted: Raw) -> bool:
    """Tell whether the sum of an object is still the same although a row is said to be gone."""
    return (
        bool(noted.get("weighs")) and "amount" in noted.get("anchors", ()) and not _has_other_sum(now, noted)
    )


def _has_other_sum(now: Raw, noted: Raw) -> bool:
    was = noted.get("anchors", {}).get("amount")
    return was is not None and normalize_value(now.get("amount")) != was


def _weighs(row: Raw) -> bool:
    return any(isinstance(row.get(name), int | float) and row[name] != 0 for name in ("amount", "unit_price"))
