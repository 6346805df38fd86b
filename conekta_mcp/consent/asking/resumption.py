"""Carries out calls that are approved after their client stopped waiting (--approval-executes)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio

from conekta_mcp.consent.asked_call import GrantedApproval
from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.client import AwaitedAnswer
from conekta_mcp.consent.detached_client import DetachedClient
from conekta_mcp.consent.pending.approvals import KEPT_SECONDS, PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.errors import NotApproved
from conekta_mcp.storage.protocol import Store

Resume = Callable[[DetachedClient], Awaitable[Mapping[str, Any]]]
"""Makes a call again from the start, without its client; returns how it ended."""
MAX_KEPT = 100
"""How many calls are held; the clients of further calls have to repeat them."""
GRACE_SECONDS = 2.0
"""How long another replica may take to act on an answer before this one does."""

USED = "conekta_mcp.errors.consent_used"

log = logging.getLogger(__name__)


class Resumption:
    """Holds calls that were answered consent_pending, with their keys, until they expire.

    Only the process that answered a call holds it: the store has neither arguments nor keys.
    """

    def __init__(self, pending: PendingApprovals, store: Store, background: BackgroundTasks) -> None:
        self._pending, self._store, self._background = pending, store, background
        self._kept: dict[str, Resume] = {}
        self._watched: set[str] = set()

    async def keep_unanswered(
        self, call: str, resume: Resume, obtaining: Awaitable[GrantedApproval | AwaitedAnswer]
    ) -> GrantedApproval | AwaitedAnswer:
        """Return the result of `obtaining`; hold the call if nobody has answered yet."""
        self.forget(call)
        try:
            approved = await obtaining
        except BaseException as ending:
            if is_left_open(ending):
                self.keep(call, resume)
            raise
        if not isinstance(approved, GrantedApproval):
            self.keep(call, resume)
        return approved

    def keep(self, call: str, resume: Resume) -> None:
        """Hold a call, under the digest of its approval, until it is decided or expires."""
        if call not in self._kept and len(self._kept) >= MAX_KEPT:
            log.warning("%d calls wait for a person already; this one has to be made again", MAX_KEPT)
            return
        self._kept[call] = resume
        if call not in self._watched:
            self._watched.add(call)
            self._background.start(self._watch(call), "Carrying out an approved call")

    def forget(self, call: str) -> None:
        """Drop a call, because its client is making it again."""
        self._kept.pop(call, None)

    async def _watch(self, call: str) -> None:
        try:
            # A held call may be asked about again: its effect changed, or its approval expired.
            while approval := await self._pending.find_for_call(call):
                ended = await self._pending.wait(approval.id)
                if ended and ended.state == "approved":
                    await self._carry_out(call, ended)
                    return
                if call not in self._kept:
                    return
        finally:
            self._watched.discard(call)
            self._kept.pop(call, None)

    async def _carry_out(self, call: str, approval: PendingApproval) -> None:
        await anyio.sleep(GRACE_SECONDS)
        resume = self._kept.get(call)
        standing = await self._pending.find(approval.id)
        if resume is None or standing is None or not standing.is_usable(await self._store.read_time()):
            return
        # Several replicas may keep the same call.
        if not await self._store.use_token_once(f"resumed:{approval.id}", approval.expires_at + KEPT_SECONDS):
            return
        acting = asyncio.ensure_future(self._act(approval, resume))
        try:
            await asyncio.shield(acting)
        except asyncio.CancelledError:
            # The process ends: a request that is being sent is finished first.
            await acting
            raise

    async def _act(self, approval: PendingApproval, resume: Resume) -> None:
        try:
            result = await resume(DetachedClient(session=approval.id))
        except NotApproved as failure:
            if failure.details[0].code == USED:  # its client was quicker
                return
            result = {"outcome": "not_applied", "message": str(failure)}
        await self._pending.note_result(approval.id, result)


def is_left_open(ending: BaseException) -> bool:
    """Tell whether a call that ends like this leaves its question open: no answer, or cancelled."""
    if isinstance(ending, NotApproved):
        return ending.type == "consent_pending"
    return isinstance(ending, anyio.get_cancelled_exc_class())
