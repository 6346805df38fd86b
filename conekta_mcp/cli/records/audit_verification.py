"""The --verify and --head options of the audit command: verifies the hash chain."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

import anyio

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.cli.records.audited_calls import format_record_time
from conekta_mcp.cli.records.stored_records import read_stored
from conekta_mcp.cli.words.audit import choose_words
from conekta_mcp.cli.words.shared import NO_AUDIT, Tell, describe_unreadable, require_file
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.settings import Settings
from conekta_mcp.storage.audit_chain.verification import Break, Walk, verify_chain


def verify(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the result of verifying the whole log; return 1 if the chain breaks or is unreadable."""
    try:
        walk = verify_chain(_read_chain(settings), arguments.since_head)
    except (StoreUnavailable, OSError) as problem:
        told = describe_unreadable(problem, settings.language)
        print(
            f"conekta-mcp audit: {choose_words(settings.language)('unreadable', told=told)}", file=sys.stderr
        )
        return 1
    if arguments.head and walk.broken is None:
        print(json.dumps({"head": walk.head}) if arguments.json else walk.head or "")
    elif arguments.json:
        print(json.dumps({"whole": walk.broken is None, **asdict(walk)}))
    else:
        print("\n".join(describe_walk(walk, settings.language)))
    return 0 if walk.broken is None else 1


def count_strange_lines(settings: Settings) -> int:
    """Return the number of lines if no line is a record, as in a file of another kind."""
    if settings.audit in {"store", "off"}:
        return 0
    walk = verify_chain(_read_chain(settings))
    return 0 if walk.count or walk.unchained else walk.unreadable


def describe_walk(walk: Walk, language: str) -> Iterable[str]:
    tell = choose_words(language)
    if walk.broken:
        yield _describe_break(walk.broken, tell)
        yield tell("before", count=walk.count)
    else:
        yield tell("whole", count=walk.count)
    if walk.count:
        first, last = (_format_time(at, language) for at in (walk.first_at, walk.last_at))
        yield tell("ends", first=first, last=last, head=walk.head)
    if walk.unchained:
        yield tell("unchained", count=walk.unchained)
    if walk.unreadable:
        yield tell("torn", count=walk.unreadable)


def _describe_break(broken: Break, tell: Tell) -> str:
    why = tell("unchained_record" if broken.kind == "unchained" else broken.kind)
    return tell("broken", position=broken.position, number=broken.number, kind=broken.kind, why=why)


def _format_time(at: float | None, language: str) -> str:
    return "-" if at is None else format_record_time(at, language)


def _read_chain(settings: Settings) -> Iterable[str | bytes]:
    if settings.audit == "off":
        raise ConfigurationError(NO_AUDIT[settings.language])
    if settings.audit == "store":
        return anyio.run(read_stored, settings, lambda store: store.read_chain())
    require_file(settings.audit)
    return AuditFile(settings.audit).read_chain()
