"""Limits sessions over HTTP: per key, per address, for unproven keys together, and in total."""

import time
from collections.abc import Awaitable, Callable, Container, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from conekta_mcp.server.tools.selection import DEFAULT_SELECTION, ToolSelection
from conekta_mcp.settings import Settings

Bound = Literal["key", "address", "unproven", "all"]
Crowd = list["Session"]
End = Callable[[], Awaitable[None]]

UNPROVEN_PART_OF_A_KEY = 4
UNPROVEN_PART_OF_AN_ADDRESS = 2
"""Of the sessions for unproven keys, one key gets a quarter and one address a half."""
GRACE_SECONDS = 10.0
"""How long a session of an unproven key must be unused before it is ended for another one."""
IPV6_PREFIX = 64
"""Whoever has IPv6 has at least so many addresses, and could open a session from each of them."""
UNKNOWN_ADDRESS = "unknown"


@dataclass(eq=False)
class Session:
    """A session of either transport, or a stream of the 2026 protocol, which has no sessions."""

    key: str
    """The fingerprint of its key."""
    address: str
    end: End
    used_at: float
    """Monotonic seconds of the last message."""
    messages: int = 0
    """Messages whose answer is not complete."""
    streams: int = 0
    """Open streams from server to client."""
    selection: ToolSelection = DEFAULT_SELECTION
    """How the request that opened an SSE stream narrows the tools, for messages on another address."""


@dataclass(frozen=True)
class Refusal:
    """The limit that a new session would exceed, and its value."""

    bound: Bound
    most: int


class Sessions:
    """All open sessions of this process; `proven` has the fingerprints of accepted keys."""

    def __init__(
        self,
        settings: Settings,
        proven: Container[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.clock = settings, clock
        self._proven = proven
        self._open: dict[Session, None] = {}

    @property
    def count(self) -> int:
        return len(self._open)

    def forget(self, session: Session) -> None:
        """Remove an ended session from the count."""
        self._open.pop(session, None)

    async def admit(self, key: str, address: str | None, end: End) -> Session | Refusal:
        """Count a new session, or return the bound that it would pass; `end` has to end it at any time.

        Where a bound is reached, the unproven session that was unused for longest makes room.
        """
        session = Session(key, group_address(address), end, self.clock())
        rivals: Crowd = []
        for crowd, refusal in self._list_crowds(session):
            left = [one for one in crowd if one not in rivals]
            if len(left) < refusal.most:
                continue
            rival = self._find_rival(left)
            if rival is None:
                return refusal
            rivals.append(rival)
        # Counted before anything is awaited, so that sessions that open at once cannot pass a bound.
        self._open[session] = None
        for rival in rivals:
            self.forget(rival)
        for rival in rivals:
            await rival.end()
        return session

    async def end_idle_sessions(self) -> None:
        """End sessions unused for the idle time; an open stream keeps the session of a proven key only."""
        since = self.clock() - self.settings.session_idle * 60
        for session in list(self._open):
            kept = session.messages or (session.streams and session.key in self._proven)
            if session.used_at <= since and not kept:
                self.forget(session)
                await session.end()

    def _list_crowds(self, session: Session) -> Iterator[tuple[Crowd, Refusal]]:
        """Yield each group that `session` is counted in, and the refusal if it is full."""
        settings = self.settings
        if session.key not in self._proven:
            every, most = (
                [one for one in self._open if self._is_unproven(one)],
                settings.max_unproven_sessions,
            )
            of_key, of_address = most // UNPROVEN_PART_OF_A_KEY, most // UNPROVEN_PART_OF_AN_ADDRESS
            yield _pick_same_key(every, session), Refusal("unproven", max(1, of_key))
            yield _pick_same_address(every, session), Refusal("unproven", max(1, of_address))
            yield every, Refusal("unproven", most)
        every = list(self._open)
        yield _pick_same_key(every, session), Refusal("key", settings.max_sessions_per_key)
        yield _pick_same_address(every, session), Refusal("address", settings.max_sessions_per_address)
        yield every, Refusal("all", settings.max_sessions)

    def _find_rival(self, crowd: Crowd) -> Session | None:
        since = self.clock() - GRACE_SECONDS
        idle = [one for one in crowd if self._is_unproven(one) and not one.messages and one.used_at <= since]
        return min(idle, key=lambda one: one.used_at, default=None)

    def _is_unproven(self, session: Session) -> bool:
        return session.key not in self._proven


def group_address(address: str | None) -> str:
    """Return what sessions of one caller have in common: the address, or the network of an IPv6 one.

    What is no address, as a proxy may pass it on from a stranger, is one caller, however it is written.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ip_network((int(found), IPV6_PREFIX), strict=False))
    return str(found)


def _pick_same_key(crowd: Crowd, session: Session) -> Crowd:
    return [one for one in crowd if one.key == session.key]


def _pick_same_address(crowd: Crowd, session: Session) -> Crowd:
    return [one for one in crowd if one.address == session.address]
