"""A server with one approver, ana, on each kind of store in turn."""

from collections.abc import AsyncIterator

import pytest

from conekta_mcp.pages.approvers import passphrases
from tests.pages.inbox.visitors import Office, hash_once, open_office
from tests.storage.fixtures import MovableClock


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that nobody has are checked as quickly as the approvers of the tests."""
    monkeypatch.setattr(passphrases, "NOBODYS_HASH", hash_once("the passphrase of nobody"))


@pytest.fixture
async def office(shared: str, clock: MovableClock, anyio_backend: str) -> AsyncIterator[Office]:  # noqa: ARG001  so that it is made in the loop of the test
    async with open_office(shared, clock) as opened:
        await opened.add()
        yield opened
