"""Answers with status 200 that show another sum, person or parent than was asked for."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
OWN_FIELDS = ("amount", "unit_price", "quantity", "currency", "plan_id")
ID_FIELDS = ("id", "parent_id", "order_id", "customer_id")
PARENTS = ("orders", "customers")
"""Below which an object names the one above it; a document does not name its company."""
MORE = 7
OTHER = "ZZZ"


def alter(method: str, path: str, body: Json, answer: Json, turn: int) -> tuple[Json, Any] | None:
    """Return the answer with one thing changed that was asked for, and what it shows now; else None."""
    # A rule has one id in lists and another where it is made, so neither tells anything.
    asked = [] if path.startswith("/antifraud/") else list(_list_asked(method, path, body, answer))
    if not asked:
        return None
    place, was = asked[turn % len(asked)]
    now = _change(was)
    inner = answer.get(place[0])
    if len(place) == 2 and isinstance(inner, dict):
        return {**answer, place[0]: {**inner, place[1]: now}}, now
    return {**answer, place[0]: now}, now


def invent(kinds: tuple[str, ...], method: str, path: str, body: Json, turn: int) -> tuple[Json, Any] | None:
    """Make up the answer to a request that never arrived, other in one thing that was asked for.

    Half of those to what happens below an object show the object only, by its right id and with nothing of
    what was asked for; what they show now is then None.
    """
    parts = path.split("/")[1:]
    shows_owner = len(parts) == 2 or (len(parts) > 2 and kinds and parts[0] == f"{kinds[0]}s")
    own = parts[1] if shows_owner else "67e5f1d2c3b4a5968778695a"
    below = len(parts) > 2 or bool(method == "PUT" and body.get("line_items"))
    if shows_owner and kinds and below and parts[0] != "webhooks" and turn % 2:
        return {"id": own, "object": kinds[0]}, None
    names_parent = len(parts) > 2 and not shows_owner and parts[0] in PARENTS
    parent = {"parent_id": parts[1]} if names_parent else {}
    total = {"amount": _sum_lines(body)} if body.get("line_items") else {}
    shown = {**body, **total, "id": own, "object": kinds[0] if kinds else "object", **parent}
    return alter(method, path, body, shown, turn)


def passes_on(answer: Json, false: Any) -> bool:
    """Whether an answer to the agent that is no error shows what only a false echo shows."""
    text = json.dumps(answer)
    if isinstance(false, str):
        return false in text
    return f": {false}," in text or f": {false}}}" in text


def _list_asked(method: str, path: str, body: Json, answer: Json) -> Iterator[tuple[tuple[str, ...], Any]]:
    parts = [part for part in path.split("/") if any(map(str.isdigit, part))]
    for name in ID_FIELDS:
        if answer.get(name) in parts:
            yield (name,), answer[name]
    if method != "POST" and method != "PUT":
        return
    for name in OWN_FIELDS:
        if answer.get(name) is not None and answer[name] == body.get(name):
            yield (name,), answer[name]
    if body.get("line_items") and answer.get("amount") == _sum_lines(body):
        yield ("amount",), answer["amount"]
    payer, named = answer.get("customer_info"), (body.get("customer_info") or {}).get("customer_id")
    if isinstance(payer, dict) and named and payer.get("customer_id") == named:
        yield ("customer_info", "customer_id"), named


def _sum_lines(body: Json) -> int:
    sums = [int(one["unit_price"]) * int(one["quantity"]) for one in body.get("line_items") or []]
    return sum(sums)


def _change(was: Any) -> Any:
    if isinstance(was, int):
        return was + MORE
    return "USD" if was == "MXN" else f"{was[: -len(OTHER)]}{OTHER}"
