"""Each replica notes digests of its approval secrets in the store: replicas must share a secret."""

import asyncio
import contextlib
import hashlib
import json
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.policy.safe_start import is_store_shared
from conekta_mcp.settings.table import Settings

NOTES = "replica-secrets"
NOTE_SECONDS = 90.0
"""How long a killed server still counts as running."""
RENEWAL_SECONDS = 30.0
TURN_SECONDS = 10.0
TURN_TRIES = 150
RETRY_SECONDS = 0.1

log = logging.getLogger(__name__)


class NoteStore(Protocol):
    """The methods of the store that notes need."""

    async def read_time(self) -> float: ...

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool: ...

    async def unlock(self, name: str, owner: str) -> None: ...

    async def remember(self, name: str, value: str, seconds: float) -> None: ...

    async def recall(self, name: str) -> str | None: ...


class ReplicaNote:
    """The note of one server: digests that do not reveal its secrets, and until when it counts."""

    def __init__(self, approval_secrets: Sequence[str], store: NoteStore) -> None:
        self._store = store
        self._server = secrets.token_hex(8)
        self._digests = [
            hashlib.sha256(f"replica {one}".encode()).hexdigest()[:16] for one in approval_secrets
        ]

    async def renew(self) -> None:
        """Write the note.

        Raises:
            ConfigurationError: a running server shares none of the secrets, or the store fails.
        """
        try:
            async with self._take_turn() as now:
                others = await self._read_others(now)
                if any(not set(self._digests) & set(other["secrets"]) for other in others):
                    raise ConfigurationError(
                        "CONEKTA_MCP_APPROVAL_SECRETS: another server on this store runs with other secrets; "
                        "give all replicas the same, and to rotate, add the new one to all of them before "
                        "the old one is taken away"
                    )
                own = {"server": self._server, "secrets": self._digests, "until": now + NOTE_SECONDS}
                await self._store.remember(NOTES, json.dumps([*others, own]), NOTE_SECONDS)
        except StoreUnavailable as problem:
            raise ConfigurationError(f"--store: {problem}") from None

    async def renew_until(self, stopped: asyncio.Event) -> None:
        # Shielded: a renewal that is cancelled halfway would leave the notes locked.
        while not await _is_set_within(stopped, RENEWAL_SECONDS):
            try:
                await self.renew()
            except ConfigurationError as problem:
                log.error("the note of this replica could not be renewed: %s", problem)

    async def withdraw(self) -> None:
        """Delete the note, so that the next server does not wait until it expires."""
        with contextlib.suppress(StoreUnavailable, ConfigurationError):
            async with self._take_turn() as now:
                await self._store.remember(NOTES, json.dumps(await self._read_others(now)), NOTE_SECONDS)

    async def _read_others(self, now: float) -> list[dict[str, Any]]:
        notes = json.loads(await self._store.recall(NOTES) or "[]")
        return [note for note in notes if note["server"] != self._server and note["until"] > now]

    @asynccontextmanager
    async def _take_turn(self) -> AsyncIterator[float]:
        """Lock the notes, since they are read and written in two steps; yield the store's time."""
        for _ in range(TURN_TRIES):
            now = await self._store.read_time()
            if await self._store.lock(NOTES, self._server, now, now + TURN_SECONDS):
                break
            await asyncio.sleep(RETRY_SECONDS)
        else:
            raise ConfigurationError("--store: other replicas kept their notes locked; start again")
        try:
            yield now
        finally:
            await self._store.unlock(NOTES, self._server)


@asynccontextmanager
async def keep_replica_note(settings: Settings, store: NoteStore) -> AsyncIterator[None]:
    """Keep the note of this server while it runs; raise ConfigurationError as `renew` does."""
    is_accepted = "separate-stores" in settings.accept_losing_safety
    if is_accepted or not settings.approval_secrets or not is_store_shared(settings):
        yield
        return
    note = ReplicaNote(settings.approval_secrets, store)
    await note.renew()
    stopped = asyncio.Event()
    renewing = asyncio.create_task(note.renew_until(stopped))
    try:
        yield
    finally:
        stopped.set()
        await renewing
        await note.withdraw()


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
