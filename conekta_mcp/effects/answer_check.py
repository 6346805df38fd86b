"""Stand-in."""

from collections.abc import Mapping
from typing import Any


def find_difference(answer: Mapping[str, Any], expected: Mapping[str, Any]) -> str | None:
    return None if answer or not expected else "it is empty"
