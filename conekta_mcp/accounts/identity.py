"""Looks up which account of Conekta a key acts for, so that a rotated key and an alias share one history."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

import anyio

from conekta_mcp.accounts.company import (
    Answers,
    Company,
    LearntAccount,
    is_child_of,
    is_unclear,
    log_company,
    read_company,
)
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.memory import (
    AccountLocks,
    AgreeingMemory,
    NoMemory,
    StoreMemory,
    ValueStore,
    put_latest,
)
from conekta_mcp.accounts.modes import (
    SHARED_SECONDS,
    Modes,
    ObservedMode,
    is_barred,
)
from conekta_mcp.errors import Failure
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.settings.table import Settings

FRESH_SECONDS = 86_400.0
"""After this time the company is asked for again."""
LASTING_SECONDS = 60.0
"""How far apart two unclear answers have to be to count as Conekta's; a day apart they are two accidents."""
FACT, UNCLEAR_FACT = "identity", "identity_unclear_since"


@dataclass(frozen=True)
class Identity:
    """The name under which claims, counters, locks and approvals of an account are stored."""

    name: str
    company: str | None
    """None if the key may not read its company; `name` is then the fingerprint of the key."""
    company_name: str | None = field(default=None, compare=False)
    """The name of the company at Conekta, for people."""


