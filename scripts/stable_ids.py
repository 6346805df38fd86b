"""Replaces what the sandbox makes by chance, so that an example in docs/tools.md depends on nothing else.

An id, a CLABE or a reference becomes another one of its kind, drawn from the name of the tool and the place
where the example shows it first. So a new step of the walk leaves all other examples as they are.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from conekta_mcp.sandbox.core.ids import ALPHABET as BASE58
from conekta_mcp.sandbox.instruments.clabe import compute_control_digit

HEX = "0123456789abcdef"
DIGITS = "0123456789"
GENERATED = re.compile(
    r"\b(?:[a-z]+_)+(?P<base58>(?=[A-Za-z]*[0-9])[1-9A-HJ-NP-Za-km-z]{17})\b"
    r"|\b(?P<slug>[1-9A-HJ-NP-Za-km-z]{30})\b"
    r"|\b(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b"
    r"|\b(?P<hex>[0-9a-f]{24})\b"
    r"|\b646180111(?P<clabe>[0-9]{9})\b"
    r"|\b9[38]00(?P<cash>[0-9]{10})\b"
)
GENERATED_FIELDS = {
    "account_last4": re.compile("(?P<digits>[0-9]{4})"),
    "auth_code": re.compile("(?P<digits>[0-9]{6})"),
    "statement_reference": re.compile("(?P<digits>[0-9]{7})"),
    "statement_description": re.compile("(?P<digits>[0-9]{7})"),
    "prefix": re.compile("(?P<slug>[A-Za-z0-9]{2})"),
}
"""Values whose shape does not tell that they are generated, by the name of their field."""


class StableIds:
    """Replaces the generated values of one example; equal ones stay equal."""

    def __init__(self, tool_name: str) -> None:
        self._tool_name = tool_name
        self._replacements: dict[str, str] = {}

    def replace(self, value: Any, path: str) -> Any:
        """Return `value`, which stands at `path` of the example, with its generated values replaced."""
        if isinstance(value, dict):
            rows = {"rows": self._replace_rows(value, path)} if "rows" in value else {}
            return {key: self.replace(inner, f"{path}.{key}") for key, inner in value.items()} | rows
        if isinstance(value, list):
            return [self.replace(inner, f"{path}.{place}") for place, inner in enumerate(value)]
        return self._replace_text(value, path) if isinstance(value, str) else value

    def _replace_rows(self, table: dict[str, Any], path: str) -> list[list[Any]]:
        """Return the rows of a table, whose cells are named by its columns."""
        return [
            [
                self.replace(cell, f"{path}.{place}.{column}")
                for column, cell in zip(table["columns"], row, strict=True)
            ]
            for place, row in enumerate(table["rows"])
        ]

    def _replace_text(self, text: str, path: str) -> str:
        pattern = GENERATED_FIELDS.get(path.rpartition(".")[2], GENERATED)

        def replace_match(match: re.Match[str]) -> str:
            kind = str(match.lastgroup)
            start, end = (position - match.start() for position in match.span(kind))
            whole, place = match.group(), f"{path}:{match.start()}"
            return whole[:start] + self._replace_value(kind, whole[start:end], place) + whole[end:]

        return pattern.sub(replace_match, text)

    def _replace_value(self, kind: str, value: str, place: str) -> str:
        key = value.replace("-", "")  # a payment link is shown by its UUID, with and without hyphens
        if key not in self._replacements:
            self._replacements[key] = draw_value(kind, len(key), f"{self._tool_name}/{place}")
        replaced = self._replacements[key]
        return format_uuid(replaced) if "-" in value else replaced


def draw_value(kind: str, length: int, name: str) -> str:
    """Return `length` characters of a kind of value that follow from `name` alone."""
    if kind == "clabe":
        account = "646180111" + "".join(_draw_characters(DIGITS, length - 1, name))
        return account[9:] + compute_control_digit(account)
    alphabet = BASE58 if kind in {"base58", "slug"} else HEX if kind in {"uuid", "hex"} else DIGITS
    return "".join(_draw_characters(alphabet, length, name))


def _draw_characters(alphabet: str, length: int, name: str) -> Iterator[str]:
    number = int.from_bytes(sha256(name.encode()).digest())
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        yield alphabet[place]


def format_uuid(digits: str) -> str:
    """Return 32 hexadecimal digits as a UUID."""
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
