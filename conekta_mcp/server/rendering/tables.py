"""Renders lists as tables, which need fewer tokens: column names once, then one row per object."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.catalog.fields import SpanishText
from conekta_mcp.errors import Detail, InvalidArguments
from conekta_mcp.redaction import to_error_text
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.times import say

Json = dict[str, Any]
FOR_PROGRAMS = "_iso"
"""The ending of columns that a list has only if `fields` names them."""


def to_table(page: Json, raw: Mapping[str, Any], fields: Sequence[str] | None) -> Json:
    """Turn the curated `page` of a list into columns and rows; `fields` may also name Conekta's fields.

    Raises:
        InvalidArguments: no row has a field of that name.
    """
    data: list[Json] = page["data"]
    if fields is not None:
        data = _select_fields(data, get_rows(raw) or [], fields)
    columns = list(fields) if fields is not None else _list_shown_columns(data)
    told = [[row.get(column) for column in columns] for row in data]
    return {"columns": columns, "rows": told, **{key: value for key, value in page.items() if key != "data"}}


def describe_empty_list(tool: Tool[Any]) -> str:
    """Return how far a list without rows was searched, and what its search covers."""
    told = say(
        "No hay más filas: con los filtros que se dieron, se vio la lista entera.",
        "No more rows: with the filters that were given, the whole list was looked at.",
    )
    search = tool.input.model_fields.get("search")
    if search is None or not search.description:
        return told
    spanish = next((one.text for one in search.metadata if isinstance(one, SpanishText)), search.description)
    return f"{told} search: {say(spanish, search.description)}."


def _list_shown_columns(data: Sequence[Json]) -> list[str]:
    return [column for column in _list_columns(data) if not column.endswith(FOR_PROGRAMS)]


def _list_columns(data: Sequence[Json]) -> list[str]:
    """Return the fields of all rows, in the order of the first row that has each."""
    columns: list[str] = []
    # Most rows have the same fields in the same order.
    for row in dict.fromkeys(map(tuple, data)):
        place = 0
        for name in row:
            if name in columns:
                place = columns.index(name) + 1
            else:
                columns.insert(place, name)
                place += 1
    return columns


def _select_fields(
    data: Sequence[Json], raw: Sequence[Mapping[str, Any]], fields: Sequence[str]
) -> list[Json]:
    curated = data if len(data) == len(raw) else [{} for _ in raw]
    whole = [{**one, **row} for one, row in zip(raw, curated, strict=True)]
    there = {name for row in whole for name in row}
    absent = [name for name in fields if name not in there]
    # A list without rows shows no field names, so that none can be wrong.
    if whole and absent:
        raise InvalidArguments(
            type="parameter_validation_error",
            details=(
                Detail(
                    code="conekta_mcp.errors.parameter_validation.fields.invalid",
                    message=to_error_text(
                        f"fields: no row has {', '.join(absent)}; "
                        f"there are: {_format_field_names(data, there)}."
                    ),
                    param="fields",
                ),
            ),
        )
    return whole


def _format_field_names(data: Sequence[Json], there: set[str]) -> str:
    usual = _list_columns(data)
    return ", ".join([*usual, *sorted(there - set(usual))])
