"""Verifies a lost write on one object: what is noted before the call, and what the object shows after it."""

import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from conekta_mcp.catalog import LostWrite, Operation, Sender, Verification
from conekta_mcp.effects.comparison import Extent, digest_fields, measure_extent
from conekta_mcp.effects.new_row import NewRow, ShownDifferently, show_body
from conekta_mcp.effects.reading.anchors import lacks_anchors, note_children, shows_no_less
from conekta_mcp.effects.reading.new_rows import says_nothing_of
from conekta_mcp.effects.state_reading import LookupWriter, Raw, StateReader, is_truncated
from conekta_mcp.errors import Detail, Failure, Outcome, RequestRefused
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.declines import is_declined
from conekta_mcp.results.statuses import normalize_status

StateBefore = Mapping[str, Any]
ExpectedFields = Callable[[Any], Mapping[str, Any]]
"""Returns the fields that a call sets, under Conekta's names."""
ChildrenReader = Callable[[Any, Raw], list[Raw]]
StateJudge = Callable[[Any, Raw, StateBefore], Verification]
LossJudge = Callable[[Any, Raw, LostWrite], Verification]
LossVerifier = Callable[[Sender, Any, LostWrite], Awaitable[Verification]]
UNKNOWN = Verification(outcome="unknown")
DECLINED_TEXT = "The charge was declined and no money was taken; what was made of it stands in created."
CREATED_FIELDS = ("object", "id", "payment_status", "status", "amount", "currency")
ALWAYS_SHOWN = ("amount", "currency", "unit_price", "quantity", "line_items", "customer_info")
OUTCOME_BY_EXTENT: Mapping[Extent, Outcome] = {"all": "applied", "some": "unknown", "none": "not_applied"}


@dataclass(frozen=True, kw_only=True)
class Verifier:
    """How a call is verified: what is noted before it, and how the object is judged afterwards."""

    read_state_before: Callable[[Sender, Any, Raw | None], Awaitable[StateBefore]]
    verify: LossVerifier
    new_row: NewRow | None = None
    """For a creation: what its row has to show."""
    shown: Mapping[str, ShownDifferently] = field(default_factory=dict)
    """For a change: the fields of its body, by path, that the object shows differently or not at all."""


def verify_object(
    read: StateReader,
    judge_state: StateJudge,
    lookup: LookupWriter,
    note_state: Callable[[Any, Raw], StateBefore] | None = None,
    new_row: NewRow | None = None,
    shown: Mapping[str, ShownDifferently] = MappingProxyType({}),
) -> Verifier:
    """Verify by one object; it is read before the call only if `note_state` is given."""

    def judge_loss(arguments: Any, now: Raw, lost: LostWrite) -> Verification:
        return judge_state(arguments, now, lost.state_before)

    return replace(verify_loss(read, judge_loss, lookup, note_state, new_row), shown=shown)


def verify_loss(
    read: StateReader,
    judge_loss: LossJudge,
    lookup: LookupWriter,
    note_state: Callable[[Any, Raw], StateBefore] | None = None,
    new_row: NewRow | None = None,
) -> Verifier:
    """Verify by one object, with all that is known of the lost write, such as its mark and its time."""

    async def read_state_before(api: Sender, arguments: Any, raw: Raw | None) -> StateBefore:
        if note_state is None:
            return {}
        return note_state(arguments, await read(api, arguments) if raw is None else raw)

    async def verify(api: Sender, arguments: Any, lost: LostWrite) -> Verification:
        return judge_loss(arguments, await read(api, arguments), lost)

    return Verifier(read_state_before=read_state_before, verify=add_lookup(verify, lookup), new_row=new_row)


def add_lookup(verify: LossVerifier, lookup: LookupWriter) -> LossVerifier:
    """Return a verifier that names the read tool to call if the outcome stays unknown."""

    async def verify_with_lookup(api: Sender, arguments: Any, lost: LostWrite) -> Verification:
        proof = UNKNOWN
        with contextlib.suppress(Failure):
            proof = await verify(api, arguments, lost)
        unnamed = proof.outcome == "unknown" and proof.lookup is None
        return replace(proof, lookup=lookup(arguments)) if unnamed else proof

    return verify_with_lookup


def build_verification(outcome: Outcome, answer: Raw | None = None) -> Verification:
    """Return a verification, with the answer only if the call was applied."""
    return Verification(outcome=outcome, answer=answer if outcome == "applied" else None)


def verify_charged(answer: Raw) -> Verification:
    """Return "applied" for a call that made a charge, whether the charge was declined or not."""
    declined = build_decline(answer) if is_declined(answer) else None
    return Verification(outcome="applied", answer=answer, declined=declined)


def build_decline(answer: Raw) -> Failure:
    """Return the failure for a decline that was found by reading, in the form of Conekta's 402."""
    first = next(iter(get_rows(answer) or []), answer)
    return RequestRefused(
        type="processing_error",
        details=(Detail(code="conekta_mcp.errors.declined", message=DECLINED_TEXT),),
        http_status=402,
        outcome="applied",
        created={key: first[key] for key in CREATED_FIELDS if isinstance(first.get(key), str | int)},
    )


