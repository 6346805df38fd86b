"""The audit in SQLite, within the transaction of its caller."""

import json
from typing import TYPE_CHECKING, Any

from conekta_mcp.storage.audit_chain.chain import find_head, link_record, unlink_record

if TYPE_CHECKING:
    from sqlite3 import Connection

LATEST_RECORDS = "SELECT record FROM audit WHERE at >= ? ORDER BY at DESC, number DESC LIMIT ?"


def append_record(connection: "Connection", record: dict[str, Any]) -> None:
    """Append the record after the last one; the transaction keeps all others from appending meanwhile."""
    last = connection.execute("SELECT record FROM audit ORDER BY number DESC LIMIT 1").fetchall()
    linked = link_record(record, find_head(text for (text,) in last))
    connection.execute("INSERT INTO audit (at, record) VALUES (?, ?)", (record["at"], json.dumps(linked)))


def read_records(connection: "Connection", since: float, limit: int) -> list[dict[str, Any]]:
    """Return the latest `limit` records from `since` on, oldest first."""
    rows = connection.execute(LATEST_RECORDS, (since, limit)).fetchall()
    return [unlink_record(json.loads(text)) for (text,) in reversed(rows)]


def read_chain(connection: "Connection") -> list[str]:
    """Return all records as they are kept, in the order in which they were appended."""
    return [text for (text,) in connection.execute("SELECT record FROM audit ORDER BY number")]
