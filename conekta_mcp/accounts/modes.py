"""Detects whether a key moves real money from `livemode` in Conekta's answers (conekta-api.md 1.6)."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.livemode import Mode, find_key_livemode, find_livemode, to_mode
from conekta_mcp.accounts.memory import AccountLocks, Memory, NoMemory, put_latest
from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Failure, ForeignRefusal, UnreadableAnswer

OBJECT_PATHS = ("/orders", "/customers", "/plans", "/events")
KEYS_PATH = "/api_keys"
MAX_KEYS = 250
"""Conekta's largest page."""
NO_ACCESS_STATUSES = frozenset({403, 404})
"""Statuses after which another route is tried."""
PAUSE_SECONDS = 30.0
"""How long "unknown" is cached before Conekta is asked again."""
SHARED_SECONDS = 1.0
"""How long a temporary failure is also the answer for the calls that waited for it."""
STORE_SECONDS = 5.0
"""How long an answer of Conekta waits for the store at most."""
MODE_BY_TEXT: dict[str, Mode] = {"test": "test", "live": "live"}
FACT = "mode"

NO_MODE_YET = "no order, customer, plan, event or API key that the key can read says it yet"

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
    """Caches the mode of each account; `assumed` applies until an answer shows another mode.

    Modes that were asked for a write are cached in `memory` too.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        assumed: Mode = "unknown",
        memory: Memory | None = None,
    ) -> None:
        self._clock = clock
        self._assumed = ObservedMode(assumed) if assumed != "unknown" else NOT_READ_YET
        self._memory = memory or NoMemory()
        self._observed: dict[str, ObservedMode] = {}
        self._kept: dict[str, Mode] = {}
        """What the memory is known to hold."""
        self._locks = AccountLocks()

    def get_known_mode(self, account: str) -> Mode:
        return self._get_observed(account).mode

    async def read_mode(self, key: KeyInUse) -> Mode:
        """Return the mode of `key`, asking Conekta if needed; unknown counts as live."""
        return (await self.observe_account(key)).mode

    async def observe_account(self, key: KeyInUse) -> ObservedMode:
        """Return what is known of `key`; concurrent calls share one request."""
        account = key.fingerprint
        if self._is_settled(account):
            return self._get_observed(account)
        # One probe at a time for an account. Those that waited look again: the first one may have found the
        # mode.
        async with self._locks.hold(account):
            if not self._is_settled(account):
                await self._recall(account)
            if self._is_due(account):
                await self._probe_account(key)
            await self._keep(account)
            return self._get_observed(account)

    def observe_answer(self, account: str, request: Request, answer: Mapping[str, Any]) -> bool:
        """Record the mode that `answer` shows; return whether it contradicts the known mode.

        A live mode stays: a key has one mode, and a single answer that says "test" may come from a gateway.
        """
        live = find_livemode(request, answer)
        before = self.get_known_mode(account)
        if live is None or before == (mode := to_mode(live)):
            return False
        if before == "live":
            log.warning("account %s is live, and an answer says test: it stays live", account)
            return False
        self._store_observed(account, ObservedMode(mode, at=self._clock()))
        if before == "unknown":
            return False
        _log_mode_change(account, mode, before)
        return True

    async def keep_contradiction(self, account: str) -> None:
        """Replace the cached mode at once, so that no other process acts on it."""
        # The answer may be that of a write: neither a cancellation nor the store may lose it.
        with anyio.move_on_after(STORE_SECONDS, shield=True):
            await self._keep(account)

    async def _recall(self, account: str) -> None:
        kept = MODE_BY_TEXT.get(await self._memory.recall(FACT, account) or "")
        if kept is None:
            return
        put_latest(self._kept, account, kept)
        known = self.get_known_mode(account)
        if known == "unknown" or (known == "test" and kept == "live"):
            self._store_observed(account, ObservedMode(kept, at=self._clock()))
        elif known != kept:
            _log_mode_change(account, known, kept)

    async def _keep(self, account: str) -> None:
        mode = self.get_known_mode(account)
        if mode != "unknown" and not self._is_settled(account):
            await self._memory.remember(FACT, account, mode)
            put_latest(self._kept, account, mode)

    def _is_settled(self, account: str) -> bool:
        """Tell whether there is nothing to ask or to store; assumed modes are not stored."""
        found = self._observed.get(account)
        if found is None or found.mode == "unknown":
            return not self._is_due(account)
        return self._kept.get(account) == found.mode

    def _get_observed(self, account: str) -> ObservedMode:
        return self._observed.get(account, self._assumed)

    def _is_due(self, account: str) -> bool:
        found = self._get_observed(account)
        is_passing = found.failure is not None and not is_barred(found.failure)
        pause = SHARED_SECONDS if is_passing else PAUSE_SECONDS
        return found.mode == "unknown" and not 0 <= self._clock() - found.at < pause

    async def _probe_account(self, key: KeyInUse) -> None:
        account, readable, failure = key.fingerprint, False, None
        # One row of any of these lists shows the mode; a new account may have none at all.
        for request in _list_probes():
            try:
                answer = await key.sender.send(request)
            except Failure as refusal:
                # A key may be barred from one route and still read another.
                # In nobody's words too: where another route was read, only this one is closed.
                is_closed = refusal.http_status in NO_ACCESS_STATUSES
                failure = None if is_closed and readable else refusal
                if is_closed:
                    continue
                break
            readable, failure = True, None
            self._observe_probe(key, request, answer)
            if self.get_known_mode(account) != "unknown":
                return
        if self.get_known_mode(account) == "unknown":
            why = str(failure) if failure else NO_MODE_YET
            if failure:
                failure.__traceback__ = None  # it would keep the request, with the key in its headers
            self._store_observed(account, ObservedMode("unknown", why, failure, self._clock()))

    def _observe_probe(self, key: KeyInUse, request: Request, answer: Mapping[str, Any]) -> None:
        if request.path != KEYS_PATH:
            self.observe_answer(key.fingerprint, request, answer)
            return
        live = find_key_livemode(answer, key.has_prefix, of_own_company=key.child_company_id is None)
        if live is not None:
            self._store_observed(key.fingerprint, ObservedMode(to_mode(live), at=self._clock()))

    def _store_observed(self, account: str, learnt: ObservedMode) -> None:
        put_latest(self._observed, account, learnt)


@dataclass(frozen=True)
class ModeObservingSender:
    """Sends with `api` and records the mode that each answer shows."""

    api: Sender
    modes: Modes
    account: str

    async def send(self, request: Request) -> dict[str, Any]:
        answer = await self.api.send(request)
        if self.modes.observe_answer(self.account, request, answer):
            await self.modes.keep_contradiction(self.account)
        return answer


def is_barred(failure: Failure) -> bool:
    """Return whether Conekta says that the key may not read the route, so that asking again does not help."""
    return failure.http_status in NO_ACCESS_STATUSES and not is_foreign(failure)


def is_foreign(failure: Failure) -> bool:
    """Return whether an error is in nobody's words: a gateway's page says nothing of a key."""
    return isinstance(failure, UnreadableAnswer | ForeignRefusal)


def _list_probes() -> list[Request]:
    objects = [Request("GET", path, query={"limit": 1}) for path in OBJECT_PATHS]
    return [*objects, Request("GET", KEYS_PATH, query={"limit": MAX_KEYS})]


def _log_mode_change(account: str, mode: Mode, before: Mode) -> None:
    log.warning("account %s is %s, and was %s until now: Conekta says so", account, mode, before)
