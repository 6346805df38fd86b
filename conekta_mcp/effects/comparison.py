"""Whether an object of Conekta's shows what a call asked for; what it does not show cannot be excluded."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from conekta_mcp.results.base import rows

Extent = Literal["all", "some", "none"]
PHONE = re.compile(r"\+?[0-9 ()-]{8,20}")
TEN = 10
"""Digits of a Mexican phone; what comes before them Conekta may write otherwise (conekta-api.md 1.4)."""


class Always(str):
    """A text that Conekta always shows: where it is missing, the object is another one."""

    __slots__ = ()


def agrees(seen: object, wanted: object) -> bool:
    """Tell whether `seen` is `wanted`, or does not show it; of a list in any order, of an object its keys."""
    if wanted is None or seen is None:
        return not isinstance(wanted, Always)
    if isinstance(wanted, Mapping):
        return isinstance(seen, Mapping) and all(agrees(seen.get(key), wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        goes_on = isinstance(seen, Mapping) and seen.get("has_more") is True
        return goes_on or _all_there(seen, wanted, agrees)
    return _plain(seen) == _plain(wanted)


def extent(seen: object, wanted: object) -> Extent:
    """Tell how much of `wanted` is to be seen; what is not shown counts as not there."""
    if seen is None:
        return "none"
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        found = {extent(seen.get(key), wanted[key]) for key in wanted}
        return found.pop() if len(found) == 1 else "some"
    if isinstance(wanted, list):
        return _extent_of_list(seen, wanted)
    return "all" if _plain(seen) == _plain(wanted) else "none"


def digests(seen: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, str]:
    """Note how fields stand now, so that a change shows and nobody's data is kept."""
    return {name: digest(seen.get(name)) for name in names}


def digest(value: object) -> str:
    """Give 16 hexadecimal digits for a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _extent_of_list(seen: object, wanted: list[Any]) -> Extent:
    if _all_there(seen, wanted, lambda one, other: extent(one, other) == "all"):
        return "all"
    return "some" if agrees(seen, wanted) else "none"


def _all_there(seen: object, wanted: list[Any], same: Callable[[object, object], bool]) -> bool:
    shown = rows(seen) if isinstance(seen, Mapping) else seen
    left = list(shown) if isinstance(shown, list) else []
    if len(left) != len(wanted):
        return False
    for one in wanted:
        place = next((place for place, other in enumerate(left) if same(other, one)), None)
        if place is None:
            return False
        del left[place]
    return True


def _plain(value: object) -> str:
    text = str(value).strip().casefold()
    return re.sub(r"\D", "", text)[-TEN:] if PHONE.fullmatch(text) else text
