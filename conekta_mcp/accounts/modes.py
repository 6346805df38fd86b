"""Whether a key moves real money: learnt from `livemode` in what Conekta answers (conekta-api.md 1.6)."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import anyio

from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Failure

Mode = Literal["test", "live", "unknown"]

TELLING = frozenset({"orders", "customers", "plans", "charges", "checkouts", "events"})
"""Routes whose objects are of the key's own mode; an account's API keys and webhooks may be of either."""
ASKED = ("/orders", "/customers", "/plans", "/events")
CLOSED_TO_THE_KEY = frozenset({403, 404})
"""Statuses after which another route may still answer."""
MAX_ACCOUNTS = 1024
PAUSE_SECONDS = 30.0
"""How long "unknown" stands before Conekta is asked again."""

NOTHING_YET = "no order, customer, plan or event that the key can read says it yet"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Learnt:
    """What asking told of an account."""

    mode: Mode
    why: str | None = None
    """Why it is unknown."""
    failure: Failure | None = None
    """The failure of the last read, if that is why."""
    at: float = 0.0
    """Unix seconds."""


UNASKED = Learnt("unknown", "not asked yet", at=float("-inf"))


class Modes:
    """The mode of each account, in memory; `assumed` is that of all, until an answer says otherwise."""

    def __init__(self, clock: Callable[[], float] = time.time, assumed: Mode = "unknown") -> None:
        self._clock = clock
        self._assumed = Learnt(assumed) if assumed != "unknown" else UNASKED
        self._learnt: dict[str, Learnt] = {}
        self._asking: dict[str, anyio.Lock] = {}

    def known(self, account: str) -> Mode:
        """Give what is known of `account` without asking."""
        return self._now(account).mode

    async def mode(self, account: str, api: Sender) -> Mode:
        """Give the mode of `account`, asked as `api` if it is not known; unknown counts as live."""
        return (await self.learn(account, api)).mode

    async def learn(self, account: str, api: Sender) -> Learnt:
        """Give what is known of `account`; many calls at once ask once."""
        if not self._is_due(account):
            return self._now(account)
        lock = self._asking.setdefault(account, anyio.Lock())
        try:
            async with lock:
                return await self._ask(account, api) if self._is_due(account) else self._now(account)
        finally:
            if not lock.locked():
                self._asking.pop(account, None)

    def observe(self, account: str, request: Request, answer: Mapping[str, Any]) -> None:
        """Note the mode that `answer` to `request` shows; the newest answer wins."""
        live = livemode(request, answer)
        if live is not None and self.known(account) != (mode := _named(live)):
            self._contradicted(account, mode)
            self._keep(account, Learnt(mode, at=self._clock()))

    def _contradicted(self, account: str, mode: Mode) -> None:
        before = self.known(account)
        if before != "unknown":
            log.warning("account %s is %s, and was %s until now: Conekta says so", account, mode, before)

    def _now(self, account: str) -> Learnt:
        return self._learnt.get(account, self._assumed)

    def _is_due(self, account: str) -> bool:
        found = self._now(account)
        return found.mode == "unknown" and not 0 <= self._clock() - found.at < PAUSE_SECONDS

    async def _ask(self, account: str, api: Sender) -> Learnt:
        why, failure = NOTHING_YET, None
        for path in ASKED:
            request = Request("GET", path, query={"limit": 1})
            try:
                answer = await api.send(request)
            except Failure as refusal:
                why, failure = str(refusal), refusal
                if refusal.http_status in CLOSED_TO_THE_KEY:
                    continue
                break
            self.observe(account, request, answer)
            if self.known(account) != "unknown":
                break
            why, failure = NOTHING_YET, None
        if self.known(account) != "unknown":
            return self._now(account)
        return self._keep(account, Learnt("unknown", why, failure, self._clock()))

    def _keep(self, account: str, learnt: Learnt) -> Learnt:
        self._learnt.pop(account, None)
        self._learnt[account] = learnt
        while len(self._learnt) > MAX_ACCOUNTS:
            del self._learnt[next(iter(self._learnt))]
        return learnt


@dataclass(frozen=True)
class Observed:
    """Sends as `api`, and notes of which mode the answers are."""

    api: Sender
    modes: Modes
    account: str

    async def send(self, request: Request) -> dict[str, Any]:
        """Send `request`."""
        answer = await self.api.send(request)
        self.modes.observe(self.account, request, answer)
        return answer


def livemode(request: Request, answer: Mapping[str, Any]) -> bool | None:
    """Tell what `answer` says of the mode: of rows that disagree, the live one counts; None if nothing."""
    if request.path.split("/", 2)[1] not in TELLING:
        return None
    rows = answer.get("data")
    objects = rows if isinstance(rows, list) else [answer]
    named = [one.get("livemode") for one in objects if isinstance(one, Mapping)]
    said = [live for live in named if isinstance(live, bool)]
    return any(said) if said else None


def _named(live: bool) -> Mode:
    return "live" if live else "test"
