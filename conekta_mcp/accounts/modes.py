"""Learns whether a key moves real money from `livemode` in Conekta's answers (conekta-api.md 1.6)."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import anyio

from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Failure

Mode = Literal["test", "live", "unknown"]

MODE_ROUTES = frozenset({"orders", "customers", "plans", "charges", "checkouts", "events"})
"""Routes whose objects are of the key's own mode; an account's API keys and webhooks may be of either."""
PROBE_PATHS = ("/orders", "/customers", "/plans", "/events")
NO_ACCESS_STATUSES = frozenset({403, 404})
"""Statuses after which another route may still answer."""
MAX_ACCOUNTS = 1024
PAUSE_SECONDS = 30.0
"""How long "unknown" is kept before Conekta is asked again."""

NO_MODE_YET = "no order, customer, plan or event that the key can read says it yet"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ObservedMode:
    """The last known mode of an account."""

    mode: Mode
    why: str | None = None
    """Why it is unknown."""
    failure: Failure | None = None
    """The failure of the last read, if that is why."""
    at: float = 0.0
    """Unix seconds."""


NOT_READ_YET = ObservedMode("unknown", "not asked yet", at=float("-inf"))


class Modes:
    """Keeps the mode of each account in memory; `assumed` applies until an answer shows another."""

    def __init__(self, clock: Callable[[], float] = time.time, assumed: Mode = "unknown") -> None:
        self._clock = clock
        self._assumed = ObservedMode(assumed) if assumed != "unknown" else NOT_READ_YET
        self._observed: dict[str, ObservedMode] = {}
        self._locks: dict[str, anyio.Lock] = {}

    def get_known_mode(self, account: str) -> Mode:
        return self._get_observed(account).mode

    async def read_mode(self, account: str, api: Sender) -> Mode:
        """Return the mode of `account`, asking Conekta with `api` if needed; unknown counts as live."""
        return (await self.observe_account(account, api)).mode

    async def observe_account(self, account: str, api: Sender) -> ObservedMode:
        """Return what is known of `account`; concurrent calls share one probe."""
        if not self._is_due(account):
            return self._get_observed(account)
        # One probe at a time for an account. Those that waited look again: the first one may have found the
        # mode.
        lock = self._locks.setdefault(account, anyio.Lock())
        try:
            async with lock:
                return (
                    await self._probe_account(account, api)
                    if self._is_due(account)
                    else self._get_observed(account)
                )
        finally:
            # Nobody waits any more: accounts that are seen once leave no lock behind.
            if not lock.locked():
                self._locks.pop(account, None)

    def observe_answer(self, account: str, request: Request, answer: Mapping[str, Any]) -> None:
        """Record the mode that `answer` to `request` shows; the newest answer wins."""
        live = find_livemode(request, answer)
        if live is not None and self.get_known_mode(account) != (mode := _to_mode(live)):
            self._log_mode_change(account, mode)
            self._store_observed(account, ObservedMode(mode, at=self._clock()))

    def _log_mode_change(self, account: str, mode: Mode) -> None:
        before = self.get_known_mode(account)
        if before != "unknown":
            log.warning("account %s is %s, and was %s until now: Conekta says so", account, mode, before)

    def _get_observed(self, account: str) -> ObservedMode:
        return self._observed.get(account, self._assumed)

    def _is_due(self, account: str) -> bool:
        found = self._get_observed(account)
        return found.mode == "unknown" and not 0 <= self._clock() - found.at < PAUSE_SECONDS

    async def _probe_account(self, account: str, api: Sender) -> ObservedMode:
        why, failure = NO_MODE_YET, None
        # One row of any of these lists shows the mode; a new account may have none at all.
        for path in PROBE_PATHS:
            request = Request("GET", path, query={"limit": 1})
            try:
                answer = await api.send(request)
            except Failure as refusal:
                why, failure = str(refusal), refusal
                # A key may be barred from one route and still read another.
                if refusal.http_status in NO_ACCESS_STATUSES:
                    continue
                break
            self.observe_answer(account, request, answer)
            if self.get_known_mode(account) != "unknown":
                break
            why, failure = NO_MODE_YET, None
        if self.get_known_mode(account) != "unknown":
            return self._get_observed(account)
        return self._store_observed(account, ObservedMode("unknown", why, failure, self._clock()))

    def _store_observed(self, account: str, learnt: ObservedMode) -> ObservedMode:
        # Moved to the end of the dict, so that the loop below drops the account recorded longest ago.
        self._observed.pop(account, None)
        self._observed[account] = learnt
        while len(self._observed) > MAX_ACCOUNTS:
            del self._observed[next(iter(self._observed))]
        return learnt


@dataclass(frozen=True)
class ModeObservingSender:
    """Sends with `api` and records the mode that each answer shows."""

    api: Sender
    modes: Modes
    account: str

    async def send(self, request: Request) -> dict[str, Any]:
        answer = await self.api.send(request)
        self.modes.observe_answer(self.account, request, answer)
        return answer


def find_livemode(request: Request, answer: Mapping[str, Any]) -> bool | None:
    """Return the livemode that `answer` shows, None if none; one live row makes the answer live."""
    if request.path.split("/", 2)[1] not in MODE_ROUTES:
        return None
    rows = answer.get("data")
    objects = rows if isinstance(rows, list) else [answer]
    named = [one.get("livemode") for one in objects if isinstance(one, Mapping)]
    said = [live for live in named if isinstance(live, bool)]
    return any(said) if said else None


def _to_mode(live: bool) -> Mode:
    return "live" if live else "test"
