"""Reads values by paths such as `payments.0.id`, and fills `{name.path}` in seeds, calls and texts."""

import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"\{([a-z0-9_]+(?:\.[A-Za-z0-9_]+)*)\}")


class Absent(LookupError):
    """There is nothing at this path."""


def find_value(whole: Any, path: str) -> Any:
    """Return the value at a path; in a list, a number is its place and a name the column of a page."""
    value = whole
    for step in path.split("."):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (LookupError, TypeError, ValueError) as cause:
            raise Absent(f"nothing at {step!r} of {path!r}") from cause
    return value


def fill(pattern: Any, values: Mapping[str, Any]) -> Any:
    """Return `pattern` with each place filled; a text that is one place alone keeps the type of its value."""
    if isinstance(pattern, dict):
        return {name: fill(value, values) for name, value in pattern.items()}
    if isinstance(pattern, list | tuple):
        return [fill(value, values) for value in pattern]
    if not isinstance(pattern, str):
        return pattern
    alone = PLACE.fullmatch(pattern)
    if alone:
        return find_value(values, alone[1])
    return PLACE.sub(lambda place: str(find_value(values, place[1])), pattern)
