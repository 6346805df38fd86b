"""How a lost creation is proved: the newest ids noted before it, and what is new afterwards and fits."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Proof, Sender, Tool
from conekta_mcp.effects.comparison import agrees
from conekta_mcp.effects.state_reading import (
    Look,
    Raw,
    Reading,
    ask,
    cut,
)
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    Proving,
    Wanted,
    Witness,
    looking_on,
    on_object,
    proof_of,
)
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import rows
from conekta_mcp.results.page import cursor

NOTED = 10
"""Newest ids that are noted: some of them may be deleted until they are looked for."""
PAGE = 250
PAGES = 4
"""Newest rows to look through before it stays unknown: a thousand."""
Children = Callable[[Any, Raw], list[Raw]]
Whole = Callable[[Sender, Any, Raw], Awaitable[Raw]]
Named = Callable[[Any, Raw], str]
"""The exact call that shows one row."""


def new_row(
    tool: Tool[Any], wanted: Wanted, look: Look, *names: str, whole: Whole | None = None, named: Named
) -> Proving:
    """Prove by a list, newest first: one new row that fits is ours, two may be anybody's.

    It is read without a search: what a search leaves out would pass for not applied.
    """
    paged = "limit" in tool.input.model_fields

    async def page(api: Sender, arguments: Any, **place: Any) -> dict[str, Any]:
        owner = {name: getattr(arguments, name) for name in names}
        return await ask(api, tool, **owner, **(place if paged else {}))

    async def witness(api: Sender, arguments: Any, _: Raw | None) -> Witness:
        newest = await page(api, arguments, limit=NOTED)
        return {"ids": _ids(rows(newest) or []), "all": not newest.get("has_more")}

    async def prove(api: Sender, arguments: Any, noted: Witness) -> Proof:
        seen: list[Raw] = []
        place: dict[str, Any] = {}
        for _ in range(PAGES):
            read = await page(api, arguments, limit=PAGE, **place)
            seen += rows(read) or []
            after = cursor(read, "next") if read.get("has_more") else None
            if after is None or _meets(seen, noted):
                break
            place = {"next": after}
        new = new_among(seen, noted, complete=after is None)
        if new is None:
            return UNKNOWN
        proof = only_one(arguments, new, wanted, named)
        return proof if proof.answer is None or whole is None else await _whole(api, arguments, proof, whole)

    return Proving(witness=witness, prove=looking_on(prove, look))


def new_child(read: Reading, children: Children, wanted: Wanted, look: Look) -> Proving:
    """Prove by the children of one object, all of which it shows."""

    def after(arguments: Any, now: Raw, noted: Witness) -> Proof:
        new = [row for row in children(arguments, now) if str(row.get("id")) not in noted["ids"]]
        proof = only_one(arguments, new, wanted)
        return UNKNOWN if proof.outcome == "not_applied" and cut(now) else proof

    return on_object(read, after, look, noted_ids(children))


def noted_ids(children: Children) -> Callable[[Any, Raw], Witness]:
    """Note the ids of the children before a call."""
    return lambda arguments, raw: {"ids": _ids(children(arguments, raw))}


def new_among(seen: list[Raw], noted: Witness, *, complete: bool) -> list[Raw] | None:
    """Give the rows made since the witness; None where `seen` does not reach back to it."""
    known = [place for place, row in enumerate(seen) if str(row.get("id")) in noted["ids"]]
    if noted["all"]:
        reached = complete or bool(known)
        return [row for row in seen if str(row.get("id")) not in noted["ids"]] if reached else None
    if not known:
        return None
    return [row for row in seen[: known[-1]] if str(row.get("id")) not in noted["ids"]]


def only_one(arguments: Any, new: list[Raw], wanted: Wanted, named: Named | None = None) -> Proof:
    """Decide by the new rows: those that fit, or may fit since they do not show everything."""
    fitting = [row for row in new if agrees(row, wanted(arguments))]
    if len(fitting) > 1:
        calls = "; ".join(named(arguments, row) for row in fitting) if named else None
        return Proof(outcome="unknown", look=calls)
    return proof_of("applied", fitting[0]) if fitting else proof_of("not_applied")


async def _whole(api: Sender, arguments: Any, proof: Proof, whole: Whole) -> Proof:
    answer = proof.answer or {}
    with contextlib.suppress(Failure):
        answer = await whole(api, arguments, answer)
    return proof_of("applied", answer)


def _meets(seen: list[Raw], noted: Witness) -> bool:
    return any(str(row.get("id")) in noted["ids"] for row in seen)


def _ids(children: list[Mapping[str, Any]]) -> list[str]:
    return [str(row.get("id")) for row in children]
