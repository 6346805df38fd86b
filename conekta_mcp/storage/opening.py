"""Chooses the durable store; it is opened, and its library imported, on first use."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.settings.parsing import MEMORY_STORES
from conekta_mcp.settings.reading import refuse_unusable_folder
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.serialization import DONE_SECONDS, build_store_failure
from conekta_mcp.storage.sqlite import SqliteStore
from conekta_mcp.storage.sqlite_file import MEMORY

DAY_SECONDS = 86_400.0
MOUNTS = Path("/proc/self/mounts")
MEMORY_DISKS = frozenset({"tmpfs", "ramfs", "devtmpfs"})
STORE_FILE = "safety.sqlite3"
STORE_SUFFIX = ".safety"
"""Added to the path of the sandbox's state, so that deleting both forgets the intents too."""


def read_mounts() -> str:
    """Return the mounted file systems, from Linux; "" on other systems."""
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def open_store(
    where: str | None,
    *,
    sandbox_state: str | None,
    sandbox: bool,
    clock: Callable[[], float],
    kept_seconds: float = DONE_SECONDS,
) -> Store:
    """Return the store at `where`: a file, redis:// or rediss://, or "memory".

    Without `where`, a sandbox's store goes the way of its state (`sandbox_state`, or memory), and any other's
    is a file in the user's state folder. `clock` returns unix seconds; if it is not the system's, it stands
    for the monotonic clock as well. Answers of done claims are kept for `kept_seconds`.
    """
    monotonic = time.monotonic if clock is time.time else clock
    if where is not None and where.startswith(("redis://", "rediss://")):
        from conekta_mcp.storage.redis import RedisStore

        return RedisStore(where, clock, monotonic=monotonic, kept_seconds=kept_seconds)
    if where is None:
        return SqliteStore(_get_default_path(sandbox_state, sandbox), clock, monotonic, kept_seconds)
    return SqliteStore(MEMORY if where in MEMORY_STORES else where, clock, monotonic, kept_seconds)


def open_configured_store(settings: Settings, clock: Callable[[], float]) -> Store:
    """Return the store of a server with these settings; see `open_store`."""
    return open_store(
        settings.store,
        sandbox_state=settings.state,
        sandbox=settings.sandbox,
        clock=clock,
        kept_seconds=settings.key_days * DAY_SECONDS,
    )


def is_shared(settings: Settings) -> bool:
    """Tell whether other processes can open the same store."""
    where = settings.store or _get_default_path(settings.state, settings.sandbox)
    return where not in (*MEMORY_STORES, MEMORY)


def describe_store(settings: Settings) -> str:
    """Return the address of the store without user and password."""
    where = settings.store
    if where is not None and "://" in where:
        parts = urlsplit(where)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"
    found = where or _get_default_path(settings.state, settings.sandbox)
    named = found if isinstance(found, str) else _get_user_path()
    return "memory" if named == MEMORY else named


def can_open_default_store(settings: Settings) -> bool:
    """Tell, without opening it, whether this user may write the default store; True if another is named."""
    if settings.store is not None or settings.sandbox:
        return True
    try:
        place = Path(_find_user_path())
    except StoreUnavailable:
        return False
    there = next(one for one in (place, *place.parents) if one.exists())
    return os.access(there, os.W_OK) and there.is_dir() == (there != place)


def is_on_memory_disk(where: str | None, read_mounts: Callable[[], str] = read_mounts) -> bool:
    """Tell whether the file is on a file system that a restart of the machine empties."""
    if where in (*MEMORY_STORES, MEMORY):
        return False
    path = Path(where or _get_user_path()).resolve()
    found = ""
    kind = ""
    for line in read_mounts().splitlines():
        _, mount, name, *_ = [*line.split(), "", "", ""]
        folder = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), mount)
        # A later mount on the same folder covers an earlier one.
        if folder and path.is_relative_to(folder) and len(folder) >= len(found):
            found, kind = folder, name
    return kind in MEMORY_DISKS


def _get_default_path(sandbox_state: str | None, sandbox: bool) -> str | Callable[[], str]:
    if not sandbox:
        return _find_user_path
    return MEMORY if sandbox_state is None else sandbox_state + STORE_SUFFIX


def _find_user_path() -> str:
    try:
        refuse_unusable_folder("XDG_STATE_HOME")
    except ConfigurationError:
        raise build_store_failure("store_without_home") from None
    return _get_user_path()


def _get_user_path() -> str:
    import platformdirs

    return str(platformdirs.user_state_path("conekta-mcp") / STORE_FILE)
