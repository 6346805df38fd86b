"""What subscribers are notified of, and that subscriptions end with their session."""

import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
from mcp import Client, MCPError
from mcp.shared.exceptions import MCPDeprecationWarning

from conekta_mcp.app import App
from conekta_mcp.server.subscriptions.gate import MAX_WATCHED
from conekta_mcp.server.subscriptions.watched import Watched
from conekta_mcp.settings import Settings
from conekta_mcp.storage.journal import JournalEvent
from tests.journeys.clients import Era, answer
from tests.journeys.webhooks.watching import LIST, Ear, hear, watch

pytestmark = pytest.mark.anyio

SECONDS = 60
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


class Desk:
    """A client of a server on the sandbox that takes webhooks, and events of its account."""

    def __init__(self, client: Client, app: App, ear: Ear) -> None:
        self.client, self.app, self.ear = client, app, ear
        self._count = 0

    async def add(self, *ids: str, kind: str = "order.paid", account: str | None = None) -> None:
        self._count += 1
        if account is None:
            account = await self.app.server._resources.read_account()
        event = JournalEvent(account, f"{self._count:024x}", kind, ids, 1.0)
        await self.app.store.journal.add(event, 86_400, 1000)
        self.app.events.feed.wake()

    async def make_customers(self, count: int = 2) -> list[str]:
        made = [await answer(self.client, "create_customer", ANA) for _ in range(count)]
        return [str(one["id"]) for one in made]


@asynccontextmanager
async def open_desk(era: Era, **settings: object) -> AsyncIterator[Desk]:
    app, ear = App(Settings(sandbox=True, **{"webhooks": True, **settings})), Ear()  # type: ignore[arg-type]
    try:
        if app.settings.webhooks:
            await app.events.keys.pin_all()
        async with Client(app.server, mode=era, message_handler=ear.hear) as client:
            yield Desk(client, app, ear)
    finally:
        ear.close()
        await app.close()


async def wait_until(is_so: Callable[[], bool]) -> None:
    with anyio.fail_after(SECONDS):
        while True:
            if is_so():
                return
            await anyio.sleep(0.005)


async def test_events_of_another_account_are_not_told_whatever_they_touch(era: Era) -> None:
    async with open_desk(era) as desk:
        first, second = (f"conekta://customers/{one}" for one in await desk.make_customers())
        async with watch(desk.client, era, desk.ear, [first, second], lists=True) as told:
            await desk.add(first.rpartition("/")[2], kind="customer.updated", account="0" * 16)
            await desk.add(second.rpartition("/")[2])
            assert await hear(told) == second


async def test_the_list_is_told_to_who_asked_for_it_and_only_of_customers(era: Era) -> None:
    async with open_desk(era) as desk:
        (one,) = await desk.make_customers(1)
        address = f"conekta://customers/{one}"
        async with watch(desk.client, era, desk.ear, [address], lists=True) as told:
            await desk.add("cus_new", kind="customer.created")
            assert await hear(told) == LIST
            await desk.add("plan_1", kind="plan.created")
            await desk.add(one)
            assert await hear(told) == address


async def test_nobody_is_followed_when_the_last_subscription_has_ended(era: Era) -> None:
    async with open_desk(era) as desk:
        (one,) = await desk.make_customers(1)
        address = f"conekta://customers/{one}"
        async with watch(desk.client, era, desk.ear, [address]):
            assert desk.app.events.feed.has_listeners
            if era == "legacy":
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", MCPDeprecationWarning)
                    await desk.client.unsubscribe_resource(address)
                    await desk.client.unsubscribe_resource("conekta://customers/cus_never")
        await wait_until(lambda: not desk.app.events.feed.has_listeners)
        # And again, on the same session.
        async with watch(desk.client, era, desk.ear, [address]) as told:
            await desk.add(one)
            assert await hear(told) == address


async def test_a_session_that_ends_ends_its_subscriptions(era: Era) -> None:
    app, ear = App(Settings(sandbox=True, webhooks=True)), Ear()
    await app.events.keys.pin_all()
    async with Client(app.server, mode=era, message_handler=ear.hear) as client:
        (one,) = await Desk(client, app, ear).make_customers(1)
        async with watch(client, era, ear, [f"conekta://customers/{one}"], lists=True):
            assert app.events.feed.has_listeners
    await wait_until(lambda: not app.events.feed.has_listeners)
    ear.close()
    await app.close()


async def test_one_that_does_not_listen_delays_no_other() -> None:
    app, ear, deaf = App(Settings(sandbox=True, webhooks=True)), Ear(), anyio.Event()

    async def hear_nothing(_: object) -> None:
        await deaf.wait()

    await app.events.keys.pin_all()
    async with (
        Client(app.server, mode="legacy", message_handler=hear_nothing) as slow,
        Client(app.server, mode="legacy", message_handler=ear.hear) as quick,
    ):
        desk = Desk(quick, app, ear)
        (one,) = await desk.make_customers(1)
        address = f"conekta://customers/{one}"
        async with watch(slow, "legacy", ear, [address]), watch(quick, "legacy", ear, [address]) as told:
            for _ in range(5):
                await desk.add(one)
                assert await hear(told) == address
        deaf.set()
    ear.close()
    await app.close()


async def test_what_the_operator_left_out_cannot_be_watched(era: Era) -> None:
    async with open_desk(era, exclude=("get_order",)) as desk:
        with pytest.raises(MCPError):
            async with watch(desk.client, era, desk.ear, ["conekta://orders/ord_1"]):
                pass


async def test_too_many_at_once_are_refused() -> None:
    async with open_desk("auto") as desk:
        addresses = [f"conekta://orders/ord_{number}" for number in range(MAX_WATCHED + 1)]
        with pytest.raises(MCPError, match=f"At most {MAX_WATCHED} resources"):
            async with watch(desk.client, "auto", desk.ear, addresses):
                pass


async def test_where_nothing_is_received_lists_can_be_asked_for_and_resources_not(era: Era) -> None:
    async with open_desk(era, webhooks=False, store="/nonexistent/never") as desk:
        assert desk.app.settings.follows_events
        if era == "legacy":
            assert desk.client.server_capabilities.resources is not None
            assert desk.client.server_capabilities.resources.list_changed is not True
        async with watch(desk.client, era, desk.ear, [], lists=True):
            assert "events" not in vars(desk.app)
        with pytest.raises(MCPError):
            async with watch(desk.client, era, desk.ear, ["conekta://orders/ord_1"]):
                pass


def test_an_address_is_touched_by_the_last_of_its_ids() -> None:
    watched = Watched("a1", {"conekta://customers/cus_1/subscriptions/sub_1": "sub_1"})
    event = JournalEvent("a1", "6a", "subscription.paid", ("sub_1", "cus_1"), 1.0)
    assert watched.find_touched(event) == ["conekta://customers/cus_1/subscriptions/sub_1"]
    assert watched.find_touched(JournalEvent("a1", "6b", "customer.updated", ("cus_1",), 1.0)) == []
