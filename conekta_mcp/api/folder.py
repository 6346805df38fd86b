"""The folder of files that tools may send; no file outside of it is ever opened."""

import os
import stat
from pathlib import Path

from conekta_mcp.catalog.files import build_refusal

# Opening a pipe or a device must not block; a link put there after the check must not be followed.
OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


class Folder:
    """Reads files below `root`; a path is relative to it, or absolute and inside it."""

    def __init__(self, root: str) -> None:
        self._root = Path(root).resolve()

    def read(self, path: str, at_most: int, param: str) -> bytes:
        """Return the content of a regular file of at most `at_most` bytes; `param` is the argument's name.

        Raises:
            InvalidArguments: says what is wrong with the path.
        """
        try:
            descriptor = os.open(self._resolve_inside(path, param), OPEN_FLAGS)
        except (OSError, ValueError) as cause:
            raise build_refusal("file_not_found", param) from cause
        try:
            return _read_content(descriptor, at_most, param)
        finally:
            os.close(descriptor)

    def _resolve_inside(self, path: str, param: str) -> Path:
        """Return the real path, with every link followed."""
        try:
            real = (self._root / path).resolve()
        except RuntimeError as loop:
            raise build_refusal("file_not_found", param) from loop
        if not real.is_relative_to(self._root):
            raise build_refusal("file_outside_folder", param)
        return real


def _read_content(descriptor: int, at_most: int, param: str) -> bytes:
    # The open file is checked, not its path, which may lead elsewhere by now.
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise build_refusal("file_not_regular", param)
    if status.st_size > at_most:
        raise build_refusal("file_too_large", param)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(at_most + 1)
