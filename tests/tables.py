"""Converts lists to the columns and rows that clients get."""

from typing import Any

from conekta_mcp.privacy.typed_fields import TYPED_NOTICE

EMPTY = {
    "es": "No hay más filas: con los filtros que se dieron, se vio la lista entera.",
    "en": "No more rows: with the filters that were given, the whole list was looked at.",
}
"""What a list without rows says of itself."""
EMPTY_CUSTOMERS = {
    "es": f"{EMPTY['es']} search: parte del nombre, del correo o del teléfono.",
    "en": f"{EMPTY['en']} search: Part of name, e-mail or phone.",
}


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a list's answer as objects, without the columns that a row leaves empty."""
    assert isinstance(answer, dict), answer
    return [
        {name: value for name, value in zip(answer["columns"], row, strict=True) if value is not None}
        for row in answer["rows"]
    ]


def as_objects(answer: dict[str, Any]) -> dict[str, Any]:
    """A list's answer with its rows as objects under "data"; any other answer as it is."""
    if "rows" not in answer:
        return answer
    # What an empty list says of itself is tested once, in tests/server/rendering/test_tables.py.
    rest = {name: value for name, value in answer.items() if name not in {"columns", "rows", "empty"}}
    return {"data": rows_of(answer), **rest}


def as_row(answer: dict[str, Any]) -> dict[str, Any]:
    """An object as a row of a list, which has no times as ISO."""
    return {name: value for name, value in answer.items() if not name.endswith("_iso")}


def without_mode(answer: Any) -> dict[str, Any]:
    """An answer without what stands beside Conekta's object: the account's mode, the mark of typed text."""
    assert answer.get("account", {"mode": "unknown"}) == {"mode": "unknown"}
    assert answer.get("typed_text", TYPED_NOTICE).startswith("Typed by customers or shops")
    return {name: value for name, value in answer.items() if name not in {"account", "typed_text"}}
