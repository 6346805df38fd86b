"""The keys that sign an account's webhooks: read from Conekta once, and pinned in the store."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import anyio

from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Failure
from conekta_mcp.events.signatures import is_signed, load_public_key
from conekta_mcp.storage.documents import Documents

FOLDER = "webhook-keys"
PINNED_SECONDS = 3650 * 86_400.0
RENEWAL_SECONDS = 60.0
EMPTY_RENEWAL_SECONDS = 5.0
"""How soon after Conekta was asked it is asked again for a signature that no pinned key made: somebody may
have made another key. Sooner where the account had none."""
MAX_KEYS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WebhookKey:
    id: str
    pem: str
    livemode: bool | None = None
    """The mode whose webhooks it signs; None if unknown."""


@dataclass(frozen=True)
class PinnedKeys:
    """The keys of one account as Conekta showed them at `at` (unix seconds)."""

    account: str
    keys: tuple[WebhookKey, ...]
    at: float

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        kept = json.loads(text)
        return cls(kept["account"], tuple(WebhookKey(**one) for one in kept["keys"]), kept["at"])

    def find_signer(self, digest: str, content: bytes) -> WebhookKey | None:
        return next((one for one in self.keys if is_signed(one.pem, digest, content)), None)


class KeyRing:
    """The webhook keys of the operator's accounts.

    `list_accounts` returns the keys to ask Conekta with; `read_key_files` the public keys that the operator
    names. If there are any, Conekta is not asked.
    """

    def __init__(
        self,
        documents: Documents,
        identities: Identities,
        list_accounts: Callable[[], Sequence[KeyInUse]],
        clock: Callable[[], float],
        read_key_files: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._documents, self._identities = documents, identities
        self._list_accounts, self._clock, self._read_key_files = list_accounts, clock, read_key_files
        self._pinned: dict[str, PinnedKeys] = {}
        self._asked_at = float("-inf")
        self._lock = anyio.Lock()

    @cached_property
    def _key_files(self) -> tuple[str, ...]:
        return self._read_key_files()

    async def find_signer(self, digest: str, content: bytes) -> tuple[str, WebhookKey] | None:
        """Return the account and the key that signed `content`, None if it is none that is known.

        Raises:
            Failure: the keys are not pinned yet, and Conekta did not show them.
            StoreUnavailable: the store cannot be read.
        """
        if not self._pinned:
            await self.pin_all()
        found = self._match(digest, content)
        if found is None and await self._renew():
            found = self._match(digest, content)
        return found

    async def pin_all(self) -> None:
        """Read the pinned keys, and pin missing ones; raises what `find_signer` raises."""
        async with self._lock:
            for key in self._list_accounts():
                account = (await self._identities.read_identity(key)).name
                if account not in self._pinned:
                    self._pinned[account] = await self._recall(account) or await self._pin(key, account)

    async def is_pinned(self, account: str) -> bool:
        """Tell whether webhooks of an account are accepted, by this process or another."""
        return account in self._pinned or await self._documents.find(FOLDER, account) is not None

    async def _renew(self) -> bool:
        """Read the keys again, from the store and then from Conekta; False if that was done recently."""
        async with self._lock:
            now = self._clock()
            least = (
                RENEWAL_SECONDS if any(one.keys for one in self._pinned.values()) else EMPTY_RENEWAL_SECONDS
            )
            # A clock that was set back must not hold it up.
            if self._key_files or 0 <= now - self._asked_at < least:
                return False
            self._asked_at = now
            for key in self._list_accounts():
                account = (await self._identities.read_identity(key)).name
                pinned = await self._recall(account)
                if pinned is None or not 0 <= now - pinned.at < least:
                    pinned = await self._pin(key, account)
                self._pinned[account] = pinned
        return True

    def _match(self, digest: str, content: bytes) -> tuple[str, WebhookKey] | None:
        found = ((one.account, one.find_signer(digest, content)) for one in self._pinned.values())
        return next(((account, key) for account, key in found if key), None)

    async def _recall(self, account: str) -> PinnedKeys | None:
        text = None if self._key_files else await self._documents.find(FOLDER, account)
        return PinnedKeys.from_text(text) if text else None

    async def _pin(self, key: KeyInUse, account: str) -> PinnedKeys:
        now = self._clock()
        if self._key_files:
            keys = tuple(WebhookKey(f"file-{place}", pem) for place, pem in enumerate(self._key_files, 1))
        else:
            keys = await read_webhook_keys(key)
            self._asked_at = now
        pinned = PinnedKeys(account, keys, now)
        standing = await self._documents.find(FOLDER, account)
        # If another replica pins at the same moment, this one uses the keys that it read itself.
        await self._documents.change(FOLDER, account, standing, pinned.to_text(), PINNED_SECONDS)
        if keys:
            log.info("webhook keys of account %s are pinned: %s", account, ", ".join(one.id for one in keys))
        else:
            log.warning("account %s has no webhook key: until there is one, no webhook is believed", account)
        return pinned


async def read_webhook_keys(key: KeyInUse) -> tuple[WebhookKey, ...]:
    """Return the active webhook keys of an account from Conekta; raise Failure if it fails."""
    page = await key.sender.send(Request("GET", "/webhook_keys", query={"limit": MAX_KEYS}))
    rows = page.get("data")
    found: list[WebhookKey] = []
    for row in _list_active(rows if isinstance(rows, list) else [])[:MAX_KEYS]:
        shown = row
        if not isinstance(row.get("public_key"), str):
            # Lists may leave it out (conekta-api.md 4.10).
            shown = await _read_one(key, row)
        pem, mode = shown.get("public_key"), row.get("livemode")
        if isinstance(pem, str) and load_public_key(pem):
            found.append(WebhookKey(str(row["id"]), pem, mode if isinstance(mode, bool) else None))
        else:
            log.warning("webhook key %s: Conekta does not show it; name it with --webhook-keys", row["id"])
    return tuple(found)


def _list_active(rows: list[Any]) -> list[dict[str, Any]]:
    def iterate() -> Iterator[dict[str, Any]]:
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("id"), str) and row.get("active") is not False:
                yield row

    return list(iterate())


async def _read_one(key: KeyInUse, row: dict[str, Any]) -> dict[str, Any]:
    from urllib.parse import quote

    try:
        return await key.sender.send(Request("GET", f"/webhook_keys/{quote(row['id'], safe='')}"))
    except Failure as failure:
        if failure.http_status is not None and 400 <= failure.http_status < 500:
            return {}
        raise
