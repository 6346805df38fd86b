"""The audit file: one JSON object per line, rotated by size, shared by processes, never deleted."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from conekta_mcp.storage.audit_chain.chain import find_head, link_record, parse_record, unlink_record

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from conekta_mcp.storage.protocol import Store

MAX_FILE_BYTES = 10_000_000
LOCK_SECONDS = 10.0
"""How long a record waits for the lock; an append takes milliseconds, so a longer holder is stuck."""
PRIVATE_MODE = 0o600
OTHERS_ACCESS = 0o077
BINARY_FLAG = getattr(os, "O_BINARY", 0)  # on Windows a line would end in two characters


def open_sink(where: str, open_store: Callable[[], Store]) -> Store | AuditFile | None:
    """Return the destination for this value of --audit: the store, a file, or none."""
    if where in {"store", "off"}:
        return open_store() if where == "store" else None
    return AuditFile(where)


class ForeignFile(OSError):
    """The file exists and was not created by this program."""


class AuditFile:
    """A file that records are appended to; a full one becomes FILE.1, the next FILE.2, and so on.

    Each record is written in one piece and synced while FILE.lock is held, so that processes take turns.
    """

    def __init__(self, path: str, largest: int = MAX_FILE_BYTES) -> None:
        self._path = Path(path)
        self._largest = largest

    def check(self) -> None:
        """Raise OSError if no record could be written, or for a foreign file; write nothing."""
        with self._create_lock():
            self._refuse_other_kinds()
            if self._path.exists():
                opened = os.open(self._path, os.O_RDWR | os.O_APPEND | BINARY_FLAG)
                try:
                    self._refuse_open_to_others(opened)
                    # A crash may cut a record off, even the first; its beginning stays.
                    if os.read(opened, 1) not in {b"", b"{", b"\n"}:
                        raise ForeignFile(self._path.name)
                finally:
                    os.close(opened)

    async def append(self, record: dict[str, Any]) -> None:
        """Append one record; it is on disk when this returns."""
        await anyio.to_thread.run_sync(self._append, record)

    def read_records(self, since: float = 0) -> Iterator[dict[str, Any]]:
        """Yield the records from `since` (unix seconds) on, oldest first; skip damaged lines."""
        for path in (*self._list_rotated(), self._path):
            if path.exists():
                with path.open(encoding="utf-8", errors="replace") as lines:
                    yield from (
                        unlink_record(record)
                        for record in map(_parse_line, lines)
                        if record and record["at"] >= since
                    )

    def read_chain(self) -> Iterator[bytes]:
        """Yield all lines that exist at the start, oldest first."""
        # A long log takes longer to walk than a write waits: the lock is held only while the one file that
        # still grows is read. A rotated file never changes.
        with self._create_lock():
            rotated = self._list_rotated()
            latest = self._path.read_bytes() if self._path.exists() else b""
        for path in rotated:
            with path.open("rb") as lines:
                yield from (line for line in lines if line.strip())
        yield from (line for line in latest.split(b"\n") if line.strip())

    def _append(self, record: dict[str, Any]) -> None:
        with self._create_lock():
            self._refuse_other_kinds()
            linked = link_record(record, find_head(self._iter_latest_lines()))
            line = (json.dumps(linked, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
            if self._path.exists() and self._path.stat().st_size + len(line) > self._largest:
                self._rotate()
            whole = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY_FLAG, PRIVATE_MODE)
            try:
                self._refuse_open_to_others(whole)
                torn = os.lseek(whole, 0, os.SEEK_END) and _read_last_byte(whole) != b"\n"
                _write_all(whole, b"\n" + line if torn else line)
                # On disk before the write goes to Conekta: a crash must not leave a payment without a record.
                os.fsync(whole)
            finally:
                os.close(whole)

    def _refuse_other_kinds(self) -> None:
        """Raise OSError for a pipe, device or folder: opening a pipe would block."""
        if self._path.exists() and not self._path.is_file():
            raise OSError(f"{self._path.name} is not a file")

    def _refuse_open_to_others(self, opened: int) -> None:
        if os.name == "posix" and os.fstat(opened).st_mode & OTHERS_ACCESS:
            raise PermissionError(f"{self._path.name} is open to other users; chmod 600 it")

    def _iter_latest_lines(self) -> Iterator[bytes]:
        for path in (self._path, *reversed(self._list_rotated())):
            if path.exists():
                yield from iter_lines_backwards(path)

    def _create_lock(self) -> BaseFileLock:
        """Return the lock that processes take turns with; the system frees it if one of them dies.

        Who waits longer than LOCK_SECONDS for it gets a TimeoutError, and its write is not sent.
        """
        from filelock import FileLock

        if not self._path.parent.is_dir():  # FileLock would create it
            raise FileNotFoundError(self._path.parent)
        return FileLock(f"{self._path}.lock", timeout=LOCK_SECONDS, mode=PRIVATE_MODE)

    def _rotate(self) -> None:
        # The next free number: no file is ever overwritten.
        latest = max((_get_rotation_number(path) for path in self._list_rotated()), default=0)
        self._path.rename(self._path.with_name(f"{self._path.name}.{latest + 1}"))

    def _list_rotated(self) -> list[Path]:
        """Return the rotated files, oldest first."""
        beside = self._path.parent.iterdir() if self._path.parent.is_dir() else ()
        named = re.compile(re.escape(self._path.name) + r"\.\d+")
        return sorted((path for path in beside if named.fullmatch(path.name)), key=_get_rotation_number)


def _get_rotation_number(path: Path) -> int:
    return int(path.suffix[1:])


def _read_last_byte(whole: int) -> bytes:
    os.lseek(whole, -1, os.SEEK_END)
    return os.read(whole, 1)


def _write_all(whole: int, line: bytes) -> None:
    while line:
        line = line[os.write(whole, line) :]


def iter_lines_backwards(path: Path, block: int = 65_536) -> Iterator[bytes]:
    """Yield the lines of a file from its end, without reading all of it; skip empty ones."""
    with path.open("rb") as whole:
        place, rest = whole.seek(0, os.SEEK_END), b""
        while place:
            size = min(block, place)
            place = whole.seek(place - size)
            first, *lines = (whole.read(size) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line.strip())
            rest = first
        if rest.strip():
            yield rest


def _parse_line(line: str) -> dict[str, Any] | None:
    record = parse_record(line)
    return record if record and isinstance(record.get("at"), int | float) else None
