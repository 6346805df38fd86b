"""Stores to receive events into."""

from tests.storage.fixtures import (  # noqa: F401  fixtures
    anyio_backend,
    clock,
    redis_server,
    redis_url,
    replicas,
    shared,
    store,
)
