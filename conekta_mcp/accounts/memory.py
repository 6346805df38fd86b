"""Caches facts about accounts: in the store for 30 days, and in this process."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

import anyio

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.storage.documents import Documents

Value = TypeVar("Value")

KEPT_SECONDS = 30 * 86_400.0
MAX_ACCOUNTS = 1024
FOLDER = "accounts"
"""The folder of the store's documents with what processes agreed on."""

log = logging.getLogger(__name__)


class ValueStore(Protocol):
    """The methods of the durable store for named values."""

    @property
    def documents(self) -> Documents: ...

    async def remember(self, name: str, value: str, seconds: float) -> None: ...

    async def recall(self, name: str) -> str | None: ...


class Memory(Protocol):
    """Caches one text for each fact and account; its methods never raise."""

    async def remember(self, fact: str, account: str, value: str) -> None: ...

    async def recall(self, fact: str, account: str) -> str | None: ...


class AgreeingMemory(Memory, Protocol):
    """A memory that also holds facts that all processes have to agree on."""

    async def agree(self, fact: str, account: str, old: str | None, new: str) -> str:
        """Put `new` in the place of `old`; return what stands there then, which may be another process's."""
        ...

    async def recall_agreed(self, fact: str, account: str) -> str | None: ...


class NoMemory:
    """Caches nothing: for the sandbox, and for checks that have to ask Conekta."""

    async def remember(self, fact: str, account: str, value: str) -> None:
        """Keep nothing."""

    async def recall(self, fact: str, account: str) -> str | None:  # noqa: ARG002 - the protocol's arguments
        return None

    async def agree(self, fact: str, account: str, old: str | None, new: str) -> str:  # noqa: ARG002 - as above
        return new

    async def recall_agreed(self, fact: str, account: str) -> str | None:
        return await self.recall(fact, account)


class StoreMemory:
    """Caches facts in the store, which is opened when the first fact is needed.

    Facts are separate for each address of Conekta: a key of the sandbox is not live.
    """

    def __init__(self, base_url: str, open_store: Callable[[], ValueStore]) -> None:
        self._place, self._open_store = fingerprint_key(base_url), open_store

    async def remember(self, fact: str, account: str, value: str) -> None:
        try:
            await self._open_store().remember(self._build_name(fact, account), value, KEPT_SECONDS)
        except StoreUnavailable as problem:
            self._log_failure(problem)

    async def recall(self, fact: str, account: str) -> str | None:
        try:
            return await self._open_store().recall(self._build_name(fact, account))
        except StoreUnavailable as problem:
            self._log_failure(problem)
            return None

    async def agree(self, fact: str, account: str, old: str | None, new: str) -> str:
        name = self._build_name(fact, account)
        try:
            documents = self._open_store().documents
            if not await documents.change(FOLDER, name, old, new, KEPT_SECONDS):
                return await documents.find(FOLDER, name) or new
        except StoreUnavailable as problem:
            self._log_failure(problem)
        return new

    async def recall_agreed(self, fact: str, account: str) -> str | None:
        try:
            return await self._open_store().documents.find(FOLDER, self._build_name(fact, account))
        except StoreUnavailable as problem:
            self._log_failure(problem)
            return None

    def _build_name(self, fact: str, account: str) -> str:
        return f"{fact}:{self._place}:{account}"

    @staticmethod
    def _log_failure(problem: StoreUnavailable) -> None:
        # Conekta is asked instead. A write fails at its reservation if the store stays away.
        log.warning("what was learnt of the account cannot be read or kept: %s", problem)


class AccountLocks:
    """A lock for each account; a lock is dropped when nobody waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, anyio.Lock] = {}

    @asynccontextmanager
    async def hold(self, account: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(account, anyio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked():
                self._locks.pop(account, None)


def put_latest(known: dict[str, Value], account: str, value: Value) -> Value:
    """Put `value` at the end of `known`, and drop the oldest entries."""
    known.pop(account, None)
    known[account] = value
    while len(known) > MAX_ACCOUNTS:
        del known[next(iter(known))]
    return value
