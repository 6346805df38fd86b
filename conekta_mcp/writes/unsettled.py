"""Failures for calls whose intent is not settled: still running, lost, or with a conflicting key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from conekta_mcp.errors import (
    Detail,
    Failure,
    IdempotencyConflict,
    PossibleDuplicate,
    StoreUnavailable,
    Unreachable,
    UnreadableAnswer,
)

ERROR_PREFIX = "conekta_mcp.errors"


@contextmanager
def doubting_repeats(key: str | None) -> Iterator[None]:
    """Replace "not applied" in failures of a key that cannot be looked up: an earlier call may exist."""
    try:
        yield
    except StoreUnavailable as failure:
        if key:
            failure.outcome, failure.idempotency_key = "unknown", key
        raise


def build_unknown_outcome(key: str, look: str | None) -> Failure:
    """Return the failure: it is not known whether the intent was applied."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.not_known",
        message="Whether this was applied is not known yet; nothing was sent again.",
    )
    return Unreachable(
        type="connection_error", details=(detail,), outcome="unknown", look=look, idempotency_key=key
    )


def build_other_answer(difference: str) -> Failure:
    """Return the failure: Conekta's answer does not show what was asked for."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.other_answer",
        message=f"Conekta answered with success, and its answer shows something else: {difference}.",
    )
    return UnreadableAnswer(type="unreadable_answer", details=(detail,), outcome="unknown")


def build_key_conflict(tool: str | None = None) -> Failure:
    """Return the failure: the key was used with other arguments, or by the equivalent `tool`."""
    how = "with other arguments" if tool is None else f"by {tool}, which does the same"
    same = "arguments" if tool is None else "tool"
    detail = Detail(
        code=f"{ERROR_PREFIX}.idempotency_conflict",
        message=f"This idempotency_key was used before, {how}.",
        param="idempotency_key",
    )
    return _build_conflict(
        "idempotency_conflict",
        detail,
        f"Nothing was sent. A key is one intent: repeat it with the same {same}, or take a new one.",
    )


def build_in_progress(key: str) -> Failure:
    """Return the failure: the same intent is still running."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.in_progress",
        message="The same intent is still at work; nothing was sent again.",
    )
    return _build_at_work(
        detail,
        outcome="unknown",
        idempotency_key=key,
        look="the same call with the same idempotency_key, in a minute",
    )


def build_lost_duplicate(tool: str, key: str) -> Failure:
    """Return the failure: an equal call was lost, and its key settles it."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.equal_lost",
        message="An equal call was lost and is not settled yet; this one was not sent.",
    )
    return _build_at_work(
        detail,
        outcome="not_applied",
        idempotency_key=key,
        hint=f"Nothing was sent. Repeat the lost call of {tool}, as it was, with this idempotency_key, in "
        "two minutes: that settles it. If both are wanted, make this one after that.",
    )


def build_busy_subject(subject: str) -> Failure:
    """Return the failure: other calls hold `subject` for too long."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.busy", message=f"Other calls are at work on {subject}; nothing was sent."
    )
    return _build_at_work(
        detail,
        retryable=True,
        outcome="not_applied",
        hint="Nothing was sent. Wait a moment and repeat the same call.",
    )


def build_expired_key() -> Failure:
    """Return the failure: the key is so old that its answer is no longer stored."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.idempotency_expired",
        message="This idempotency_key was used before; its answer is no longer kept.",
        param="idempotency_key",
    )
    return _build_conflict(
        "idempotency_expired",
        detail,
        "Nothing was sent. Look whether the first call was applied; if it is wanted once more, take a "
        "new idempotency_key.",
    )


def build_lost_fence(key: str) -> Failure:
    """Return the failure: another call took the intent over before the request was sent."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.fence_lost",
        message="Another call took this intent over while this one was held up; this request was not sent.",
    )
    return _build_at_work(
        detail,
        outcome="unknown",
        idempotency_key=key,
        look="the same call with the same idempotency_key",
    )


def build_waited_too_long(key: str) -> Failure:
    """Return the failure: this machine was suspended for too long, and the call was given up."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.waited_too_long",
        message="This call was held up before its request could leave; the request was not sent.",
    )
    return _build_at_work(
        detail,
        retryable=True,
        outcome="not_applied",
        idempotency_key=key,
        hint="Nothing was sent. Repeat the same call.",
    )


def build_possible_duplicate(earlier: Mapping[str, Any], seconds_ago: int) -> Failure:
    """Return the failure: an equal call moved money or sent something just before."""
    detail = Detail(
        code=f"{ERROR_PREFIX}.possible_duplicate",
        message=f"An equal call was made {seconds_ago} seconds ago; this one was not sent.",
    )
    return PossibleDuplicate(
        type="possible_duplicate",
        details=(detail,),
        outcome="not_applied",
        earlier=dict(earlier),
        hint="Nothing was sent; `earlier` is what the first call was answered. Only if the same is wanted "
        "once more, pass a new idempotency_key to do it once more.",
    )


def _build_at_work(detail: Detail, **more: Any) -> Failure:
    """Return a failure that says that another call is running, or was; this one is not at fault."""
    return Unreachable(type="in_progress", details=(detail,), **more)


def _build_conflict(kind: str, detail: Detail, hint: str) -> Failure:
    """Return a failure that says that the key cannot be used for this call; nothing was sent."""
    return IdempotencyConflict(type=kind, details=(detail,), outcome="not_applied", hint=hint)
