"""A shop of its own for each test: the sandbox in process, with a clock that only moves on request."""

from collections.abc import Iterator

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.shop import OpenShop, Shop

START = 1_768_564_855  # 2026-01-16 12:00:55 UTC


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    opened = Ledger(clock=lambda: START, seed=1)
    yield opened
    opened.close()


@pytest.fixture
def shop(ledger: Ledger) -> Shop:
    return Shop(ledger)


@pytest.fixture(scope="session")
def open_shop() -> OpenShop:
    """Make further shops: `open_shop()` on a ledger of its own, `open_shop(ledger, key)` on a shared one."""

    def opened(ledger: Ledger | None = None, key: str = "key_shop") -> Shop:
        return Shop(ledger or Ledger(clock=lambda: START, seed=1), key)

    return opened


@pytest.fixture
def spei() -> dict[str, str]:
    return {"type": "spei"}


@pytest.fixture
def visa() -> dict[str, str]:
    return {"type": "card", "token_id": "tok_test_visa_4242"}
