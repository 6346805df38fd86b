"""The logs command: one readable line per write and refusal; new ones as they come with --follow."""

import argparse
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.cli.records.audit_verification import count_strange_lines
from conekta_mcp.cli.records.log_lines import ERRORS, find_end, format_line
from conekta_mcp.cli.records.record_filters import MAX_RECORDS, add_filters, matches_filters, parse_since
from conekta_mcp.cli.records.stored_records import require_shared_store
from conekta_mcp.cli.starting.stopping import catch_signals
from conekta_mcp.cli.words.audit import choose_words
from conekta_mcp.cli.words.shared import NO_AUDIT, describe_unreadable
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.storage.opening import open_configured_store

SETTINGS = select_settings(Group.SANDBOX, Group.STORAGE, "timezone", "language", "log_level")
PAUSE_SECONDS = 0.5
LATE_SECONDS = 120.0
"""How much older than its predecessor a record may be: clocks of processes differ."""
NOTHING = {"es": "Nada que mostrar.", "en": "Nothing to show."}
FOLLOWING = {"es": "Espera lo que venga; Ctrl+C termina.", "en": "Waiting for what comes; Ctrl+C ends it."}
UNREADABLE = {"es": "no se puede leer la bitácora: {told}", "en": "the audit cannot be read: {told}"}
AWAITED = {"es": "; se espera a que vuelva", "en": "; waiting for it to come back"}

Record = dict[str, Any]


class OutputFailed(Exception):
    """The output cannot be written, for example to a closed pipe; the audit log is not at fault."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Print what was written, refused and lost, a line each, from the audit log of the servers that use "
        "the same store or file. Reads are not recorded. With --follow it goes on with what comes."
    )
    parser.add_argument("--follow", "-f", action="store_true", help="go on with what comes, until Ctrl+C")
    parser.add_argument(
        "--errors", action="store_true", help="only what was refused, not applied, or is unknown"
    )
    add_filters(parser, what="lines", outcome="what ended so; open: what is sent")
    parser.add_argument("--json", action="store_true", help="print the records, one JSON object a line")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the lines; return 1 if they cannot be read, and the signal's code after a signal."""
    if settings.audit == "off":
        raise ConfigurationError(NO_AUDIT[settings.language])
    if settings.audit == "store":
        require_shared_store(settings)
    with catch_signals() as stop:
        try:
            anyio.run(stop.run, partial(print_lines, settings, arguments))
        except OutputFailed as problem:
            raise problem.reason from None
        except (StoreUnavailable, OSError) as problem:
            told = describe_unreadable(problem, settings.language)
            print(f"conekta-mcp logs: {UNREADABLE[settings.language].format(told=told)}", file=sys.stderr)
            return 1
    return stop.exit_code


async def print_lines(settings: Settings, arguments: argparse.Namespace) -> None:
    log = RecordLog(settings)
    try:
        since = parse_since(arguments.since, time.time()) if arguments.since else 0.0
        records = await log.read_new(since)
        if not records and (strange := count_strange_lines(settings)):
            told = choose_words(settings.language)("strange", file=settings.audit, count=strange)
            raise OSError(told)
        first = [one for one in records if is_wanted(one, arguments)][-arguments.limit :]
        _print_records(first, settings, arguments)
        if not arguments.follow:
            if not first:
                print(NOTHING[settings.language], file=sys.stderr)
            return
        if sys.stderr.isatty():
            print(FOLLOWING[settings.language], file=sys.stderr, flush=True)
        async for records in _follow(log, settings.language):
            _print_records([one for one in records if is_wanted(one, arguments)], settings, arguments)
    finally:
        await log.close()


def is_wanted(record: Record, wanted: argparse.Namespace) -> bool:
    if wanted.errors and find_end(record) not in ERRORS:
        return False
    return matches_filters([record], wanted)


async def _follow(log: "RecordLog", language: str) -> AsyncIterator[list[Record]]:
    """Yield new records; report once if the log cannot be read for a while, and wait for it."""
    is_away = False
    while True:
        await anyio.sleep(PAUSE_SECONDS)
        try:
            records = await log.read_new(log.newest - LATE_SECONDS)
        except (StoreUnavailable, OSError) as problem:
            if not is_away:
                told = UNREADABLE[language].format(told=describe_unreadable(problem, language).rstrip("."))
                print(f"conekta-mcp logs: {told}{AWAITED[language]}", file=sys.stderr, flush=True)
            is_away = True
            continue
        is_away = False
        yield records


class RecordLog:
    """The records of one audit log, each returned once."""

    def __init__(self, settings: Settings) -> None:
        self.newest = 0.0
        """The latest time of a record that was read."""
        self._settings = settings
        self._seen: dict[str, float] = {}
        self._state: object = None
        self._store = open_configured_store(settings, time.time) if settings.audit == "store" else None

    async def read_new(self, since: float) -> list[Record]:
        """Return the records from `since` on that were not returned yet."""
        if self._store:
            found = await self._store.read_records(since, MAX_RECORDS)
        else:
            found = list(self._read_file(since))
        return list(self._select_new(found))

    async def close(self) -> None:
        if self._store:
            await self._store.close()

    def _read_file(self, since: float) -> Iterator[Record]:
        path = Path(self._settings.audit)
        found = path.stat()  # a missing file is an error, and not an empty log
        state = (found.st_ino, found.st_size, found.st_mtime_ns)
        if state != self._state:
            self._state = state
            yield from AuditFile(self._settings.audit).read_records(since)

    def _select_new(self, records: list[Record]) -> Iterator[Record]:
        for record in records:
            name = json.dumps(record, sort_keys=True)
            if name not in self._seen:
                self._seen[name] = record["at"]
                self.newest = max(self.newest, record["at"])
                yield record
        # What is older is not read again.
        self._seen = {name: at for name, at in self._seen.items() if at >= self.newest - LATE_SECONDS}


def _print_records(records: list[Record], settings: Settings, arguments: argparse.Namespace) -> None:
    for record in records:
        is_json = arguments.json
        line = json.dumps(record, ensure_ascii=False) if is_json else format_line(record, settings.language)
        try:
            print(line, flush=True)
        except OSError as problem:
            raise OutputFailed(problem) from None
