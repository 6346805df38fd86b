"""The locks of a write: one for each id that it touches, so that calls on one object run one by one."""

import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import anyio

from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.intent_sender import FENCE_SECONDS
from conekta_mcp.writes.intents import POLL_SECONDS, WAIT_SECONDS, Intents
from conekta_mcp.writes.unsettled import build_busy_subject, build_in_progress

log = logging.getLogger(__name__)


class HeldLocks:
    """The locks of one call, which others get when its lease is over: a call may be held up for longer."""

    def __init__(self, intents: Intents, names: Sequence[str], owner: str, taken_at: float) -> None:
        """Count from `taken_at` of the monotonic clock, read before they were taken."""
        self._intents, self._names, self._owner = intents, names, owner
        self._confirmed_at = taken_at

    async def confirm(self) -> bool:
        """Return whether nobody else had one of them since; they are renewed unless they are new.

        What was read under a lock that was lost may have changed.
        """
        store, now = self._intents.store, self._intents.monotonic()
        if now - self._confirmed_at <= FENCE_SECONDS:
            return True
        until = await store.read_time() + self._intents.lease
        for name in self._names:
            if not await store.renew_lock(name, self._owner, until):
                return False
        self._confirmed_at = now  # read before: the process may have been stopped since
        return True


@asynccontextmanager
async def hold_locks(intents: Intents, claim: Claim, touches: Collection[str]) -> AsyncIterator[HeldLocks]:
    """Hold the locks on all of `touches`; what touches nothing yet locks its fingerprint.

    Nobody waits for one lock while holding another, so two calls cannot wait for each other.

    Raises:
        Unreachable: other calls hold one of them for too long.
    """
    ids = sorted(touches) or [claim.fingerprint]
    names = [f"{claim.account}:{one}" for one in ids]
    patience = intents.monotonic() + WAIT_SECONDS
    try:
        while True:
            taken_at = intents.monotonic()
            if (busy := await _take_all(intents, names, claim.owner)) is None:
                break
            if intents.monotonic() >= patience:
                raise await _build_busy(intents, claim, ids[busy])
            await intents.sleep(POLL_SECONDS)
        yield HeldLocks(intents, names, claim.owner, taken_at)
    finally:
        # Also locks that a failing store may have taken, since only their owner can release them.
        with anyio.CancelScope(shield=True):
            await _release(intents, names, claim.owner)


async def _build_busy(intents: Intents, claim: Claim, subject: str) -> Failure:
    """Return the failure: it names the key if the same call is running, else the object."""
    if await intents.store.find(claim.place):
        return build_in_progress(claim.key)
    since = await intents.store.read_time() - intents.lease
    equal = await intents.store.list_equal(claim.account, claim.fingerprint, since)
    at_work = next((one for one in equal if one.state == "claimed"), None)
    return build_in_progress(at_work.key) if at_work else build_busy_subject(subject)


async def _take_all(intents: Intents, names: Sequence[str], owner: str) -> int | None:
    """Take all locks; or none of them, and return the index of the one that another call holds."""
    busy: int | None = None
    # Shielded: a cancelled call has to learn which lock it got, to release it.
    with anyio.CancelScope(shield=True):
        for place, name in enumerate(names):
            now = await intents.store.read_time()
            if not await intents.store.lock(name, owner, now, now + intents.lease):
                busy = place
                await _release(intents, names[:place], owner)
                break
    return busy


async def _release(intents: Intents, names: Sequence[str], owner: str) -> None:
    """Release locks; if the store fails now, they expire by themselves."""
    for name in reversed(names):
        try:
            await intents.store.unlock(name, owner)
        except StoreUnavailable as failure:
            log.error("a lock could not be freed before its time: %s", failure)
