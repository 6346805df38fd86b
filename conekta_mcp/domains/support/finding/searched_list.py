"""One list of Conekta that was searched: how far, and why it was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conekta_mcp.domains.support.walking import Walk
from conekta_mcp.errors import Failure

UNANSWERED = 422
"""The status with which Conekta refuses a filter."""


@dataclass
class Place:
    """One list that was searched, and how far."""

    what: str
    walk: Walk = field(default_factory=Walk)
    note: str = ""
    filters: Mapping[str, int] = field(default_factory=dict)


def note_refusal(place: Place, failure: Failure) -> None:
    """Record that Conekta has no such object or filter; raise any other failure."""
    if not failure.is_missing_object and failure.http_status != UNANSWERED:
        raise failure
    place.walk.complete = failure.is_missing_object
    place.note = str(failure)