class Identities:
    """Caches the identity of each key in the process and in `memory`; `base_url` is Conekta's address."""

    def __init__(
        self,
        base_url: str,
        modes: Modes,
        memory: AgreeingMemory | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.modes = modes
        self._base_url, self._clock = base_url, clock
        self._memory = memory or NoMemory()
        self._learnt: dict[str, LearntAccount] = {}
        self._failed: dict[str, tuple[float, Failure]] = {}
        self._unclear_since: dict[str, float] = {}
        self._locks = AccountLocks()

    @classmethod
    def from_settings(cls, settings: Settings, open_store: Callable[[], ValueStore]) -> Self:
        place = "sandbox" if settings.sandbox else settings.base_url
        memory = StoreMemory(place, open_store)
        # The sandbox has only test accounts.
        return cls(place, Modes(assumed="test" if settings.sandbox else "unknown", memory=memory), memory)

    def get_known_identity(self, key: KeyInUse) -> Identity | None:
        """Return the identity if this process knows it."""
        learnt = self._learnt.get(key.fingerprint)
        return self._build_identity(key, learnt) if learnt else None

    async def read_identity(self, key: KeyInUse) -> Identity:
        """Return the identity of the account; concurrent calls share the requests to Conekta.

        Raises:
            Failure: Conekta did not answer; a later attempt may succeed.
        """
        if learnt := self._get_valid(key):
            return self._build_identity(key, learnt)
        async with self._locks.hold(key.fingerprint):
            learnt = self._get_valid(key) or await self._learn(key)
        return self._build_identity(key, learnt)

    async def recall_identity(self, key: KeyInUse) -> Identity | None:
        """Return the identity that the process or the memory has; Conekta is not asked."""
        kept = self._learnt.get(key.fingerprint) or await self._recall(key)
        return self._build_identity(key, kept) if kept else None

    async def _learn(self, key: KeyInUse) -> LearntAccount:
        self._raise_failure_of_others(key.fingerprint)
        # All processes keep to the first answer: two names of one key would be two memories.
        told = await self._memory.recall_agreed(FACT, key.fingerprint)
        kept = LearntAccount.from_text(told) or self._learnt.get(key.fingerprint)
        # A key that stands for its account goes on doing so: with another name its history would be lost.
        asks = kept is None or (kept.company is not None and not self._is_fresh(kept))
        answers = await self._ask(key, asks_company=asks)
        if answers.failure and kept is None and not await self._is_lasting(key.fingerprint, answers):
            put_latest(self._failed, key.fingerprint, (self._clock(), answers.failure))
            raise answers.failure
        learnt = await self._agree(key.fingerprint, told, kept, answers)
        return put_latest(self._learnt, key.fingerprint, learnt)

    async def _agree(
        self, account: str, told: str | None, kept: LearntAccount | None, answers: Answers
    ) -> LearntAccount:
        """Keep what was learnt; what another process learnt meanwhile stands, or there were two accounts."""
        while (learnt := self._combine(kept, answers)) != kept:
            log_company(account, kept, learnt)
            told = await self._memory.agree(FACT, account, told, learnt.to_text())
            first = LearntAccount.from_text(told)
            if first is None or first == learnt:
                break
            kept, answers = first, replace(answers, company=None, company_name=None)
        return learnt

    async def _ask(self, key: KeyInUse, *, asks_company: bool) -> Answers:
        """Read mode and company at the same time."""
        modes: list[ObservedMode] = []
        companies: list[Company | None] = []
        children: list[Company | None] = []
        failures: list[Failure] = []

        async def read_mode() -> None:
            modes.append(await self.modes.observe_account(key))

        async def read_into(found: list[Company | None], company_id: str | None) -> None:
            try:
                found.append(await read_company(key, company_id))
            except Failure as failure:
                failures.append(failure)

        async with anyio.create_task_group() as group:
            group.start_soon(read_mode)
            if asks_company:
                group.start_soon(read_into, companies, None)
            if asks_company and key.child_company_id:
                group.start_soon(read_into, children, key.child_company_id)
        (mode,) = modes
        # Without its mode the account has no name: the calls of a test key must not count as live ones.
        if mode.failure and not is_barred(mode.failure):
            failures.append(mode.failure)
        own, child = (found[0] if found else None for found in (companies, children))
        acting = child if key.child_company_id else own
        return Answers(
            mode=mode,
            company=own.id if own else None,
            company_name=acting.name if acting else None,
            is_child=is_child_of(key.child_company_id, child, own),
            failure=failures[0] if failures else None,
            is_unclear=all(is_unclear(one) for one in failures),
        )

    async def _is_lasting(self, account: str, answers: Answers) -> bool:
        """Tell whether unclear answers came twice, a minute apart: one may be a firewall's.

        The first is kept in the memory, for clients that start a process for each call.
        """
        if not answers.is_unclear:
            return False
        now, kept = self._clock(), await self._memory.recall(UNCLEAR_FACT, account)
        began = self._unclear_since.get(account) or float(kept or "-inf")
        if 0 <= now - began < FRESH_SECONDS:
            return now - began >= LASTING_SECONDS
        put_latest(self._unclear_since, account, now)
        await self._memory.remember(UNCLEAR_FACT, account, str(now))
        return False

    def _combine(self, kept: LearntAccount | None, answers: Answers) -> LearntAccount:
        mode, now = answers.mode.mode, self._clock()
        if kept is None:
            return LearntAccount(
                answers.company,
                live=mode != "test",
                at=now,
                is_child=answers.is_child,
                company_name=answers.company_name,
            )
        is_fresh = self._is_fresh(kept)
        # What was unknown counted as live, and keeps its name for the day even if it is test.
        was_live = kept.live and (is_fresh or mode == "unknown")
        return LearntAccount(
            company=answers.company or kept.company,
            live=mode == "live" or was_live,
            at=kept.at if is_fresh or answers.failure else now,
            is_child=kept.is_child,  # as the company of a key that stands for its account
            # A name goes with its company: that of an earlier one would be another shop's.
            company_name=answers.company_name if answers.company else kept.company_name,
        )

    async def _recall(self, key: KeyInUse) -> LearntAccount | None:
        return LearntAccount.from_text(await self._memory.recall_agreed(FACT, key.fingerprint))

    def _get_valid(self, key: KeyInUse) -> LearntAccount | None:
        """Return the cached identity, unless it is old or another mode was seen since."""
        learnt = self._learnt.get(key.fingerprint)
        if learnt is None or not self._is_fresh(learnt):
            return None
        seen_live = self.modes.get_known_mode(key.fingerprint) == "live"
        return learnt if learnt.live or not seen_live else None

    def _is_fresh(self, learnt: LearntAccount) -> bool:
        return 0 <= self._clock() - learnt.at < FRESH_SECONDS

    def _raise_failure_of_others(self, account: str) -> None:
        """Raise the failure of the shared request in the calls that waited for it."""
        at, failure = self._failed.get(account, (float("-inf"), None))
        if failure and 0 <= self._clock() - at < SHARED_SECONDS:
            raise failure

    def _build_identity(self, key: KeyInUse, learnt: LearntAccount) -> Identity:
        if learnt.company is None:
            return Identity(name=key.fingerprint, company=None)
        mode, company, child = "live" if learnt.live else "test", learnt.company, key.child_company_id
        if learnt.is_child and child:
            company, child = child, None
        parts = [self._base_url, company, child, mode]
        name = fingerprint_key(json.dumps(parts))
        return Identity(name=name, company=company, company_name=learnt.company_name)
