"""What commands read in the store that servers write to."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from conekta_mcp.cli.words.shared import IN_MEMORY
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings
from conekta_mcp.storage.protocol import Store

T = TypeVar("T")


def require_shared_store(settings: Settings) -> None:
    """Raise ConfigurationError for a store in the memory of one process, which no other process can read."""
    from conekta_mcp.storage.opening import is_shared

    if not is_shared(settings):
        raise ConfigurationError(IN_MEMORY[settings.language])


async def read_stored(settings: Settings, read: Callable[[Store], Awaitable[T]]) -> T:
    """Return what `read` finds in the store, which is open for as long as that takes."""
    from conekta_mcp.storage.opening import open_configured_store

    require_shared_store(settings)
    store = open_configured_store(settings, time.time)
    try:
        return await read(store)
    finally:
        await store.close()
