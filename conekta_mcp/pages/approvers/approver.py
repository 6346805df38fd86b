"""The people who may approve over HTTP, stored so that all replicas find them."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Protocol

from conekta_mcp.storage.documents import Documents
from conekta_mcp.storage.protocol import Store

APPROVERS = "approvers"
"""Folder of the store: each approver by name."""
KEPT_SECONDS = 100 * 365 * 86_400.0
"""The lifetime of an approver's document: practically unlimited."""
NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
FINGERPRINT = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Approver:
    """A person who may approve."""

    name: str
    passphrase_hash: str
    created_at: float
    """Unix seconds."""
    keys: tuple[str, ...] = ()
    """The fingerprints of this person's keys; with --four-eyes they may not approve their calls."""
    is_disabled: bool = False

    @property
    def stamp(self) -> str:
        """A value to which sessions are bound; a new passphrase, or adding the approver again, changes it."""
        return sha256(json.dumps([self.name, self.created_at, self.passphrase_hash]).encode()).hexdigest()


class Approvers(Protocol):
    """Where the approvers are kept: in the store, or in a file.

    Raises:
        ConfigurationError: a file that cannot be used.
        StoreUnavailable: the store cannot be asked.
    """

    async def list_all(self) -> list[Approver]:
        """Return all approvers by name."""
        ...

    async def find(self, name: str) -> Approver | None: ...

    async def replace(self, old: Approver | None, new: Approver | None) -> bool:
        """Replace `old` by `new`, None for no approver; False if the stored value is not `old`."""
        ...


class StoredApprovers:
    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def _documents(self) -> Documents:
        return self._store.documents

    async def list_all(self) -> list[Approver]:
        texts = await self._documents.list_all(APPROVERS)
        return [parse_approver(json.loads(text)) for _, text in sorted(texts.items())]

    async def find(self, name: str) -> Approver | None:
        text = await self._documents.find(APPROVERS, name)
        return parse_approver(json.loads(text)) if text else None

    async def replace(self, old: Approver | None, new: Approver | None) -> bool:
        found = new or old
        if found is None:
            return True
        texts = (_format_text(old), _format_text(new))
        return await self._documents.change(APPROVERS, found.name, *texts, KEPT_SECONDS)


def normalize_name(text: str) -> str | None:
    """Return the name of an approver in lower case; None if it is not a valid name."""
    name = text.strip().lower()
    return name if NAME.fullmatch(name) else None


def format_approver(approver: Approver) -> dict[str, Any]:
    return asdict(approver)


def parse_approver(kept: Mapping[str, Any]) -> Approver:
    """Parse an approver; raise KeyError, TypeError or ValueError for anything else."""
    approver = Approver(
        name=str(kept["name"]),
        passphrase_hash=str(kept["passphrase_hash"]),
        created_at=float(kept["created_at"]),
        keys=tuple(map(str, kept.get("keys", ()))),
        is_disabled=bool(kept.get("is_disabled", False)),
    )
    if normalize_name(approver.name) != approver.name:
        raise ValueError("not the name of an approver")
    return approver


def _format_text(approver: Approver | None) -> str | None:
    return json.dumps(format_approver(approver), sort_keys=True) if approver else None
