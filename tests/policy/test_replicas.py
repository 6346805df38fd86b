"""Replicas on one store share an approval secret, or do not start."""

from typing import Any

import anyio
import pytest

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.policy.replicas import NOTE_SECONDS, ReplicaNote, keep_replica_note
from conekta_mcp.settings import Settings
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from tests.storage.fixtures import *  # noqa: F403 - the fixtures of stores, and what they need

pytestmark = pytest.mark.anyio
OLD, NEW, THIRD = ("s" * 32, "t" * 32, "u" * 32)
REFUSED = "another server on this store runs with other secrets"


async def test_a_server_that_shares_no_secret_with_one_that_runs_is_refused(
    replicas: tuple[Store, Store],
) -> None:
    await ReplicaNote((OLD,), replicas[0]).renew()
    with pytest.raises(ConfigurationError, match=REFUSED):
        await ReplicaNote((NEW,), replicas[1]).renew()
    assert OLD not in (await replicas[1].recall("replica-secrets") or "")


async def test_secrets_are_rotated_in_three_steps_and_not_in_two(replicas: tuple[Store, Store]) -> None:
    first, second = ReplicaNote((OLD,), replicas[0]), ReplicaNote((NEW, OLD), replicas[1])
    await first.renew()
    await second.renew()
    with pytest.raises(ConfigurationError, match=REFUSED):
        await ReplicaNote((NEW,), replicas[0]).renew()
    await first.withdraw()
    await ReplicaNote((NEW,), replicas[0]).renew()


async def test_a_note_counts_as_long_as_it_is_renewed(replicas: tuple[Store, Store], clock: Any) -> None:
    alive = ReplicaNote((OLD,), replicas[0])
    await alive.renew()
    clock.now += NOTE_SECONDS - 1
    await alive.renew()
    clock.now += NOTE_SECONDS - 1
    with pytest.raises(ConfigurationError, match=REFUSED):
        await ReplicaNote((NEW,), replicas[1]).renew()


async def test_a_server_that_was_killed_is_forgotten(replicas: tuple[Store, Store], clock: Any) -> None:
    await ReplicaNote((OLD,), replicas[0]).renew()
    clock.now += NOTE_SECONDS + 1
    await ReplicaNote((NEW,), replicas[1]).renew()


async def test_of_servers_that_start_at_once_only_those_of_one_secret_run(
    replicas: tuple[Store, Store],
) -> None:
    started, refused = [], []

    async def start(secret: str, store: Store) -> None:
        try:
            await ReplicaNote((secret,), store).renew()
            started.append(secret)
        except ConfigurationError:
            refused.append(secret)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(start, OLD, replicas[0])
            group.start_soon(start, NEW, replicas[1])
    assert (len(started), len(set(started)), len(refused), len(set(refused))) == (3, 1, 3, 1)


async def test_a_server_renews_its_note_and_takes_it_away_when_it_ends(
    shared: str, replicas: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.policy.replicas.RENEWAL_SECONDS", 0.01)
    async with keep_replica_note(Settings(approval_secrets=(OLD,), store=shared), replicas[0]):
        await replicas[1].remember("replica-secrets", "[]", 60.0)
        for _ in range(1000):
            if await replicas[1].recall("replica-secrets") != "[]":
                break
            await anyio.sleep(0.01)
        else:
            raise AssertionError("it was not renewed")
    assert await replicas[1].recall("replica-secrets") == "[]"


async def test_separate_stores_are_not_compared_when_they_are_accepted(
    shared: str, replicas: tuple[Store, Store]
) -> None:
    await ReplicaNote((OLD,), replicas[0]).renew()
    accepted = Settings(approval_secrets=(NEW,), store=shared, accept_losing_safety=("separate-stores",))
    async with keep_replica_note(accepted, replicas[1]):
        pass


async def test_a_store_that_does_not_answer_is_named_as_the_setting() -> None:
    nobody = "redis://127.0.0.1:1/0"
    store = open_store(nobody, sandbox_state=None, sandbox=False, clock=lambda: 0.0)
    with pytest.raises(ConfigurationError, match=r"^--store: "):
        async with keep_replica_note(Settings(approval_secrets=(THIRD,), store=nobody), store):
            raise AssertionError("it serves")
    await store.close()
