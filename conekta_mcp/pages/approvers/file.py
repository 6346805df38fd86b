"""Approvers in a JSON file that no other user may access; also chooses between file and store."""

import json
import os
import stat
import tempfile
from pathlib import Path

import anyio.to_thread

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.pages.approvers.approver import (
    Approver,
    Approvers,
    StoredApprovers,
    format_approver,
    parse_approver,
)
from conekta_mcp.settings.approvals import IN_STORE
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage.protocol import Store

OTHERS_ACCESS = 0o077
PRIVATE_MODE = 0o600
MAX_BYTES = 1_000_000
LOCK_SECONDS = 10.0
POSIX = os.name == "posix"


class ApproversFile:
    """Approvers in one file; a change replaces it atomically while FILE.lock is held."""

    def __init__(self, path: str, *, posix: bool = POSIX) -> None:
        self._path, self._posix = Path(path), posix

    async def list_all(self) -> list[Approver]:
        return sorted((await self._read_all()).values(), key=lambda one: one.name)

    async def find(self, name: str) -> Approver | None:
        return (await self._read_all()).get(name)

    async def replace(self, old: Approver | None, new: Approver | None) -> bool:
        return await anyio.to_thread.run_sync(self._replace, old, new)

    async def _read_all(self) -> dict[str, Approver]:
        return await anyio.to_thread.run_sync(self._read)

    def _replace(self, old: Approver | None, new: Approver | None) -> bool:
        from filelock import FileLock, Timeout

        found = new or old
        if found is None:
            return True
        try:
            with FileLock(f"{self._path}.lock", timeout=LOCK_SECONDS, mode=PRIVATE_MODE):
                kept = self._read()
                if kept.get(found.name) != old:
                    return False
                kept.pop(found.name, None)
                if new:
                    kept[new.name] = new
                self._write(kept)
        except (OSError, Timeout):
            raise ConfigurationError("--approvers: the file cannot be written by this user") from None
        return True

    def _read(self) -> dict[str, Approver]:
        try:
            # Permissions are checked on the open file: between two looks at a name the file may be swapped.
            # O_NONBLOCK: opening a named pipe would wait for a writer.
            opened = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return {}
        except OSError:
            raise ConfigurationError("--approvers: the file cannot be read by this user") from None
        with os.fdopen(opened, "rb") as file:
            self._refuse_open_file(os.fstat(file.fileno()))
            text = file.read(MAX_BYTES)
        try:
            found = [parse_approver(one) for one in json.loads(text)["approvers"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigurationError("--approvers: the file is not one of approvers") from None
        return {one.name: one for one in found}

    def _refuse_open_file(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigurationError("--approvers: expected a regular file")
        if not self._posix:  # Windows has no permission bits to check
            return
        if found.st_uid != os.geteuid():
            raise ConfigurationError("--approvers: the file belongs to another user; chown it to this one")
        if found.st_mode & OTHERS_ACCESS:
            raise ConfigurationError("--approvers: others may read or write the file; chmod 600 it")

    def _write(self, approvers: dict[str, Approver]) -> None:
        kept = [format_approver(approvers[name]) for name in sorted(approvers)]
        # mkstemp makes it with mode 600; its name becomes the file's only when all of it is on disk.
        opened, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        try:
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                json.dump({"approvers": kept}, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def open_approvers(settings: Settings, store: Store) -> Approvers:
    return StoredApprovers(store) if settings.approvers == IN_STORE else ApproversFile(settings.approvers)
