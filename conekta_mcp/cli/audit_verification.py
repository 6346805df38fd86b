"""What the audit command says of the chain of the log: --verify and --head."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import anyio

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.storage.audit_chain.verification import Break, Walk, verify_chain

BREAKS = {
    "changed": "this record or the one before it is not as it was written",
    "missing": "one or more records before this one are missing",
    "reordered": "records are not in the order in which they were written",
    "truncated_start": "the log does not begin with its first record",
    "truncated_end": "the record of --since-head is not there: the end was cut off, or the log is another",
    "unchained": "this record was added without the chain",
}


def verify(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print what a walk along the whole log found; return 1 if it breaks or cannot be read."""
    try:
        walk = verify_chain(_read_chain(settings), arguments.since_head)
    except (StoreUnavailable, OSError) as problem:
        told = str(problem) if isinstance(problem, StoreUnavailable) else type(problem).__name__
        print(f"conekta-mcp audit: the audit cannot be read: {told}", file=sys.stderr)
        return 1
    if arguments.head and walk.broken is None:
        print(walk.head or "")
    elif arguments.json:
        print(json.dumps({"whole": walk.broken is None, **asdict(walk)}))
    else:
        print("\n".join(_describe_walk(walk)))
    return 0 if walk.broken is None else 1


def _describe_walk(walk: Walk) -> Iterable[str]:
    if walk.broken:
        yield _describe_break(walk.broken)
        yield f"Before it {walk.count} records are whole."
    else:
        yield f"Whole: {walk.count} records."
    if walk.count:
        yield f"First: {_format_time(walk.first_at)}, last: {_format_time(walk.last_at)}, head: {walk.head}"
    if walk.unchained:
        yield f"Unchained: {walk.unchained} records of an older log before it, of which nothing can be said."
    if walk.unreadable:
        yield f"Unreadable: {walk.unreadable} lines that are no record, such as one that a crash cut off."


def _describe_break(broken: Break) -> str:
    where = f"record {broken.position} of the log (number {broken.number} of the chain)"
    return f"Broken at {where}, {broken.kind}: {BREAKS[broken.kind]}."


def format_record_time(at: float) -> str:
    """Write when a record was made; as it stands where that is no moment, since a log may be damaged."""
    try:
        return get_times().format_second(at, "en") or str(at)
    except TypeError:
        return str(at)


def _format_time(at: float | None) -> str:
    return "-" if at is None else format_record_time(at)


def _read_chain(settings: Settings) -> Iterable[str | bytes]:
    if settings.audit == "off":
        raise ConfigurationError("--audit: off, so nothing is recorded; name the file, or store")
    if settings.audit == "store":
        return anyio.run(_read_stored_chain, settings)
    if not Path(settings.audit).exists():
        raise FileNotFoundError
    return AuditFile(settings.audit).read_chain()


async def _read_stored_chain(settings: Settings) -> list[str]:
    from conekta_mcp.storage.opening import open_store

    if settings.store == "memory" or (settings.sandbox and not settings.state and not settings.store):
        raise ConfigurationError("--store: memory is one process's own; name a file or redis://")
    store = open_store(
        settings.store, sandbox_state=settings.state, sandbox=settings.sandbox, clock=time.time
    )
    try:
        return await store.read_chain()
    finally:
        await store.close()
