"""Counts of attempts to sign in that share a place in the store."""

from hashlib import sha256

import pytest

from conekta_mcp.pages.approvers.attempts import DIGEST_DIGITS, MOST_BY_NAME_THERE, SALT, SignInAttempts
from conekta_mcp.storage.sqlite import SqliteStore
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
THERE, ELSEWHERE = "198.51.100.1", "203.0.113.9"


def find_name_with_the_count_of_ana() -> str:
    """What a stranger can find who knows the name of an approver, her address and this code."""

    def place(name: str, address: str) -> str:
        return sha256(f"name_there {name}\n{address}".encode()).hexdigest()[:DIGEST_DIGITS]

    return next(
        name
        for name in (f"x{number}" for number in range(10**7))
        if place(name, ELSEWHERE) == place("ana", THERE)
    )


async def test_a_stranger_cannot_choose_a_name_that_uses_up_an_approvers_attempts() -> None:
    store = SqliteStore(":memory:", MovableClock(1_790_000_000.0))
    await store.remember(SALT, "0" * 32, 1e9)  # so that no other salt hits her place by chance
    attempts, name = SignInAttempts(store), find_name_with_the_count_of_ana()
    for _ in range(MOST_BY_NAME_THERE):
        assert await attempts.count(name, ELSEWHERE) is None
    refused = await attempts.count(name, ELSEWHERE)
    assert (refused and refused.by) == "name_there"
    assert await attempts.count("ana", THERE) is None


async def test_each_store_has_a_salt_of_its_own() -> None:
    salts = set()
    for _ in range(2):
        store = SqliteStore(":memory:", MovableClock(1_790_000_000.0))
        await SignInAttempts(store).count("ana", THERE)
        salts.add(await store.recall(SALT))
    assert len(salts - {None}) == 2
