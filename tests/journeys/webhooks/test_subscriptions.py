"""What a webhook brings reaches clients that subscribed: every transport, both eras, other processes."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import anyio
import pytest
from mcp import Client, MCPError

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, over_http, over_stdio
from tests.journeys.processes import listening, stdio_server
from tests.journeys.webhooks.shop import Merchant
from tests.journeys.webhooks.watching import LIST, Ear, Told, hear, watch

pytestmark = [pytest.mark.system, pytest.mark.anyio]

WAYS = ("streamable-http", "sse", "stdio", "replica")


class Place:
    """Servers on one account of the sandbox, and how a client reaches the one that serves it."""

    def __init__(self, merchant: Merchant, store: Path, ends: ExitStack) -> None:
        self.merchant, self._ends = merchant, ends
        self.environment = {"CONEKTA_API_KEY": merchant.key, "CONEKTA_BASE_URL": merchant.url}
        self.store = ("--store", str(store))

    def serve(self, *flags: str, ready: str = "/healthz") -> str:
        words = (*flags, *self.store)
        return self._ends.enter_context(listening(*words, ready=ready, **self.environment)).url

    @asynccontextmanager
    async def connect(self, way: str, era: Era, ear: Ear) -> AsyncIterator[Client]:
        """Connect to a server that learns of events by its own webhooks, or of another process."""
        http = ("serve", "--transport", "streamable-http,sse", "--webhooks")
        taking = self.serve("listen") if way == "stdio" else self.serve(*http)
        self.merchant.tell(taking)
        if way == "stdio":
            server = stdio_server(*self.store, **self.environment)
            connected = over_stdio(server, era, hears=ear.hear)
        else:
            url = self.serve(*http) if way == "replica" else taking
            transport = "streamable-http" if way == "replica" else way
            connected = over_http(url, transport, self.merchant.key, era, hears=ear.hear)
        finished = False
        try:
            async with connected as client:
                yield client
                finished = True
        except* anyio.BrokenResourceError:
            # The SDK's client over SSE fails where a message arrives while it is closed, such as the answer
            # to the request that listened.
            if not (finished and way == "sse"):
                raise


@pytest.fixture
def place(conekta: RunningSandbox, tmp_path: Path) -> Iterator[Place]:
    merchant = Merchant(conekta.url)
    merchant.make_key()
    with ExitStack() as ends:
        yield Place(merchant, tmp_path / "safety", ends)


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.close()


async def hear_until(told: Told, wanted: str) -> list[str]:
    """Everything up to the notification that is waited for."""
    heard = [await hear(told)]
    while heard[-1] != wanted:
        heard.append(await hear(told))
    return heard


@pytest.mark.parametrize("way", WAYS)
async def test_who_watches_an_order_hears_of_its_payment_and_of_no_other(
    place: Place, ear: Ear, way: str, era: Era
) -> None:
    shop = place.merchant
    mine, other = shop.make_order(), shop.make_order()
    address = f"conekta://orders/{mine}"
    async with place.connect(way, era, ear) as client, watch(client, era, ear, [address]) as told:
        shop.pay(other)
        shop.pay(mine)
        assert await hear(told) == address
        read = await client.read_resource(address)
        assert '"payment_status": "paid"' in read.contents[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("way", ["streamable-http", "sse", "replica"])
async def test_a_new_customer_changes_the_list_and_a_payment_the_profile(
    place: Place, ear: Ear, way: str, era: Era
) -> None:
    shop = place.merchant
    known = shop.make_customer()
    address = f"conekta://customers/{known}"
    async with (
        place.connect(way, era, ear) as client,
        watch(client, era, ear, [address], lists=True) as told,
    ):
        if era == "legacy":
            assert client.server_capabilities.resources is not None
            assert client.server_capabilities.resources.subscribe is True
            assert client.server_capabilities.resources.list_changed is True
        shop.make_customer("Beto Ruiz")
        assert await hear(told) == LIST
        shop.send("PUT", f"/customers/{known}", {"name": "Ana Gómez"})
        assert {await hear(told), await hear(told)} == {address, LIST}


async def test_what_one_may_not_read_one_may_not_watch(place: Place, ear: Ear, era: Era) -> None:
    stranger = Merchant(place.merchant.url)
    theirs = f"conekta://orders/{stranger.make_order()}"
    async with place.connect("streamable-http", era, ear) as client:
        for address in (theirs, "conekta://orders/ord_none", "conekta://nothing/1"):
            with pytest.raises(MCPError):
                async with watch(client, era, ear, [address]):
                    pass
        # The other account's webhooks do not come here: that is said, and no silence is promised.
        url = str(place.serve("serve", "--transport", "streamable-http", "--webhooks"))
        async with over_http(url, "streamable-http", stranger.key, era) as other:
            with pytest.raises(MCPError, match="no webhooks of this account are received here"):
                async with watch(other, era, ear, [theirs]):
                    pass
