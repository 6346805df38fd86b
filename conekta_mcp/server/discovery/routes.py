"""Finds the operations whose route a request names, such as `POST /orders/{id}/capture`."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, get_args

from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.catalog.endpoint import Method

METHODS = frozenset(get_args(Method))
AROUND_A_ROUTE = "\"'`<>()[].,;:?¿!"
SCHEME = "://"


def find_by_route(query: str, tools: Iterable[Tool[Any]]) -> frozenset[str]:
    """Return the names of the operations at the routes in `query`, by the method before a route if any."""
    operations = [tool for tool in tools if isinstance(tool, Operation)]
    found: set[str] = set()
    for before, word in pairwise(["", *query.split()]):
        segments = split_route(word)
        at_route = _keep_most_literal([one for one in operations if _is_at(one, segments)])
        asked = before.strip(AROUND_A_ROUTE).upper()
        of_method = [one for one in at_route if one.endpoint.method == asked] if asked in METHODS else []
        found |= {one.name for one in of_method or at_route}
    return frozenset(found)


def split_route(word: str) -> list[str]:
    """Return the segments of a path; [] for any other word.

    An address has no route: it is where a shop wants its webhooks, more often than Conekta's.
    """
    path = word.strip(AROUND_A_ROUTE).split("?")[0].rstrip("/")
    return path.strip("/").split("/") if "/" in path and SCHEME not in path else []


def _is_at(operation: Operation[Any], segments: list[str]) -> bool:
    template = split_route(operation.endpoint.template)
    return len(template) == len(segments) and all(
        expected.startswith("{") or expected == segment.lower()
        for expected, segment in zip(template, segments, strict=True)
    )


def _keep_most_literal(operations: list[Operation[Any]]) -> list[Operation[Any]]:
    """Keep `/companies/current` and not `/companies/{company_id}` where both fit."""
    fields = [len(one.endpoint.path_fields) for one in operations]
    return [one for one, count in zip(operations, fields, strict=True) if count == min(fields)]
