"""What a durable store does: claims, counters, locks, single-use tokens and the audit; shared by replicas.

Every method is atomic across tasks, threads, processes and replicas, and durable when it returns. A
failure of the store itself is StoreDown: a write that cannot be noted is not made.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from conekta_mcp.storage.records import Cap, Claim, LimitExceeded


class Store(Protocol):
    """The durable store; `sqlite_store` and `redis_store` are real ones."""

    async def claim(self, wanted: Claim) -> Claim | None:
        """Note `wanted` if its place is free and give None; else give the claim that stands there."""
        ...

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        """Give the claim at `place`."""
        ...

    async def replace(self, old: Claim, new: Claim) -> bool:
        """Put `new` in the place of `old` if the stored claim still equals `old` (compare and set)."""
        ...

    async def delete_claim(self, old: Claim) -> bool:
        """Remove `old` if the stored claim still equals it."""
        ...

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        """Give the claims that are claimed or unknown, oldest first; of one account if it is named."""
        ...

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        """Add to all counters of `caps`, as reservation `name`, or to none; give the cap that hinders."""
        ...

    async def release(self, name: str) -> None:
        """Take back what reservation `name` added; nothing if there is none."""
        ...

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        """Give `name` to `owner` until `until`, if it is free or its holder's time is over at `now`."""
        ...

    async def unlock(self, name: str, owner: str) -> None:
        """Free `name` if `owner` holds it."""
        ...

    async def use_token_once(self, token: str, until: float) -> bool:
        """Mark `token` as used, remembered at least until `until`; False if it was used before."""
        ...

    async def append(self, record: dict[str, Any]) -> None:
        """Add a record of the audit; it has "at" in unix seconds. There is no way to change one."""
        ...

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Give the latest `limit` records of the audit from `since` on, oldest first."""
        ...

    async def close(self) -> None:
        """Close it."""
        ...
