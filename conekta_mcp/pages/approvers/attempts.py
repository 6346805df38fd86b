"""Limits attempts to sign in, across all replicas, so that strangers cannot lock people out."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_hex
from typing import Literal

from conekta_mcp.storage.protocol import Store

ATTEMPTS, KNOWN_PLACES = "sign-in-attempts", "sign-in-places"
"""Folders of the store: counts by a digest of what they are of; where approvers have signed in."""
WINDOW_SECONDS = 15 * 60.0
MOST_BY_NAME_THERE, MOST_BY_ADDRESS = 10, 30
FREE_BY_NAME = 20
"""How many attempts for a name from unknown places are not slowed down."""
LONGEST_DELAY = 300.0
CALM_SECONDS = 86_400.0
"""After so long without an attempt, a name is no longer slowed down."""
KNOWN_SECONDS = 30 * 86_400.0
DIGEST_DIGITS = 4
"""Few, so that invented names cannot fill the store; equal digests share a count."""
SALT = "sign-in:salt"
"""The name of the store's random salt, without which nobody finds a name that shares an approver's count."""
SALT_SECONDS = 3650 * 86_400.0

Bound = Literal["address", "name_there", "name"]


@dataclass(frozen=True)
class Lockout:
    """Why an attempt is refused before its passphrase is checked."""

    by: Bound
    seconds: float
    """After how long to try again."""
    is_new: bool
    """Whether it is the first refusal of this limit since an attempt that passed."""


@dataclass(frozen=True)
class _Count:
    number: int
    at: float
    """The start of the window; for a name, the last attempt that passed."""
    is_refusing: bool = False


class SignInAttempts:
    """Counts attempts before the passphrase is checked, so that concurrent attempts count too."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def count(self, name: str, address: str, *, is_slowed: bool = True) -> Lockout | None:
        """Count an attempt; return why it is refused, None if it may be made.

        Names that nobody has count alike, or a bound would tell which names exist. An attempt that is not
        `is_slowed`, such as one at a terminal, is not kept waiting by what strangers try elsewhere.
        """
        there = f"name_there {name}\n{address}"
        refused = await self._count("address", f"address {address}")
        refused = refused or await self._count("name_there", there)
        if not is_slowed:
            return refused
        if refused or await self._store.documents.find(KNOWN_PLACES, _digest_whole(there)):
            return refused
        return await self._count("name", f"name {name}")

    async def forget(self, name: str, address: str) -> None:
        """Forget the attempts for a name after a success, and this attempt of the address."""
        there = f"name_there {name}\n{address}"
        for place in (await self._find_place(f"name {name}"), await self._find_place(there)):
            while text := await self._store.documents.find(ATTEMPTS, place):
                if await self._store.documents.change(ATTEMPTS, place, text, None, 0):
                    break
        await self._take_back(await self._find_place(f"address {address}"))
        known, now = _digest_whole(there), json.dumps(await self._store.read_time())
        standing = await self._store.documents.find(KNOWN_PLACES, known)
        await self._store.documents.change(KNOWN_PLACES, known, standing, now, KNOWN_SECONDS)

    async def _take_back(self, place: str) -> None:
        while text := await self._store.documents.find(ATTEMPTS, place):
            count = _parse(text)
            left = count.at + WINDOW_SECONDS - await self._store.read_time()
            fewer = (
                _format(replace(count, number=count.number - 1)) if count.number > 1 and left > 0 else None
            )
            if await self._store.documents.change(ATTEMPTS, place, text, fewer, left):
                return

    async def _count(self, by: Bound, what: str) -> Lockout | None:
        """Count one attempt, or store that it was refused; retry after a concurrent change."""
        place = await self._find_place(what)
        while True:
            text, now = await self._store.documents.find(ATTEMPTS, place), await self._store.read_time()
            before = _parse(text) if text else _Count(0, now)
            if now - before.at >= (CALM_SECONDS if by == "name" else WINDOW_SECONDS):
                before = _Count(0, now)
            wait = _find_wait(by, before, now)
            if wait > 0:
                after = replace(before, is_refusing=True)
            else:
                after = _Count(before.number + 1, now if by == "name" else before.at)
            left = after.at + (CALM_SECONDS if by == "name" else WINDOW_SECONDS) - now
            if text == (written := _format(after)) or await self._store.documents.change(
                ATTEMPTS, place, text, written, left
            ):
                return Lockout(by, wait, not before.is_refusing) if wait > 0 else None

    async def _find_place(self, what: str) -> str:
        """Return where an attempt is counted."""
        salt = await self._store.recall(SALT)
        if salt is None:
            await self._store.remember(SALT, token_hex(16), SALT_SECONDS)
            salt = await self._store.recall(SALT)
        kind, _, _ = what.partition(" ")
        return f"{kind}-{_digest_whole(f'{salt} {what}')[:DIGEST_DIGITS]}"


def _find_wait(by: Bound, count: _Count, now: float) -> float:
    """Return for how long further attempts are refused."""
    if by == "name":
        over = count.number - FREE_BY_NAME
        delay = 0.0 if over < 0 else min(2.0 ** min(over, 30), LONGEST_DELAY)
        return count.at + delay - now
    most = MOST_BY_ADDRESS if by == "address" else MOST_BY_NAME_THERE
    return count.at + WINDOW_SECONDS - now if count.number >= most else 0.0


def _parse(text: str) -> _Count:
    number, at, *refusing = json.loads(text)
    return _Count(number, at, bool(refusing))


def _format(count: _Count) -> str:
    return json.dumps([count.number, count.at, *([1] if count.is_refusing else [])])


def _digest_whole(what: str) -> str:
    return sha256(what.encode(errors="replace")).hexdigest()
