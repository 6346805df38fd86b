"""The interface of a durable store: claims, counters, locks, single-use tokens and the audit.

Replicas share it. Every method is atomic across tasks, threads, processes and replicas, and durable when it
returns. A failure of the store itself is StoreUnavailable: a write that cannot be recorded is not made.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from conekta_mcp.storage.documents import Documents
from conekta_mcp.storage.records import Cap, Claim, LimitExceeded, Record

if TYPE_CHECKING:
    from conekta_mcp.storage.journal import EventJournal


class Store(Protocol):
    """The durable store; `SqliteStore` and `RedisStore` implement it."""

    @property
    def documents(self) -> Documents: ...

    @property
    def journal(self) -> "EventJournal": ...

    async def read_time(self) -> float:
        """Return seconds of a clock that all processes of this store share and that never jumps."""
        ...

    async def claim(
        self,
        wanted: Claim,
        caps: Sequence[Cap] = (),
        *,
        over: Claim | None = None,
        record: Record = None,
    ) -> Claim | LimitExceeded | None:
        """Store `wanted`, add `caps` to their counters as reservation `wanted.spent`, append `record` to the
        audit: all of it or nothing.

        Its place has to be free, or to hold `over`. Returns None if it was stored, the claim that stands
        there instead, or the cap that hinders.
        """
        ...

    async def find(self, place: tuple[str, str, str]) -> Claim | None: ...

    async def replace(self, old: Claim, new: Claim, *, release: str = "", record: Record = None) -> bool:
        """Put `new` in the place of `old` if the stored claim still equals `old` (compare and set).

        At the same time reservation `release` is taken back, and `record` appended to the audit.
        """
        ...

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        """Return the claims that are claimed or unknown, oldest first; of one account if it is named."""
        ...

    async def list_equal(self, account: str, fingerprint: str, since: float) -> list[Claim]:
        """Return the claims with this fingerprint that were claimed at `since` or later, newest first."""
        ...

    async def list_made_ids(self, account: str, since: float, among: Sequence[str] = ()) -> frozenset[str]:
        """Return the ids of what the account's intents are known to have made, noted at `since` or later.

        Only those that are `among` these ids, where any are named.
        """
        ...

    async def read_history(self, place: tuple[str, str, str]) -> list[dict[str, Any]]:
        """Return every form that the claim at `place` had, oldest first; nothing removes one."""
        ...

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        """Add all of `caps` to their counters as reservation `name`, or none; return the exceeded cap."""
        ...

    async def release(self, name: str) -> None:
        """Undo reservation `name`; do nothing if there is none."""
        ...

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        """Lock `name` for `owner` until `until`, if it is free or its lock has expired at `now`."""
        ...

    async def renew_lock(self, name: str, owner: str, until: float) -> bool:
        """Lock `name` until `until` if it is still the lock of `owner`, whom nobody followed since."""
        ...

    async def unlock(self, name: str, owner: str) -> None:
        """Unlock `name` if `owner` holds it."""
        ...

    async def use_token_once(self, token: str, until: float) -> bool:
        """Mark `token` as used, until `until` at least; return False if it was used before."""
        ...

    async def remember(self, name: str, value: str, seconds: float, *, durable: bool = True) -> None:
        """Keep `value` as `name` for `seconds`, in place of an earlier value.

        What is not `durable` reaches the disk with the next durable change at the latest.
        """
        ...

    async def recall(self, name: str) -> str | None:
        """Return the value stored as `name`; None if there is none or it has expired."""
        ...

    async def append(self, record: dict[str, Any]) -> None:
        """Append a record with "at" in unix seconds to the audit log. Records cannot be changed."""
        ...

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Return the latest `limit` records of the audit from `since` on, oldest first."""
        ...

    async def read_chain(self) -> list[str]:
        """Return all records with their chain as they are kept, in the order in which they were added."""
        ...

    async def has_append_log(self) -> bool | None:
        """Tell whether data outlives the process; None if the store does not say."""
        ...

    async def close(self) -> None: ...