def expect_body(tool: Operation[Any]) -> ExpectedFields:
    """Return a function that returns the body that a call sends."""
    return lambda arguments: tool.build_request(arguments).body or {}


def verify_status(
    read: StateReader,
    name: str,
    states: tuple[str, ...],
    lookup: LookupWriter,
    *,
    others: tuple[str | None, ...],
    rows: str = "",
) -> Verifier:
    """Verify by a status that only this call, or one with the same effect, can set.

    `others` are the statuses that show that the call was not applied. None among them stands for an object
    without a status, which counts only if it had none before. Any other status leaves the outcome unknown,
    and so does one that any of the `rows` inside contradicts.
    """

    def note_status(_: Any, raw: Raw) -> StateBefore:
        return {"status": normalize_status(raw.get(name))}

    def judge_status(_: Any, now: Raw, noted: StateBefore) -> Verification:
        status = normalize_status(now.get(name))
        if status in map(normalize_status, states):
            return build_verification("applied", now)
        is_left_out = status is None and noted.get("status") is not None
        inner = [normalize_status(row.get("status")) for row in get_rows(now.get(rows)) or ()]
        is_told = status in others and not is_left_out and not set(inner) & {*map(normalize_status, states)}
        return build_verification("not_applied") if is_told else UNKNOWN

    return verify_object(read, judge_status, lookup, note_status if None in others else None)


def verify_fields(
    read: StateReader,
    expected: ExpectedFields,
    lookup: LookupWriter,
    select: Callable[[Any, Raw], Raw] = lambda _, raw: raw,
    shown: Mapping[str, ShownDifferently] = MappingProxyType({}),
    always: Collection[str] = ALWAYS_SHOWN,
    contradicts: Callable[[Raw], bool] = lambda _: False,
) -> Verifier:
    """Verify by fields that have the new values, without a note of the old ones.

    The outcome stays unknown if the object lacks one of the fields that it `always` has. One that
    `contradicts` itself does not show that nothing changed.
    """

    def judge_fields(arguments: Any, now: Raw, _: StateBefore) -> Verification:
        wanted = show_body(expected(arguments), shown)
        found = select(arguments, now)
        if not wanted or not found or any(found.get(name) is None for name in always if name in wanted):
            return UNKNOWN
        outcome = OUTCOME_BY_EXTENT[measure_extent(found, wanted)]
        is_told = outcome != "not_applied" or not contradicts(now)
        return build_verification(outcome, found) if is_told else UNKNOWN

    return verify_object(read, judge_fields, lookup, shown=shown)


def verify_field_change(read: StateReader, expected: ExpectedFields, lookup: LookupWriter) -> Verifier:
    """Verify by fields that have the new values, or still the values noted before the call."""

    def note_fields(arguments: Any, raw: Raw) -> StateBefore:
        return {"before": digest_fields(raw, expected(arguments))}

    def judge_fields(arguments: Any, now: Raw, noted: StateBefore) -> Verification:
        fields = expected(arguments)
        if measure_extent(now, fields) == "all":
            return build_verification("applied", now)
        return build_verification(
            "not_applied" if noted.get("before") == digest_fields(now, fields) else "unknown"
        )

    return verify_object(read, judge_fields, lookup, note_fields)


def verify_removal(
    read: StateReader,
    name: str,
    lookup: LookupWriter,
    select: Callable[[Any, Raw], Raw] = lambda _, raw: raw,
    children: ChildrenReader | None = None,
    contradicts: Callable[[Raw], bool] = lambda _: False,
) -> Verifier:
    """Verify that the object named by the argument `name` is gone, or says that it is deleted.

    `children` returns the rows of the list that it is in, if it is in one. What `contradicts` itself does not
    show that it is still there.
    """

    def judge_removal(arguments: Any, now: Raw, noted: StateBefore) -> Verification:
        left, removed = select(arguments, now), getattr(arguments, name)
        hides = children is not None and says_nothing_of(removed, children(arguments, now), noted)
        if not left and (
            is_truncated(now) or hides or lacks_anchors(now, noted) or shows_no_less(now, noted)
        ):
            return UNKNOWN
        is_gone = not left or left.get("deleted") is True
        if not is_gone and contradicts(now):
            return UNKNOWN
        answer = {**left, "id": removed, "deleted": True}
        return build_verification("applied" if is_gone else "not_applied", answer)

    return verify_object(read, judge_removal, lookup, note_children(children, select) if children else None)


def verify_counter(
    read: StateReader, name: str, lookup: LookupWriter, shown: Mapping[str, ShownDifferently]
) -> Verifier:
    """Verify by a counter: one more means applied, two or more may be other calls."""

    def note_counter(_: Any, raw: Raw) -> StateBefore:
        return {name: raw.get(name)}

    def judge_counter(_: Any, now: Raw, noted: StateBefore) -> Verification:
        was, count = noted.get(name), now.get(name)
        if not isinstance(was, int) or not isinstance(count, int):
            return UNKNOWN
        more = count - was
        return build_verification("not_applied" if not more else "applied" if more == 1 else "unknown", now)

    return verify_object(read, judge_counter, lookup, note_counter, shown=shown)
