"""Reads the object that a call acts on, with the read tools, and names the read that a person can repeat."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Sender, Tool
from conekta_mcp.errors import RequestRefused
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import has_next_page, hides_rows

Raw = Mapping[str, Any]
StateReader = Callable[[Sender, Any], Awaitable[Raw]]
LookupWriter = Callable[[Any], str]
CHILD_LISTS = frozenset(
    {
        "line_items", "tax_lines", "shipping_lines", "discount_lines", "charges", "refunds",
        "payment_sources", "shipping_contacts", "fiscal_entities",
    }
)  # fmt: skip
"""Fields with a list inside an object; Conekta may send null or leave them out."""


async def call_read_tool(api: Sender, tool: Tool[Any], **fields: Any) -> dict[str, Any]:
    """Call a read tool with trusted fields, such as ids that Conekta returned."""
    return await tool.call(api, tool.input.model_construct(**fields))


def create_reader(tool: Tool[Any], *names: str) -> StateReader:
    """Return a function that reads an object with `tool`, given the call's arguments."""

    async def read(api: Sender, arguments: Any) -> Raw:
        return await call_read_tool(api, tool, **_pick_arguments(arguments, names))

    return read


def allow_missing(read: StateReader) -> StateReader:
    """Return a reader that returns {} if Conekta says that the object does not exist."""

    async def read_if_found(api: Sender, arguments: Any) -> Raw:
        try:
            return await read(api, arguments)
        except RequestRefused as refused:
            if refused.is_missing_object:
                return {}
            raise

    return read_if_found


def create_lookup(tool: Tool[Any], *names: str) -> LookupWriter:
    """Return a function that writes the exact call of `tool` that tells what happened."""
    return lambda arguments: format_call(tool, **_pick_arguments(arguments, names))


def format_call(tool: Tool[Any], **fields: Any) -> str:
    """Return a call as a person types it: get_order {"order_id":"ord_1"}."""
    return f"{tool.name} {json.dumps(fields, separators=(',', ':'))}"


def list_children(raw: Raw, name: str) -> list[Raw]:
    """Return the children `name` of an object, with or without a list envelope."""
    return list(get_rows(raw.get(name)) or [])


def create_child_finder(name: str, key: str) -> Callable[[Any, Raw], Raw]:
    """Return a function that finds the child `name` whose id a call has as `key`; {} if it is not shown."""
    return lambda arguments, raw: next(
        (row for row in list_children(raw, name) if row.get("id") == getattr(arguments, key)), {}
    )


def list_rows(page: Raw) -> list[Raw]:
    """Return the rows of a list; [] if it has none."""
    return list(get_rows(page) or [])


def is_truncated(raw: Raw) -> bool:
    """Tell whether a list, or a list inside an object, is incomplete."""
    lists = [one for name, one in raw.items() if name in CHILD_LISTS or _is_list(one)]
    is_page = _is_list(raw) or isinstance(raw.get("data"), list)
    return any(map(_is_cut, [*lists, raw] if is_page else lists))


def _is_list(value: object) -> bool:
    return isinstance(value, Mapping) and (value.get("object") == "list" or "has_more" in value)


def _is_cut(envelope: object) -> bool:
    return hides_rows(envelope) or (isinstance(envelope, Mapping) and has_next_page(envelope))


def get_object(raw: Raw, name: str) -> Raw:
    """Return the object `name` inside an object; {} if there is none."""
    found = raw.get(name)
    return found if isinstance(found, Mapping) else {}


def get_integer(raw: Raw, name: str) -> int | None:
    """Return the integer `name` of an object, also if it is written as 70000.0."""
    found = raw.get(name)
    if isinstance(found, float) and found.is_integer():
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _pick_arguments(arguments: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(arguments, name) for name in names}
