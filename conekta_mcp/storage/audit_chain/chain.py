"""How records of the audit are chained and hashed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

CHAIN_FIELDS = ("sequence", "previous", "hash")
"""Fields that the chain adds to a record; readers of the log get records without them."""


@dataclass(frozen=True)
class Head:
    """The last record of a chain: its number, from 1 on, and its hash in hex."""

    number: int
    hash: str


GENESIS = Head(number=0, hash="0" * 64)
"""The predecessor of the first record."""


def hash_record(record: Mapping[str, Any]) -> str:
    """Return the sha256, in hex, of the record's canonical bytes: all its fields but `hash`.

    The bytes are JSON in ASCII, names sorted, without spaces, as Python's json writes them.
    """
    kept = {name: value for name, value in record.items() if name != "hash"}
    return sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def link_record(record: Mapping[str, Any], head: Head) -> dict[str, Any]:
    """Return the record with its number, the hash of the one before and its own hash."""
    linked = {**record, "sequence": head.number + 1, "previous": head.hash}
    return {**linked, "hash": hash_record(linked)}


def unlink_record(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in CHAIN_FIELDS}


def parse_record(text: str | bytes) -> dict[str, Any] | None:
    """Read one record; None for anything else, such as a line that a crash cut off."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def is_chained(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("sequence"), int) and isinstance(record.get("hash"), str)


def find_head(latest_first: Iterable[str | bytes]) -> Head:
    """Return what the next record follows; an older log without a chain is followed by a new chain."""
    for text in latest_first:
        record = parse_record(text)
        if record is not None:
            return Head(record["sequence"], record["hash"]) if is_chained(record) else GENESIS
    return GENESIS
