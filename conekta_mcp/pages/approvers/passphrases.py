"""Hashes and checks passphrases with argon2id, without holding up the event loop."""

import secrets
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH, MAX_LENGTH = 12, 1024
MAX_AT_ONCE = 2
"""Each check takes 64 MiB and some tenths of a second of a core."""
TIME_COST, MEMORY_KIB, PARALLELISM = 3, 65_536, 4
"""The second recommended option of RFC 9106."""
NOBODYS_HASH = f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={PARALLELISM}${'A' * 22}${'A' * 43}"
"""A hash without a passphrase, so that unknown names take as long to be refused."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that cannot be confused."""
GROUPS, GROUP_LENGTH = 5, 5
"""About 123 bits."""


class Passphrases:
    """Checks passphrases in worker threads, a few at the same time."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(MAX_AT_ONCE)

    async def check(self, passphrase_hash: str | None, passphrase: str) -> bool:
        """Tell whether the passphrase matches the hash; without a hash it takes as long and is False."""
        known = await anyio.to_thread.run_sync(
            check_passphrase, passphrase_hash or NOBODYS_HASH, passphrase, limiter=self._limiter
        )
        return known and passphrase_hash is not None


def hash_passphrase(passphrase: str) -> str:
    return _create_hasher().hash(_spell_alike(passphrase))


def check_passphrase(passphrase_hash: str, passphrase: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _create_hasher().verify(passphrase_hash, _spell_alike(passphrase))
    except (InvalidHashError, VerificationError):
        return False


def generate_passphrase() -> str:
    """Return a new passphrase of random letters and digits, in groups."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _spell_alike(passphrase: str) -> bytes:
    # A keyboard may write ñ as one character or as two; what is no text at all must not be an error here.
    return unicodedata.normalize("NFC", passphrase).encode(errors="replace")


@lru_cache(maxsize=1)
def _create_hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)
