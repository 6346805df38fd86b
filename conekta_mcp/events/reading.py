"""Parses the body of a webhook: the type of the event and the ids it touches (conekta-api.md 4.10, 6)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ID = re.compile("[0-9A-Za-z_-]{1,64}")
TYPE = re.compile("[0-9a-z_.]{1,80}")
MAX_IDS = 64
ID_FIELDS = (
    "id",
    "order_id",
    "charge_id",
    "customer_id",
    "subscription_id",
    "plan_id",
    "checkout_id",
    "payout_order_id",
)
INNER_IDS = (("customer_info", "customer_id"), ("checkout", "id"), ("channel", "checkout_request_id"))


class UnreadableEvent(Exception):
    """The body is no event of Conekta's."""


@dataclass(frozen=True)
class ReadEvent:
    """The facts of an event that are stored."""

    id: str
    type: str
    ids: tuple[str, ...]
    created_at: int | None
    livemode: bool | None


def read_event(content: bytes) -> ReadEvent:
    """Return the event in a webhook's body; raise UnreadableEvent for anything else."""
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableEvent from None
    if not isinstance(sent, Mapping) or not is_id(sent.get("id")):
        raise UnreadableEvent
    kind, about = sent.get("type"), sent.get("data")
    if not isinstance(kind, str) or not TYPE.fullmatch(kind):
        raise UnreadableEvent
    subject = about.get("object") if isinstance(about, Mapping) else None
    created, livemode = sent.get("created_at"), sent.get("livemode")
    return ReadEvent(
        id=sent["id"],
        type=kind,
        ids=tuple(dict.fromkeys(list_ids(subject)))[:MAX_IDS],
        created_at=created if type(created) is int else None,
        livemode=livemode if isinstance(livemode, bool) else None,
    )


def is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def list_ids(subject: Any) -> Iterator[str]:
    """Yield the ids of an event's object, of its parents, and of its charges."""
    if not isinstance(subject, Mapping):
        return
    yield from (subject[name] for name in ID_FIELDS if is_id(subject.get(name)))
    for outer, inner in INNER_IDS:
        part = subject.get(outer)
        if isinstance(part, Mapping) and is_id(part.get(inner)):
            yield part[inner]
    charges = subject.get("charges")
    rows = charges.get("data") if isinstance(charges, Mapping) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and is_id(row.get("id")):
            yield row["id"]
