"""Decides which failed requests are retried, and when; the loop is tenacity's."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import anyio

from conekta_mcp.api.failures import UNTRUSTED_CERTIFICATE
from conekta_mcp.errors import Failure, Unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenacity import RetryCallState

    from conekta_mcp.catalog import Request

Answer = TypeVar("Answer")

MAX_ATTEMPTS = 4
BUDGET_SECONDS = 30.0
"""Seconds after the first attempt within which another one may start."""

MAX_WAIT_SECONDS = 20.0
"""The longest Retry-After in seconds that is obeyed; a longer one fails at once."""

FIRST_WAIT_SECONDS = 0.25
"""Seconds before the second attempt; each further wait doubles."""

TRANSIENT_STATUSES = frozenset({429, 502, 503, 504})
"""Statuses of temporary failures."""
PERMANENT = frozenset({UNTRUSTED_CERTIFICATE})
"""Codes of failures that last until somebody changes something."""


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often and how fast a request is retried; `chance` returns the jitter, from 0 to 1."""

    attempts: int = MAX_ATTEMPTS
    budget: float = BUDGET_SECONDS
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random


async def send_with_retries(
    send: Callable[[], Awaitable[Answer]], request: Request, pace: RetryPolicy, given_up: Callable[[], bool]
) -> Answer:
    """Send, and again as long as it is harmless and may help; raise the last failure.

    `given_up` returns whether Conekta is to be left alone by now.

    Raises:
        Failure: with the outcome of all attempts: after one that may have been applied it is unknown
            whatever became of the later ones.
    """
    began = pace.clock()
    try:
        return await send()
    except Failure as failure:
        # tenacity is imported below, only when an attempt failed: most processes never need it.
        first = failure
    if pace.attempts == 1 or not can_repeat(request, first):
        raise first
    repeats = RetryAttempts(send, first)

    def is_hopeless(state: RetryCallState) -> bool:
        too_long = state.upcoming_sleep > MAX_WAIT_SECONDS
        too_late = pace.clock() - began + state.upcoming_sleep > pace.budget
        return too_long or too_late or state.attempt_number >= pace.attempts or given_up()

    from tenacity import AsyncRetrying

    loop = AsyncRetrying(
        retry=lambda state: can_repeat(request, _get_failure(state)),
        wait=lambda state: compute_wait(_get_failure(state), state.attempt_number, pace.chance()),
        stop=is_hopeless,
        sleep=pace.sleep,
        reraise=True,
    )
    answer: Answer = await loop(repeats.send_attempt)
    return answer


class RetryAttempts:
    """The attempts of one request, after the first."""

    def __init__(self, send: Callable[[], Awaitable[Answer]], first: Failure) -> None:
        self._send = send
        self._first: Failure | None = first
        self._lost = False

    async def send_attempt(self) -> object:
        """Raise the first failure, then send; remember whether an attempt may have been applied."""
        try:
            if self._first is not None:
                # tenacity counts its own attempts only, so the one before it is replayed as its first.
                first, self._first = self._first, None
                raise first
            return await self._send()
        except Failure as failure:
            # This attempt was not applied, but an earlier one may have been.
            if self._lost and failure.outcome != "applied":
                failure.outcome, failure.retryable = "unknown", False
            if self._lost:
                failure.refused_by_status = False
            self._lost = self._lost or (failure.outcome == "unknown" and not failure.refused_by_status)
            raise


def can_repeat(request: Request, failure: BaseException | None) -> bool:
    """Tell whether sending `request` again after `failure` is harmless and may help."""
    if not isinstance(failure, Failure) or (failure.details and failure.details[0].code in PERMANENT):
        return False
    if not request.writes:
        return isinstance(failure, Unreachable) or failure.http_status in TRANSIENT_STATUSES
    # With the same Idempotency-Key Conekta carries a repeat out once, even if the first attempt arrived.
    if request.accepts_key and request.idempotency_key:
        status = failure.http_status or 0
        # A retry would get the same redirect or firewall page.
        lost = failure.outcome == "unknown" and (status in {408, 499} or not 300 <= status < 500)
        return lost or isinstance(failure, Unreachable) or failure.http_status == 429
    return isinstance(failure, Unreachable) and failure.outcome == "not_applied"


def compute_wait(failure: BaseException | None, number: int, chance: float) -> float:
    """Return the seconds to wait after attempt `number`: Conekta's Retry-After, else a growing time."""
    asked = failure.retry_after_s if isinstance(failure, Failure) else None
    if asked is not None:
        return asked + FIRST_WAIT_SECONDS * chance
    return float(FIRST_WAIT_SECONDS * 2 ** (number - 1) * (1 + chance))


def _get_failure(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
