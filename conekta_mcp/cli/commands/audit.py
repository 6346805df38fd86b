"""The audit command: prints the records of writes and refusals that match the filters."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

import anyio

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.cli.parser import find_near
from conekta_mcp.cli.records.audit_verification import count_strange_lines, verify
from conekta_mcp.cli.records.audited_calls import format_record_time, group_by_call, summarize_call
from conekta_mcp.cli.records.record_filters import MAX_RECORDS, add_filters, matches_filters, parse_since
from conekta_mcp.cli.records.stored_records import read_stored
from conekta_mcp.cli.tables import find_width, format_table
from conekta_mcp.cli.words.audit import HEADS, choose_words
from conekta_mcp.cli.words.shared import NO_AUDIT, Tell, describe_unreadable, require_file
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.results.text import format_pesos
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(Group.SANDBOX, Group.STORAGE, "timezone", "language", "log_level")
MAX_WIDTH = 200
COLUMNS = ("mode", "profile", "tool", "amount", "outcome", "consent", "ids", "told", "account", "client")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_filters(
        parser,
        what="calls",
        outcome=(
            "calls that ended so; open: recorded before it was sent, and never after (conekta-mcp settle)"
        ),
    )
    parser.add_argument(
        "--json", action="store_true", help="print the records, one JSON object a line; what --verify found"
    )
    chain = parser.add_mutually_exclusive_group()
    chain.add_argument(
        "--verify", action="store_true",
        help="say whether the whole log is as it was written; exit 1 where a record was changed or removed",
    )  # fmt: skip
    chain.add_argument(
        "--head", action="store_true", help="print the hash of the last record, to be kept elsewhere"
    )
    parser.add_argument(
        "--since-head", metavar="HASH",
        help="with --verify: a hash that --head printed earlier; its record must still be there",
    )  # fmt: skip


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the matching records; return 1 if they cannot be read."""
    if arguments.verify or arguments.head or arguments.since_head:
        return verify(settings, arguments)
    tell = choose_words(settings.language)
    try:
        since = parse_since(arguments.since, time.time()) if arguments.since else 0.0
        records = _read_records(settings, since)
    except (StoreUnavailable, OSError) as problem:
        told = describe_unreadable(problem, settings.language)
        print(f"conekta-mcp audit: {tell('unreadable', told=told)}", file=sys.stderr)
        return 1
    found = [call for call in group_by_call(records) if matches_filters(call, arguments)][-arguments.limit :]
    for line in _format_lines(found, arguments, settings.language):
        print(line)
    if not records and (strange := count_strange_lines(settings)):
        told = tell("strange", file=settings.audit, count=strange)
        print(f"conekta-mcp audit: {tell('unreadable', told=told)}", file=sys.stderr)
        return 1
    if not found:
        print(tell("nothing") + _hint_at_tool(arguments.tool, tell), file=sys.stderr)
    if len(records) == MAX_RECORDS:
        print(tell("many", count=MAX_RECORDS), file=sys.stderr)
    return 0


def _hint_at_tool(name: str | None, tell: Tell) -> str:
    if name is None:
        return ""
    from conekta_mcp.cli.commands.completion import TOOLS

    near = None if name in TOOLS else find_near(name, TOOLS)
    return tell("no_tool", name=clean_line(name, MAX_WIDTH), near=near) if near else ""


def format_row(facts: Mapping[str, Any], tell: Tell) -> dict[str, str]:
    parts = [f"HTTP {facts['http_status']}" if "http_status" in facts else "", facts.get("code", "")]
    person = facts.get("person", tell("unknown_name"))
    parts += [tell("from", person=person, address=facts["address"]) if "address" in facts else ""]
    parts += [tell("log", log_id=facts["log_id"]) if "log_id" in facts else "", facts.get("rule", "")]
    written = {
        "amount": format_pesos(facts.get("amount"), facts.get("currency")),
        "ids": " ".join(map(str, facts.get("ids", ()))),
        "told": " ".join(part for part in parts if part),
    }
    others = {name: str(facts.get(name, "-")) for name in COLUMNS if name not in written}
    return {name: clean_line(written.get(name) or others.get(name) or "-", MAX_WIDTH) for name in COLUMNS}


def _format_lines(
    found: list[list[dict[str, Any]]], arguments: argparse.Namespace, language: str
) -> Iterable[str]:
    if arguments.json:
        return (json.dumps(record, ensure_ascii=False) for call in found for record in call)
    tell, colours = choose_words(language), {"unknown": "yellow", "open": "yellow", "refused": "red"}
    heads = [HEADS[language].get(name, name) for name in ("time", *COLUMNS)]
    rows = [
        (format_record_time(call[0]["at"], language), *format_row(summarize_call(call), tell).values())
        for call in found
    ]
    return format_table(heads, rows, find_width(), colours) if rows else ()


def _read_records(settings: Settings, since: float) -> list[dict[str, Any]]:
    if settings.audit == "off":
        raise ConfigurationError(NO_AUDIT[settings.language])
    if settings.audit == "store":
        return anyio.run(read_stored, settings, lambda store: store.read_records(since, MAX_RECORDS))
    require_file(settings.audit)
    return list(AuditFile(settings.audit).read_records(since))[-MAX_RECORDS:]
