"""Redacts arguments for the audit log: ids, amounts and Conekta's own words stay; the rest is masked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conekta_mcp.redaction import has_card_number, redact

# Allow lists: a field that nobody thought of is masked, not written.
ID = re.compile(
    r"(?:cus|ord|src|off_ref|ship_cont|fis_ent|sub|line_item|tax_lin|dis_lin|ship_lin|chbk|chbkf|plan|payout"
    r"|scp)_[A-Za-z0-9_-]{1,60}|[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
ID_FIELD = re.compile(r"id|ids|\w+_ids?")
NUMBER_FIELD = re.compile(
    r"amount|unit_price|quantity|limit|frequency"
    r"|\w+_(?:at|amount|count|days|hours|retries|installments|end|time)"
)
WORD_FIELD = re.compile(
    r"currency|type|payment_method|method|interval|role|detail|field|evidence_type|file_classification"
    r"|three_ds_mode|payment_status|allowed_payment_methods|excluded_payment_methods|exclude_card_networks|subscribed_events"
)
WORD = re.compile("[a-z][a-z_.]{1,39}|[A-Z]{3}")
FIELD = re.compile("[a-z][a-z0-9_]{0,39}")
REDACTED = "***"
MAX_DEPTH, MAX_ITEMS = 6, 50


def redact_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return _redact_object(arguments, MAX_DEPTH)


def find_ids(value: Any) -> tuple[str, ...]:
    """Return the ids of Conekta inside `value`, in order, without duplicates, at most 50."""
    return tuple(dict.fromkeys(_iter_ids(value)))[:MAX_ITEMS]


def _redact_object(holder: Mapping[str, Any], deep: int) -> dict[str, Any]:
    if not deep:
        return {REDACTED: len(holder)}
    return {
        name if _is_told(FIELD, name) else REDACTED: _redact_value(name, value, deep)
        for name, value in list(holder.items())[:MAX_ITEMS]
    }


def _redact_value(name: str, value: Any, deep: int) -> Any:
    if isinstance(value, Mapping):
        # Merchants put anything into metadata, under names of their choice.
        return REDACTED if name == "metadata" else _redact_object(value, deep - 1)
    if isinstance(value, list | tuple):
        return [_redact_value(name, item, deep) for item in value[:MAX_ITEMS]]
    if value is None or isinstance(value, bool):
        return value
    return value if _is_harmless(name, value) else REDACTED


def _is_harmless(name: str, value: Any) -> bool:
    if isinstance(value, int | float):
        return NUMBER_FIELD.fullmatch(name) is not None and not has_card_number(value)
    if not isinstance(value, str):
        return False
    kind = ID if ID_FIELD.fullmatch(name) else WORD if WORD_FIELD.fullmatch(name) else None
    return kind is not None and _is_told(kind, value)


def _is_told(kind: re.Pattern[str], text: str) -> bool:
    """Tell whether a text is what it should be, and neither a key nor a card number in the form of it."""
    return kind.fullmatch(text) is not None and redact(text) == text


def _iter_ids(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _iter_ids(item)
    if isinstance(value, Mapping):
        for name, item in value.items():
            listed = item if isinstance(item, list) else [item]
            if ID_FIELD.fullmatch(str(name)):
                yield from (one for one in listed if isinstance(one, str) and ID.fullmatch(one))
            yield from _iter_ids(item)
