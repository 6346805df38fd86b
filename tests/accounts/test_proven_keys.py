"""A key is proven by a successful request, until Conekta refuses it."""

from typing import Any

import pytest

from conekta_mcp.accounts import proven_keys
from conekta_mcp.accounts.proven_keys import ProvenKeys
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Failure
from conekta_mcp.redaction import fingerprint_key

pytestmark = pytest.mark.anyio
READ = Request("GET", "/customers")


class Conekta:
    """Answers `status` to every request."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.asked: list[tuple[str, ...]] = []

    def get_account(self, *key: str) -> "Conekta":
        self.asked.append(key)
        return self

    async def send(self, _: Request) -> dict[str, Any]:
        if self.status != 200:
            raise Failure(type="any", details=(), http_status=self.status)
        return {"data": []}


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [(200, False, True), (200, True, True), (401, True, False), (401, False, False), (404, False, False),
     (404, True, True), (500, True, True)],
)  # fmt: skip
async def test_only_a_success_proves_a_key_and_only_401_takes_it_back(
    status: int, before: bool, after: bool
) -> None:
    proven, conekta = ProvenKeys(), Conekta(status)
    name = fingerprint_key("key_a")
    if before:
        proven.add(name)
    for words in (("key_a",), ("key_a", "6a0000000000000000000001")):
        sender = proven.observe(conekta.get_account)(*words)
        if status == 200:
            assert await sender.send(READ) == {"data": []}
        else:
            with pytest.raises(Failure):
                await sender.send(READ)
        assert (name in proven) is after
    assert conekta.asked == [("key_a",), ("key_a", "6a0000000000000000000001")]


async def test_the_key_whose_last_success_is_longest_ago_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proven_keys, "MAX_KEYS", 2)
    proven = ProvenKeys()
    for name in ("a", "b", "a", "c"):
        proven.add(name)
    assert [name in proven for name in ("a", "b", "c")] == [True, False, True]
