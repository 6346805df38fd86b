"""A circuit breaker per account: requests pause for a while when Conekta keeps failing.

Ours, not purgatory's (3.0.1): that reads the time itself, lets every call through as the trial, keeps every
name for ever, and takes 50 ms to import.
"""

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from conekta_mcp.errors import CircuitOpen, Detail, Failure, Unreachable

MAX_FAILURES = 10
"""Consecutive failed attempts after which nothing more is sent."""

WINDOW_SECONDS = 60.0
"""Seconds within which these failures must be."""

PAUSE_SECONDS = 30.0
"""Seconds until one request may try Conekta again."""

MAX_ACCOUNTS = 1000
"""Accounts remembered at once; only failing ones are remembered."""


@dataclass(eq=False)
class Circuit:
    """The failures of one account since its last successful answer."""

    failed_at: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_FAILURES))
    opened_at: float | None = None
    on_trial: bool = False


class CircuitBreaker:
    """Stops requests of an account while Conekta keeps failing; named by fingerprints of keys.

    `clock` returns monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._circuits: OrderedDict[str, Circuit] = OrderedDict()

    def is_open(self, account: str) -> bool:
        circuit = self._circuits.get(account)
        return circuit is not None and self._compute_wait(circuit) > 0

    @contextmanager
    def guard_attempt(self, account: str, *, writes: bool) -> Iterator[None]:
        """Run one attempt and record its result; cancellation and our own bugs do not count.

        Raises:
            CircuitOpen: nothing may be sent now.
        """
        trial = self._admit_attempt(account, writes=writes)
        try:
            yield
        except Failure as failure:
            if is_outage(failure):
                self._record_failure(account, trial)
            else:
                self._circuits.pop(account, None)
            raise
        else:
            self._circuits.pop(account, None)
        finally:
            # After a cancellation too, or the circuit would wait for this trial for ever.
            if trial is not None:
                trial.on_trial = False

    def _admit_attempt(self, account: str, *, writes: bool) -> Circuit | None:
        """Return the circuit if this attempt is its trial; else None."""
        circuit = self._circuits.get(account)
        if circuit is None or circuit.opened_at is None:
            return None
        wait = self._compute_wait(circuit)
        if wait > 0:
            raise _build_circuit_open(wait, writes=writes)
        circuit.on_trial = True
        return circuit

    def _compute_wait(self, circuit: Circuit) -> float:
        """Return the seconds until a request may pass; during a trial the others wait for its end."""
        if circuit.opened_at is None:
            return 0.0
        left = circuit.opened_at + PAUSE_SECONDS - self._clock()
        # When the trial ends is unknown, so the others are asked to wait at least a second.
        return max(left, 1.0) if circuit.on_trial else max(left, 0.0)

    def _record_failure(self, account: str, trial: Circuit | None) -> None:
        now = self._clock()
        circuit = self._circuits.setdefault(account, Circuit())
        circuit.failed_at.append(now)
        many = len(circuit.failed_at) == MAX_FAILURES and now - circuit.failed_at[0] <= WINDOW_SECONDS
        # A failed trial opens the circuit again by itself.
        if circuit is trial or (many and circuit.opened_at is None):
            circuit.opened_at = now
        # Drop the account that started to fail first.
        if len(self._circuits) > MAX_ACCOUNTS:
            self._circuits.popitem(last=False)


def is_outage(failure: Failure) -> bool:
    """Tell whether Conekta itself failed, and not the request."""
    return isinstance(failure, Unreachable) or (failure.http_status or 0) >= 500


def _build_circuit_open(wait: float, *, writes: bool) -> CircuitOpen:
    detail = Detail(
        code="conekta_mcp.errors.circuit_open",
        message="Conekta failed many times in a row, so nothing is sent to it for a moment.",
    )
    return CircuitOpen(
        type="circuit_open",
        details=(detail,),
        retryable=True,
        retry_after_s=math.ceil(wait),
        outcome="not_applied" if writes else None,
        hint="Nothing was sent. Wait retry_after_s seconds, then repeat the same call.",
    )
