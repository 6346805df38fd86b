"""How a lost write is proved on one object: what is noted before it, and what the object shows afterwards."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conekta_mcp.catalog import Operation, Proof, Sender
from conekta_mcp.effects.comparison import Extent, digests, extent
from conekta_mcp.effects.state_reading import Look, Raw, Reading, cut
from conekta_mcp.errors import Failure, Outcome

Witness = Mapping[str, Any]
Wanted = Callable[[Any], Mapping[str, Any]]
"""What a call asks an object to become, as Conekta spells it."""
After = Callable[[Any, Raw, Witness], Proof]
UNKNOWN = Proof(outcome="unknown")
BY_EXTENT: Mapping[Extent, Outcome] = {"all": "applied", "some": "unknown", "none": "not_applied"}


@dataclass(frozen=True, kw_only=True)
class Proving:
    """What is noted before a call, given what was read for it, and how it is proved afterwards."""

    witness: Callable[[Sender, Any, Raw | None], Awaitable[Witness]]
    prove: Callable[[Sender, Any, Witness], Awaitable[Proof]]


def on_object(
    read: Reading, after: After, look: Look, before: Callable[[Any, Raw], Witness] | None = None
) -> Proving:
    """Prove by one object; it is read before the call only if `before` notes something of it."""

    async def witness(api: Sender, arguments: Any, raw: Raw | None) -> Witness:
        if before is None:
            return {}
        return before(arguments, await read(api, arguments) if raw is None else raw)

    async def prove(api: Sender, arguments: Any, noted: Witness) -> Proof:
        return after(arguments, await read(api, arguments), noted)

    return Proving(witness=witness, prove=looking_on(prove, look))


def looking_on(
    prove: Callable[[Sender, Any, Witness], Awaitable[Proof]], look: Look
) -> Callable[[Sender, Any, Witness], Awaitable[Proof]]:
    """Let what stays unknown, or cannot be read, name the call that will tell."""

    async def proved(api: Sender, arguments: Any, noted: Witness) -> Proof:
        proof = UNKNOWN
        with contextlib.suppress(Failure):
            proof = await prove(api, arguments, noted)
        unnamed = proof.outcome == "unknown" and proof.look is None
        return replace(proof, look=look(arguments)) if unnamed else proof

    return proved


def proof_of(outcome: Outcome, answer: Raw | None = None) -> Proof:
    """Make a proof; the answer counts where it is applied."""
    return Proof(outcome=outcome, answer=answer if outcome == "applied" else None)


def body_of(tool: Operation[Any]) -> Wanted:
    """Want what the call sends, as Conekta spells it."""
    return lambda arguments: tool.request(arguments).body or {}


def in_state(read: Reading, name: str, states: tuple[str, ...], look: Look) -> Proving:
    """Prove by a status that only such a call, or one of the same effect, brings about."""

    def after(_: Any, now: Raw, __: Witness) -> Proof:
        return proof_of("applied" if now.get(name) in states else "not_applied", now)

    return on_object(read, after, look)


def changed(
    read: Reading, wanted: Wanted, look: Look, of: Callable[[Any, Raw], Raw] = lambda _, raw: raw
) -> Proving:
    """Prove by fields that are what was wanted; without a note from before, some of them tell nothing."""

    def after(arguments: Any, now: Raw, _: Witness) -> Proof:
        if not of(arguments, now):
            return UNKNOWN
        seen = extent(of(arguments, now), wanted(arguments))
        return proof_of(BY_EXTENT[seen], of(arguments, now))

    return on_object(read, after, look)


def changed_since(read: Reading, wanted: Wanted, look: Look) -> Proving:
    """Prove by fields that are what was wanted, or stand as they were before."""

    def before(arguments: Any, raw: Raw) -> Witness:
        return {"before": digests(raw, wanted(arguments))}

    def after(arguments: Any, now: Raw, noted: Witness) -> Proof:
        fields = wanted(arguments)
        if extent(now, fields) == "all":
            return proof_of("applied", now)
        return proof_of("not_applied" if noted.get("before") == digests(now, fields) else "unknown")

    return on_object(read, after, look, before)


def gone(read: Reading, name: str, look: Look, of: Callable[[Any, Raw], Raw] = lambda _, raw: raw) -> Proving:
    """Prove the removal of what the argument `name` names: nothing is left of it, or it says so itself."""

    def after(arguments: Any, now: Raw, _: Witness) -> Proof:
        left = of(arguments, now)
        if not left and cut(now):
            return UNKNOWN
        is_gone = not left or left.get("deleted") is True
        answer = {**left, "id": getattr(arguments, name), "deleted": True}
        return proof_of("applied" if is_gone else "not_applied", answer)

    return on_object(read, after, look)


def counted(read: Reading, name: str, look: Look) -> Proving:
    """Prove by a counter: one more is ours, more than one may be anybody's."""

    def before(_: Any, raw: Raw) -> Witness:
        return {name: raw.get(name)}

    def after(_: Any, now: Raw, noted: Witness) -> Proof:
        was, count = noted.get(name), now.get(name)
        if not isinstance(was, int) or not isinstance(count, int):
            return UNKNOWN
        more = count - was
        return proof_of("not_applied" if not more else "applied" if more == 1 else "unknown", now)

    return on_object(read, after, look, before)
