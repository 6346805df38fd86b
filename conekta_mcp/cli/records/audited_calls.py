"""Groups records of the audit log by their call."""

from collections.abc import Iterable
from typing import Any

from conekta_mcp.results.times import get_times


def group_by_call(records: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group records by call, in the order in which the calls began."""
    calls: dict[Any, list[dict[str, Any]]] = {}
    for number, record in enumerate(records):
        # A record without a call stands for itself.
        calls.setdefault(record.get("call", number), []).append(record)
    return list(calls.values())


def summarize_call(call: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the facts of one call from all its records, with its outcome."""
    whole = {name: value for record in call for name, value in record.items()}
    # An intent alone: the process died, or is still at work.
    ended = {"intent": "open", "refusal": "refused"}.get(str(whole.get("event")), "unknown")
    return {**whole, "at": call[0]["at"], "outcome": whole.get("outcome", ended)}


def format_record_time(at: Any, language: str) -> str:
    """Return the time of a record; as stored if it is invalid, since a log may be damaged."""
    try:
        return get_times().format_second(at, language) or str(at)
    except TypeError:
        return str(at)
