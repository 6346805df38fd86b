"""Rules for request bodies: each yields a detail for every problem of a value."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.refusals.policies import MAX_TIMESTAMP

Rule = Callable[[Any, str], Iterator[Detail]]

INT32 = 2**31 - 1
INT64 = 2**63 - 1
MAX_METADATA = 100
MAX_TEXT_LENGTH = 249


@dataclass(frozen=True)
class Shape:
    """A JSON object; a closed one refuses fields it does not name."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    closed: bool = False

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if not isinstance(value, dict):
            yield reasons.invalid_datatype(param)
            return
        rules = {**self.required, **self.optional}
        for name in value:
            if name in rules:
                yield from rules[name](value[name], _join_path(param, name))
            elif self.closed:
                yield reasons.unknown_param(_join_path(param, name))
        for name in self.required:
            if name not in value:
                yield reasons.missing_param(_join_path(param, name))

    def without_required(self) -> "Shape":
        return Shape(optional={**self.required, **self.optional}, closed=self.closed)

    def pick_known(self, value: dict[str, Any]) -> dict[str, Any]:
        return {name: value[name] for name in value if name in self.required or name in self.optional}


def check(rule: Rule, body: dict[str, Any]) -> None:
    details = list(rule(body, ""))
    if details:
        raise Invalid(*details)


@dataclass(frozen=True)
class Text:
    """A string of bounded length that matches `pattern` somewhere."""

    at_least: int = 1
    at_most: int | None = None
    pattern: str = ""
    short: Callable[[str], Detail] = reasons.invalid_param

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if not isinstance(value, str):
            yield reasons.invalid_datatype(param)
        elif len(value.strip()) < self.at_least:
            yield self.short(param)
        elif (self.at_most and len(value) > self.at_most) or not re.search(self.pattern, value):
            yield reasons.invalid_param(param)


@dataclass(frozen=True)
class Integer:
    """An integer within bounds; a bool is not one."""

    at_least: int = 0
    at_most: int = INT64

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield reasons.invalid_datatype(param)
        elif not self.at_least <= value <= self.at_most:
            yield reasons.invalid_param(param)


@dataclass(frozen=True)
class Choice:
    values: tuple[str | int, ...]

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if type(value) is not type(self.values[0]):
            yield reasons.invalid_datatype(param)
        elif value not in self.values:
            yield reasons.invalid_param(param)


@dataclass(frozen=True)
class Array:
    rule: Rule
    at_least: int = 0

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if not isinstance(value, list):
            yield reasons.invalid_datatype(param)
        elif len(value) < self.at_least:
            yield reasons.missing_param(param)
        else:
            for place, element in enumerate(value):
                yield from self.rule(element, f"{param}.{place}")


@dataclass(frozen=True)
class Nullable:
    rule: Rule

    def __call__(self, value: object, param: str) -> Iterator[Detail]:
        if value is not None:
            yield from self.rule(value, param)


def validate_boolean(value: object, param: str) -> Iterator[Detail]:
    if not isinstance(value, bool):
        yield reasons.invalid_datatype(param)


def validate_mapping(value: object, param: str) -> Iterator[Detail]:
    if not isinstance(value, dict):
        yield reasons.invalid_datatype(param)
    elif len(value) > MAX_METADATA:
        yield reasons.invalid_param(param)


def validate_metadata(value: object, param: str) -> Iterator[Detail]:
    """Require at most 100 scalars, strings of at most 249 characters (conekta-api.md 1.3)."""
    yield from validate_mapping(value, param)
    if isinstance(value, dict):
        for name, entry in value.items():
            if not isinstance(entry, str | int | float) or len(str(entry)) > MAX_TEXT_LENGTH:
                yield reasons.invalid_param(f"{param}.{name}")


def reject_change(_value: object, param: str) -> Iterator[Detail]:
    yield reasons.immutable_param(param)


EMAIL = Text(at_most=254, pattern=r"^(?![.])(?!.*[.][.@])[^@\s]+@[^@\s.][^@\s]*\.[^@\s.]+\Z")
"""Like RFC 5321 (conekta-api.md 1.4): no two dots in a row, and none where a part begins or ends."""
TIMESTAMP = Integer(1, MAX_TIMESTAMP)
AMOUNT = Integer(0, INT64)


def _join_path(param: str, name: str) -> str:
    return f"{param}.{name}" if param else name
