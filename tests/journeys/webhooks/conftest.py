"""Stores that several processes share."""

from tests.storage.fixtures import redis_server, redis_url, shared  # noqa: F401  fixtures
