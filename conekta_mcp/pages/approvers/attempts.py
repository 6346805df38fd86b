"""Bounds how often somebody may try to sign in: by name and by address, over all replicas."""

import json
from hashlib import sha256

from conekta_mcp.storage.protocol import Store

ATTEMPTS = "sign-in-attempts"
"""Folder of the store: how many attempts, since when, by a digest of the name or the address."""
WINDOW_SECONDS = 15 * 60.0
MOST_BY_NAME, MOST_BY_ADDRESS = 10, 30
DIGEST_DIGITS = 3
"""So few that invented names cannot fill the store; two names that share a digest share a count."""


class SignInAttempts:
    """Counts attempts before their passphrase is checked, so that attempts at once count as well."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def count(self, name: str, address: str) -> float | None:
        """Count an attempt; return after how many seconds to try again if there were too many, else None."""
        waits = [await self._add(f"address {address}", MOST_BY_ADDRESS)]
        if waits == [None]:
            # Names that nobody has count alike, or a bound would tell which names exist.
            waits.append(await self._add(f"name {name}", MOST_BY_NAME))
        return max((wait for wait in waits if wait is not None), default=None)

    async def forget(self, name: str, address: str) -> None:
        """Forget the attempts at a name whose passphrase was given, and this one of the address."""
        place = _digest_place(f"name {name}")
        while text := await self._store.documents.find(ATTEMPTS, place):
            if await self._store.documents.change(ATTEMPTS, place, text, None, 0):
                break
        await self._take_back(_digest_place(f"address {address}"))

    async def _take_back(self, place: str) -> None:
        while text := await self._store.documents.find(ATTEMPTS, place):
            count, began_at = json.loads(text)
            left = began_at + WINDOW_SECONDS - await self._store.read_time()
            fewer = json.dumps([count - 1, began_at]) if count > 1 and left > 0 else None
            if await self._store.documents.change(ATTEMPTS, place, text, fewer, left):
                return

    async def _add(self, what: str, most: int) -> float | None:
        place = _digest_place(what)
        while True:
            text, now = await self._store.documents.find(ATTEMPTS, place), await self._store.read_time()
            count, began_at = json.loads(text) if text else (0, now)
            left = began_at + WINDOW_SECONDS - now
            if left <= 0:
                count, left, began_at = 0, WINDOW_SECONDS, now
            if count >= most:
                return float(left)
            counted = json.dumps([count + 1, began_at])
            if await self._store.documents.change(ATTEMPTS, place, text, counted, left):
                return None


def _digest_place(what: str) -> str:
    kind, _, _ = what.partition(" ")
    return f"{kind}-{sha256(what.encode(errors='replace')).hexdigest()[:DIGEST_DIGITS]}"
