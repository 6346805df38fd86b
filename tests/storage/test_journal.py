"""Every promise of the journal of events, over SQLite in a file and in memory, and over Redis."""

from dataclasses import replace

import anyio
import pytest

from conekta_mcp.storage.journal import JournalEvent
from conekta_mcp.storage.protocol import Store
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio

DAY = 86_400.0
PAID = JournalEvent(
    account="a1b2c3d4e5f60718",
    id="6a0000000000000000000001",
    type="order.paid",
    ids=("ord_1", "cus_1"),
    at=1_790_000_000.5,
    created_at=1_789_999_990,
)


def name(number: int) -> JournalEvent:
    return replace(PAID, id=f"{number:024x}", ids=(f"ord_{number}",))


async def test_an_event_is_kept_once_for_its_account(store: Store) -> None:
    journal = store.journal
    assert (await journal.read_end(), await journal.find_latest()) == (0, None)
    assert await journal.add(PAID, DAY, 10) is True
    assert await journal.add(replace(PAID, type="order.updated"), DAY, 10) is False
    assert await journal.add(replace(PAID, account="0" * 16), DAY, 10) is True
    first, second = await journal.list_after(0, 10)
    assert (first, second.account) == (replace(PAID, number=first.number), "0" * 16)
    assert first.number < second.number == await journal.read_end()
    assert await journal.find_latest() == second
    assert await journal.list_after(first.number, 10) == [second]
    assert await journal.list_after(0, 1) == [first]


async def test_an_event_is_forgotten_when_its_term_is_over(store: Store, clock: MovableClock) -> None:
    journal = store.journal
    await journal.add(PAID, DAY, 10)
    clock.now += DAY - 1
    assert len(await journal.list_after(0, 10)) == 1
    clock.now += 1
    assert (await journal.list_after(0, 10), await journal.find_latest()) == ([], None)
    end = await journal.read_end()
    # As new again, under a number that nobody had.
    assert await journal.add(PAID, DAY, 10) is True
    assert [one.number for one in await journal.list_after(0, 10)] == [end + 1]


async def test_the_oldest_go_when_there_are_too_many(store: Store) -> None:
    journal = store.journal
    for number in range(1, 8):
        await journal.add(name(number), DAY, 3)
    assert [one.ids for one in await journal.list_after(0, 10)] == [("ord_5",), ("ord_6",), ("ord_7",)]
    assert await journal.add(name(7), DAY, 3) is False
    assert await journal.add(name(4), DAY, 3) is True


async def test_of_the_same_event_at_once_one_is_kept(replicas: tuple[Store, Store]) -> None:
    added: list[bool] = []

    async def add(place: Store) -> None:
        added.append(await place.journal.add(PAID, DAY, 1000))

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(add, replicas[number % 2])
    assert sorted(added) == [False] * 19 + [True]
    assert await replicas[0].journal.list_after(0, 10) == await replicas[1].journal.list_after(0, 10)
