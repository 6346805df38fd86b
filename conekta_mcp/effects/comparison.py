"""Compares an object of Conekta with what a call asked for."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Literal

from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import has_next_page

Extent = Literal["all", "some", "none"]
PHONE = re.compile(r"\+?[0-9 ()-]{8,20}")
PHONE_DIGITS = 10
"""Digits of a Mexican phone; Conekta may change the prefix (conekta-api.md 1.4)."""

CASELESS_FIELDS = ("country",)
"""Fields that are sent in capitals and returned in lower case (conekta-api.md 1.4)."""


class AlwaysShown(str):
    """A text that Conekta always shows; an object without it is another object."""

    __slots__ = ()


class OneOf(tuple[Any, ...]):
    """Several spellings of one value; Conekta may show any of them."""

    __slots__ = ()


class AnyKey(dict[str, Any]):
    """Several names of one id; Conekta shows at least one of them."""

    __slots__ = ()


def is_consistent(seen: object, wanted: object) -> bool:
    """Tell whether `seen` equals `wanted` or leaves it out; lists in any order, objects by their keys."""
    if isinstance(wanted, OneOf):
        return any(is_consistent(seen, one) for one in wanted)
    if wanted is None or seen is None:
        return not isinstance(wanted, AlwaysShown)
    if isinstance(wanted, Mapping):
        return isinstance(seen, Mapping) and all(is_consistent(seen.get(key), wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return _has_next_page(seen) or _has_all(seen, wanted, is_consistent)
    return normalize_value(seen) == normalize_value(wanted)


def is_shown(seen: object, wanted: object, name: str = "") -> bool:
    """Tell whether `seen` shows all of `wanted` exactly as it was sent.

    Similar values do not count: two people may differ only in capitals or in the prefix of a phone.
    """
    if isinstance(wanted, OneOf):
        return any(is_shown(seen, one, name) for one in wanted)
    if wanted is None or wanted == "":
        return seen in (None, "")
    if isinstance(wanted, AnyKey):
        one_is_shown = isinstance(seen, Mapping) and any(seen.get(key) is not None for key in wanted)
        return one_is_shown and is_consistent(seen, wanted)
    if isinstance(wanted, Mapping):
        return isinstance(seen, Mapping) and all(is_shown(seen.get(key), wanted[key], key) for key in wanted)
    if isinstance(wanted, list):
        is_none = seen is None and not wanted
        return not _has_next_page(seen) and (is_none or _has_all(seen, wanted, is_shown))
    return _is_same_value(seen, wanted, name)


def measure_extent(seen: object, wanted: object, name: str = "") -> Extent:
    """Tell how much of `wanted` an object shows: all, some or none; a missing field counts as not shown.

    A value that is only similar counts as "some", because it may have been there before the call.
    """
    if seen is None:
        return "none"
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        found = {measure_extent(seen.get(key), wanted[key], key) for key in wanted}
        return found.pop() if len(found) == 1 else "some"
    if isinstance(wanted, list):
        return _measure_list(seen, wanted)
    if _is_same_value(seen, wanted, name):
        return "all"
    return "some" if normalize_value(seen) == normalize_value(wanted) else "none"


def digest_fields(seen: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, str]:
    """Return a digest of some fields, which shows a later change and stores nobody's data."""
    return {name: digest_value(seen.get(name)) for name in names}


def digest_value(value: object) -> str:
    """Return 16 hexadecimal digits of the hash of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _measure_list(seen: object, wanted: list[Any]) -> Extent:
    if _has_all(seen, wanted, lambda one, other: measure_extent(one, other) == "all"):
        return "all"
    return "some" if is_consistent(seen, wanted) else "none"


def _has_next_page(seen: object) -> bool:
    return isinstance(seen, Mapping) and has_next_page(seen)


def _has_all(seen: object, wanted: list[Any], same: Callable[[object, object], bool]) -> bool:
    shown = get_rows(seen) if isinstance(seen, Mapping) else seen
    left = list(shown) if isinstance(shown, list) else []
    if len(left) != len(wanted):
        return False
    for one in wanted:
        place = next((place for place, other in enumerate(left) if same(other, one)), None)
        if place is None:
            return False
        del left[place]
    return True


def _is_same_value(seen: object, wanted: object, name: str = "") -> bool:
    """Compare two single values; 70000.0 is 70000, and so is its text (conekta-api.md 1.4)."""
    if not (isinstance(seen, str | int | float) and isinstance(wanted, str | int | float)):
        return False
    if isinstance(seen, bool) or isinstance(wanted, bool):
        return seen is wanted
    shown, sent = _spell_value(seen), _spell_value(wanted)
    return shown == sent or (name in CASELESS_FIELDS and shown.casefold() == sent.casefold())


def _spell_value(value: str | float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", str(value)).strip()


def normalize_value(value: Any) -> str:
    """Return a value in the form in which it is compared: numbers as numbers, text in NFC and casefolded."""
    text = _spell_value(value).casefold()
    return re.sub(r"\D", "", text)[-PHONE_DIGITS:] if PHONE.fullmatch(text) else text
