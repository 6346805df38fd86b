"""Sessions of approvers, stored by a digest of their id, for every replica."""

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from secrets import token_urlsafe

from conekta_mcp.pages.approvers.approver import Approver, Approvers
from conekta_mcp.storage.protocol import Store

SESSIONS = "approver-sessions"
"""Folder of the store: each session by the digest of its id."""
IDLE_SECONDS, LONGEST_SECONDS = 30 * 60.0, 8 * 3600.0
"""A session ends after this idle time, and after a working day in any case."""
TOUCH_SECONDS = 60.0
"""How old the stored last use may be, so that not every page view is a write."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """One session, in unix seconds by the store's clock."""

    name: str
    stamp: str
    """The stamp of the approver at sign-in (Approver.stamp)."""
    began_at: float
    used_at: float

    def count_seconds_left(self, now: float) -> float:
        """Return how long it lasts if it is not used again."""
        return min(self.began_at + LONGEST_SECONDS, self.used_at + IDLE_SECONDS) - now


class ApproverSessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: Store, approvers: Approvers) -> None:
        self._store, self._approvers = store, approvers

    async def begin(self, approver: Approver) -> str:
        """Return the id of a new session, which is kept only in its cookie."""
        session_id, now = create_session_id(), await self._store.read_time()
        session = SignedIn(name=approver.name, stamp=approver.stamp, began_at=now, used_at=now)
        digest = hash_session_id(session_id)
        await self._store.documents.change(SESSIONS, digest, None, _format_session(session), IDLE_SECONDS)
        return session_id

    async def find(self, session_id: str) -> Approver | None:
        """Return who has signed in with this session.

        None if there is no such session, if its time is over, and if its approver is gone, disabled or has
        another passphrase since.
        """
        text = await self._store.documents.find(SESSIONS, hash_session_id(session_id))
        if text is None:
            return None
        session, now = _parse_session(text), await self._store.read_time()
        approver = await self._approvers.find(session.name)
        if session.count_seconds_left(now) <= 0 or not _is_theirs(session, approver):
            await self._store.documents.change(SESSIONS, hash_session_id(session_id), text, None, 0)
            return None
        return approver

    async def use(self, session_id: str) -> Approver | None:
        """Return who has signed in with this session, and note that it was used.

        What a page that is left open asks by itself is no use: it would keep the session alive.
        """
        approver = await self.find(session_id)
        digest = hash_session_id(session_id)
        text = await self._store.documents.find(SESSIONS, digest) if approver else None
        if text is None:
            return approver
        session, now = _parse_session(text), await self._store.read_time()
        if now - session.used_at >= TOUCH_SECONDS:
            used = replace(session, used_at=now)
            left = used.count_seconds_left(now)
            # Where another request has noted its use, or ended it, that stands.
            await self._store.documents.change(SESSIONS, digest, text, _format_session(used), left)
        return approver

    async def end(self, session_id: str) -> None:
        digest = hash_session_id(session_id)
        while text := await self._store.documents.find(SESSIONS, digest):
            if await self._store.documents.change(SESSIONS, digest, text, None, 0):
                return


def create_session_id() -> str:
    return token_urlsafe(32)


def hash_session_id(session_id: str) -> str:
    """Return the digest to store: a reader of the store cannot use the session."""
    return sha256(f"approver session {session_id}".encode(errors="replace")).hexdigest()


def derive_form_token(session_id: str) -> str:
    """Return the token of each form of a session, which pages of other sites cannot know."""
    return sha256(f"approver form {session_id}".encode(errors="replace")).hexdigest()


def _is_theirs(session: SignedIn, approver: Approver | None) -> bool:
    return approver is not None and not approver.is_disabled and approver.stamp == session.stamp


def _parse_session(text: str) -> SignedIn:
    return SignedIn(**json.loads(text))


def _format_session(session: SignedIn) -> str:
    return json.dumps(asdict(session), sort_keys=True)
