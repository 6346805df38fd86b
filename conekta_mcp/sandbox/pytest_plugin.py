"""A pytest fixture with a running sandbox: `pytest_plugins = ["conekta_mcp.sandbox.pytest_plugin"]`."""

from collections.abc import Iterator

import pytest

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox


@pytest.fixture
def conekta_sandbox() -> Iterator[RunningSandbox]:
    """Run one sandbox for each test, with `.url` and `.ledger`."""
    with serve_sandbox() as running:
        yield running
