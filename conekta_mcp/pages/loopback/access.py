"""Access to loopback pages: a one-time secret in the address becomes a cookie for one approval."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import TypeVar

Kept = TypeVar("Kept")
MAX_KEPT = 1_000
"""How many addresses and sessions are kept; the oldest are dropped first."""
OPENING_SECONDS = 30.0
"""How long a browser may take to open an address before it counts as closed."""
SEEN_SECONDS = 90.0
"""How long a page counts as open after its last request: hidden pages poll once a minute."""


@dataclass
class PageSession:
    """A browser that exchanged the secret of one approval's address."""

    approval_id: str
    csrf: str
    first_shown: float | None = None
    """When the question was first shown; it can be approved a second later."""
    last_seen: float = 0.0
    has_answered: bool = False


@dataclass
class _Address:
    approval_id: str
    made_at: float
    is_used: bool = False


@dataclass
class PageAccess:
    """The secrets and sessions of one process; only their digests are kept."""

    random: Callable[[], str] = token_urlsafe
    _addresses: dict[str, _Address] = field(default_factory=dict)
    _sessions: dict[str, PageSession] = field(default_factory=dict)

    def create_secret(self, approval_id: str, now: float) -> str:
        """Return the secret of a new address for an approval."""
        secret = self.random()
        _keep(self._addresses, _hash_secret(secret), _Address(approval_id, now))
        return secret

    def withdraw_secret(self, secret: str) -> None:
        self._addresses.pop(_hash_secret(secret), None)

    def exchange_secret(self, secret: str, now: float) -> tuple[str, PageSession] | None:
        """Return a cookie value and its session; None if the secret was used before.

        Raises:
            LookupError: there is no such secret.
        """
        address = self._addresses[_hash_secret(secret)]
        if address.is_used:
            return None
        address.is_used = True
        cookie = self.random()
        session = PageSession(address.approval_id, csrf=self.random(), last_seen=now)
        _keep(self._sessions, _hash_secret(cookie), session)
        return cookie, session

    def find_session(self, cookie: str | None, approval_id: str) -> PageSession | None:
        """Return the session of a cookie if it is for this approval."""
        session = self._sessions.get(_hash_secret(cookie)) if cookie else None
        return session if session and session.approval_id == approval_id else None

    def list_open_pages(self, now: float) -> set[str]:
        """Return the ids of the approvals whose pages are open or opening."""
        opening = {one.approval_id for one in self._addresses.values() if now - one.made_at < OPENING_SECONDS}
        seen = {one.approval_id for one in self._sessions.values() if now - one.last_seen < SEEN_SECONDS}
        return opening | seen


def _keep(kept: dict[str, Kept], name: str, value: Kept) -> None:
    while len(kept) >= MAX_KEPT:
        del kept[next(iter(kept))]
    kept[name] = value


def _hash_secret(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
