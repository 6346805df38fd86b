"""A client's file on disk: reads it with its encoding, keeps a backup, and replaces it atomically."""

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead

BOM = b"\xef\xbb\xbf"
PRIVATE = 0o600


@dataclass(frozen=True)
class ClientFile:
    """The content of a client's file; `content` is None if it does not exist."""

    path: Path
    """The real file, if the client's path is a link."""
    content: bytes | None
    mode: int = PRIVATE

    @property
    def text(self) -> str:
        """The text without byte order mark; raises CannotRead if it is not UTF-8."""
        try:
            return (self.content or b"").removeprefix(BOM).decode()
        except UnicodeDecodeError:
            raise CannotRead("it is not in UTF-8") from None

    def encode(self, text: str) -> bytes:
        has_mark = (self.content or b"").startswith(BOM)
        return (BOM if has_mark else b"") + text.encode()


def read_file(path: Path, mode: int = PRIVATE) -> ClientFile:
    """Read a file; `mode` is for a new one.

    Raises:
        CannotRead: it is not a file, or this user may not read it.
    """
    target = Path(os.path.realpath(path))
    try:
        found = target.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CannotRead("it is no regular file")
        return ClientFile(target, target.read_bytes(), stat.S_IMODE(found.st_mode))
    except FileNotFoundError:
        return ClientFile(target, None, mode)
    except OSError as problem:
        raise CannotRead(problem.strerror or type(problem).__name__) from None


def refuse_read_only(file: ClientFile) -> None:
    """Raise CannotEdit for a read-only file: replacing it would ignore that."""
    if not file.mode & stat.S_IWUSR:
        raise CannotEdit("it is read-only")


def replace_file(file: ClientFile, text: str, now: float) -> Path | None:
    """Write `text`, and return the path of the backup, if there was a file.

    Raises:
        CannotEdit: another program changed the file meanwhile, or this user may not write it.
    """
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        backup = None if file.content is None else _back_up(file.path, file.content, now)
        draft = _write_draft(file.path, file.encode(text), file.mode)
        try:
            if read_file(file.path).content != file.content:
                raise CannotEdit("another program wrote it meanwhile; try again")
            draft.replace(file.path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as problem:
        raise CannotEdit(problem.strerror or type(problem).__name__) from None
    return backup


def _back_up(path: Path, content: bytes, now: float) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    for number in range(1, 1000):
        more = "" if number == 1 else f"-{number}"
        backup = path.with_name(f"{path.name}.bak-{stamp}{more}")
        try:
            _create(backup, content, PRIVATE)
        except FileExistsError:
            continue
        return backup
    raise CannotEdit("there are too many backups beside it")


def _write_draft(path: Path, content: bytes, mode: int) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    _create(draft, content, PRIVATE)
    draft.chmod(mode)
    return draft


def _create(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
