"""Who waits for an order is woken by an event that touches it, whichever process received it."""

import logging
from collections.abc import AsyncIterator, Callable

import anyio
import pytest

from conekta_mcp.events.feed import EventFeed
from conekta_mcp.events.news import EventNews
from conekta_mcp.storage.journal import JournalEvent
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.serialization import build_store_failure

pytestmark = pytest.mark.anyio

LONG = 60.0
SHORT = 0.05


def build_event(number: int, *ids: str) -> JournalEvent:
    return JournalEvent(account="a1", id=f"{number:024x}", type="order.paid", ids=ids, at=1.0)


async def add(store: Store, number: int, *ids: str) -> None:
    await store.journal.add(build_event(number, *ids), 86_400, 10_000)


class CountedJournal:
    """A journal that counts how often it is looked at, and fails while it is told to."""

    def __init__(self, store: Store) -> None:
        self._journal, self.looks, self.is_away = store.journal, 0, False
        self.lost = 0
        """How many events were there before the store was emptied."""

    async def add(self, event: JournalEvent, seconds: float, most: int) -> bool:
        return await self._journal.add(event, seconds, most)

    async def read_end(self) -> int:
        self.looks += 1
        if self.is_away:
            raise build_store_failure("store_unavailable", "OSError")
        return self.lost or await self._journal.read_end()

    async def list_after(self, number: int, limit: int) -> list[JournalEvent]:
        return await self._journal.list_after(number, limit)

    async def find_latest(self) -> JournalEvent | None:
        return await self._journal.find_latest()


@pytest.fixture
async def both(replicas: tuple[Store, Store]) -> AsyncIterator[tuple[EventFeed, Store]]:
    """The feed of one process, and the store as another one opened it."""
    feed = EventFeed(replicas[0].journal, poll_seconds=0.01)
    yield feed, replicas[1]
    await feed.close()


async def wait_until(is_so: Callable[[], bool]) -> None:
    with anyio.fail_after(LONG):
        while True:
            if is_so():
                return
            await anyio.sleep(0.001)


async def test_a_wait_ends_with_the_event_that_another_process_received(
    both: tuple[EventFeed, Store],
) -> None:
    feed, elsewhere = both
    news, woken = EventNews(feed), []

    async def wait() -> None:
        woken.append(await news.wait(("ord_1", "cus_9"), LONG))

    with anyio.fail_after(LONG / 2):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await wait_until(lambda: feed.has_listeners)
            await add(elsewhere, 1, "ord_2")
            await add(elsewhere, 2, "ord_1", "cus_1")
    assert woken == [True]


async def test_a_wait_without_an_event_lasts_its_time(both: tuple[EventFeed, Store]) -> None:
    feed, elsewhere = both
    await add(elsewhere, 1, "ord_1")  # before it was waited for
    assert await EventNews(feed).wait(("ord_1",), SHORT) is False


async def test_what_comes_between_two_waits_ends_the_second_at_once(both: tuple[EventFeed, Store]) -> None:
    feed, elsewhere = both
    news = EventNews(feed)
    # Opened beforehand: on a slow machine a short wait could be over before the journal was read.
    async with feed.follow(lambda _: None):
        assert await news.wait(("ord_1",), SHORT) is False
        await add(elsewhere, 1, "ord_1")
        with anyio.fail_after(LONG / 2):
            assert await news.wait(("ord_1",), LONG) is True
        assert await news.wait(("ord_1",), SHORT) is False


async def test_all_who_wait_for_the_same_are_woken(both: tuple[EventFeed, Store]) -> None:
    feed, elsewhere = both
    news, woken = EventNews(feed), []

    async def wait() -> None:
        woken.append(await news.wait(("ord_1",), LONG))

    with anyio.fail_after(LONG / 2):
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(wait)
            await wait_until(lambda: feed.has_listeners)
            await anyio.wait_all_tasks_blocked()
            await add(elsewhere, 1, "ord_1")
    assert woken == [True] * 5


async def test_a_thousand_events_are_told_each_once_and_in_order(both: tuple[EventFeed, Store]) -> None:
    feed, elsewhere = both
    told: list[str] = []
    async with feed.follow(lambda event: told.append(event.ids[0])):
        for number in range(1000):
            await add(elsewhere, number, f"ord_{number}")
        await wait_until(lambda: len(told) == 1000)
    assert told == [f"ord_{number}" for number in range(1000)]


async def test_the_store_is_only_looked_at_while_somebody_listens(store: Store) -> None:
    journal = CountedJournal(store)
    feed = EventFeed(journal, poll_seconds=0.001)
    assert journal.looks == 0
    async with feed.follow(lambda _: None):
        await wait_until(lambda: journal.looks >= 5)
    await wait_until(lambda: not feed.is_followed)
    looks = journal.looks
    await anyio.sleep(0.02)
    assert journal.looks == looks
    # Who comes later hears what happens from then on.
    told: list[JournalEvent] = []
    async with feed.follow(told.append):
        await add(store, 1, "ord_1")
        await wait_until(lambda: bool(told))
    await feed.close()


async def test_a_store_that_is_away_for_a_while_loses_nothing(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    journal, told = CountedJournal(store), []
    feed = EventFeed(journal, poll_seconds=0.001)
    with caplog.at_level(logging.WARNING):
        async with feed.follow(lambda event: told.append(event.ids[0])):
            journal.is_away = True
            await add(store, 1, "ord_1")
            seen = journal.looks
            await wait_until(lambda: journal.looks >= seen + 5)
            assert told == []
            journal.is_away = False
            await wait_until(lambda: bool(told))
    await feed.close()
    assert caplog.text.count("events cannot be followed") == 1


async def test_a_wait_over_a_store_that_is_away_lasts_its_time(store: Store) -> None:
    journal = CountedJournal(store)
    journal.is_away = True
    feed = EventFeed(journal)
    assert await EventNews(feed).wait(("ord_1",), SHORT) is False
    assert not feed.is_followed


async def test_a_listener_that_fails_does_not_keep_it_from_the_others(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    feed, told = EventFeed(store.journal, poll_seconds=0.001), []

    def fail(_: JournalEvent) -> None:
        raise RuntimeError("it is broken")

    async with feed.follow(fail), feed.follow(lambda event: told.append(event.ids[0])):
        await add(store, 1, "ord_1")
        await wait_until(lambda: bool(told))
    await feed.close()
    assert "an event could not be told" in caplog.text


async def test_a_store_that_was_emptied_is_followed_from_its_beginning(store: Store) -> None:
    journal, told = CountedJournal(store), []
    journal.lost = 500
    feed = EventFeed(journal, poll_seconds=0.001)
    async with feed.follow(lambda event: told.append(event.ids[0])):
        journal.lost = 0
        seen = journal.looks
        await wait_until(lambda: journal.looks >= seen + 2)
        await add(store, 1, "ord_1")
        await wait_until(lambda: bool(told))
    await feed.close()
    assert told == ["ord_1"]


async def test_a_defect_does_not_end_the_feed(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(CountedJournal):
        async def list_after(self, number: int, limit: int) -> list[JournalEvent]:
            if self.lost == 0:
                self.lost = -1
                raise RuntimeError("it is broken")
            return await super().list_after(number, limit)

        async def read_end(self) -> int:
            return await self._journal.read_end()

    told: list[JournalEvent] = []
    feed = EventFeed(Broken(store), poll_seconds=0.001)
    async with feed.follow(told.append):
        await add(store, 1, "ord_1")
        await wait_until(lambda: bool(told))
    await feed.close()
    assert "events cannot be followed" in caplog.text
