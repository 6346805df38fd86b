"""Verifies the hash chain of the audit log, and finds the first record at which it breaks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conekta_mcp.storage.audit_chain.chain import GENESIS, Head, hash_record, is_chained, parse_record


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first place where a chain breaks."""

    kind: str
    """changed, missing, reordered, truncated_start, truncated_end or unchained."""
    position: int
    """The number of the record in the log, from 1, unchained ones included."""
    number: int
    """The number that the chain has, or should have, there."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The result of walking along the whole log."""

    count: int
    """Chained records up to the end, or up to the break."""
    unchained: int
    """Records of an older log, before the chain begins."""
    unreadable: int
    """Lines that are no record, such as a line cut off by a crash."""
    first_at: float | None
    last_at: float | None
    head: str | None
    broken: Break | None


def verify_chain(texts: Iterable[str | bytes], since_head: str | None = None) -> Walk:
    """Verify a log, oldest record first; `since_head` is the hash of an earlier head."""
    read = [parse_record(text) for text in texts]
    records = [record for record in read if record is not None]
    start = next((place for place, one in enumerate(records) if is_chained(one)), len(records))
    chained = records[start:]
    broken = _find_break(chained, start)
    whole = chained[: broken.position - start - 1] if broken else chained
    if broken is None and since_head is not None and since_head not in {one["hash"] for one in whole}:
        broken = Break(kind="truncated_end", position=len(records) + 1, number=len(whole) + 1)
    return Walk(
        count=len(whole),
        unchained=start,
        unreadable=len(read) - len(records),
        first_at=whole[0].get("at") if whole else None,
        last_at=whole[-1].get("at") if whole else None,
        head=whole[-1]["hash"] if whole else None,
        broken=broken,
    )


def _find_break(chained: list[dict[str, Any]], unchained: int) -> Break | None:
    head = GENESIS
    for place, record in enumerate(chained):
        kind = _judge_link(record, head, lambda place=place: _iter_numbers(chained[place:]))
        if kind is not None:
            return Break(kind=kind, position=unchained + place + 1, number=head.number + 1)
        head = Head(record["sequence"], record["hash"])
    return None


def _judge_link(record: dict[str, Any], head: Head, list_later_numbers: Any) -> str | None:
    """Return how the record fails to follow `head`; None if it follows."""
    if not is_chained(record):
        return "unchained"
    if hash_record(record) != record["hash"]:
        return "changed"
    if record["sequence"] == head.number + 1:
        # The previous record was rewritten, with a hash that matches its new content.
        return None if record.get("previous") == head.hash else "changed"
    if record["sequence"] <= head.number or head.number + 1 in list_later_numbers():
        return "reordered"
    return "missing" if head.number else "truncated_start"


def _iter_numbers(records: list[dict[str, Any]]) -> Iterator[Any]:
    return (record.get("sequence") for record in records)
