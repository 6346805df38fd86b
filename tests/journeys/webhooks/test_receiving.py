"""Webhooks over real sockets: bursts, restarts, the sandbox's own deliveries, and calls that wait."""

import base64
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import anyio
import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from conekta_mcp.app import App
from conekta_mcp.domains.support.explaining import waiting
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from conekta_mcp.storage.opening import open_store
from tests.events.post_office import get_pem, make_pair, write_event
from tests.journeys.clients import Era, answer, in_memory, over_http
from tests.journeys.processes import listening
from tests.journeys.webhooks.shop import Merchant

pytestmark = [pytest.mark.system, pytest.mark.anyio]

EVENTS, CONNECTIONS = 1000, 32
PATH = "/webhooks/conekta"


@pytest.fixture
def merchant(conekta: RunningSandbox) -> Merchant:
    return Merchant(conekta.url)


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    file = tmp_path / "keys.pem"
    file.write_text(get_pem(make_pair("burst", 2048)))
    return str(file)


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def sign(content: bytes) -> str:
    signature = make_pair("burst", 2048).sign(content, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def post_all(urls: list[str], bodies: list[bytes]) -> list[int]:
    """Send the bodies over 32 connections, and return the statuses in their order."""
    local = threading.local()

    def post(place: int) -> int:
        client = getattr(local, "client", None)
        if client is None:
            client = local.client = httpx.Client(trust_env=False, timeout=120)
            clients.append(client)
        content = bodies[place]
        headers = {"Digest": sign(content), "Content-Type": "application/json"}
        status: int = client.post(
            urls[place % len(urls)] + PATH, content=content, headers=headers
        ).status_code
        return status

    clients: list[httpx.Client] = []
    try:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return list(pool.map(post, range(len(bodies))))
    finally:
        for client in clients:
            client.close()


async def list_kept(where: str) -> list[str]:
    store = open_store(where, sandbox_state=None, sandbox=False, clock=lambda: 0.0)
    kept: list[str] = []
    number = 0
    while page := await store.journal.list_after(number, 100):
        kept += [one.id for one in page]
        number = page[-1].number
    await store.close()
    return kept


@pytest.mark.parametrize("replicas", [1, 2])
async def test_a_burst_of_a_thousand_events_loses_none_and_keeps_none_twice(
    merchant: Merchant, key_file: str, shared: str, ends: ExitStack, replicas: int
) -> None:
    environment = {"CONEKTA_API_KEY": merchant.key, "CONEKTA_BASE_URL": merchant.url}
    flags = ("serve", "--transport", "streamable-http", "--webhooks", "--webhook-keys", key_file)
    urls = [
        ends.enter_context(listening(*flags, "--store", shared, ready="/healthz", **environment)).url
        for _ in range(replicas)
    ]
    bodies = [write_event(f"{number:024x}") for number in range(EVENTS)]
    # Every fifth comes twice, as Conekta's do.
    sent = [*bodies, *bodies[::5]]
    assert set(await anyio.to_thread.run_sync(post_all, urls, sent)) == {200}
    assert sorted(await list_kept(shared)) == [f"{number:024x}" for number in range(EVENTS)]


async def test_what_was_answered_with_200_outlives_the_process_that_is_killed(
    merchant: Merchant, key_file: str, tmp_path: Path, ends: ExitStack
) -> None:
    environment = {"CONEKTA_API_KEY": merchant.key, "CONEKTA_BASE_URL": merchant.url}
    where = str(tmp_path / "safety")
    flags = ("listen", "--webhook-keys", key_file, "--store", where)
    running = ends.enter_context(listening(*flags, ready="/healthz", **environment))
    bodies = [write_event(f"{number:024x}") for number in range(40)]
    assert set(await anyio.to_thread.run_sync(post_all, [running.url], bodies)) == {200}
    running.process.kill()
    running.process.wait(60)
    with closing(sqlite3.connect(where)) as connection:
        assert connection.execute("SELECT count(*) FROM webhook_events").fetchone() == (40,)
        kept = connection.execute("SELECT event FROM webhook_events LIMIT 1").fetchone()
    assert "Ana" not in json.dumps(kept)


async def test_the_sandbox_delivers_to_the_server_that_it_is_part_of_and_sends_again(ends: ExitStack) -> None:
    tools = "create_webhook,create_webhook_key,resend_event,list_events"
    flags = ("serve", "--transport", "streamable-http", "--webhooks", "--sandbox", "--tools", tools)
    server = ends.enter_context(listening(*flags, "--confirm", "never", ready="/healthz"))
    customer = {"name": "Ana Pérez", "email": "ana@example.com", "phone": "+5215555555555"}
    async with over_http(server.url, "streamable-http", None) as client:
        hook = {"url": server.url + PATH, "subscribed_events": ["customer.created"]}
        made = await answer(client, "create_webhook", hook)

        async def wait_for_status(wanted: int, send_again: bool = False) -> None:
            with anyio.fail_after(120):
                while True:
                    page = await answer(client, "list_events", {"detail": "full"})
                    (event,) = (one for one in page["conekta"]["data"] if one["webhook_logs"])
                    if event["webhook_logs"][0]["last_http_response_status"] == wanted:
                        return
                    if send_again:
                        again = {"event_id": event["id"], "webhooks_ids": [made["id"]]}
                        await answer(client, "resend_event", {**again, "idempotency_key": uuid.uuid4().hex})
                    await anyio.sleep(0.5)

        # Without a webhook key Conekta signs nothing.
        await answer(client, "create_customer", customer)
        await wait_for_status(401)
        await answer(client, "create_webhook_key", {})
        await wait_for_status(200, send_again=True)
    assert "a webhook was refused: it has no Digest header" in server.said()
    assert "example.com" not in server.said()


async def test_a_call_that_waits_is_woken_by_the_webhook_and_not_by_the_clock(
    merchant: Merchant, shared: str, ends: ExitStack, era: Era, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only news can end the wait: the next reading by itself would come after the test.
    monkeypatch.setattr(waiting, "FIRST_DELAY", 10_000.0)
    merchant.make_key()
    environment = {"CONEKTA_API_KEY": merchant.key, "CONEKTA_BASE_URL": merchant.url}
    taking = ends.enter_context(listening("listen", "--store", shared, ready="/healthz", **environment))
    merchant.tell(taking.url, "order.paid")
    order = merchant.make_order()
    found: list[dict[str, object]] = []
    own = {"sandbox": False, "api_key": merchant.key, "base_url": merchant.url, "store": shared}
    async with in_memory(era, **own) as (client, app):

        async def wait() -> None:
            found.append(await answer(client, "wait_for_payment", {"id": order, "minutes": 5}))

        with anyio.fail_after(120):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(wait)
                await wait_until_followed(app)
                await anyio.to_thread.run_sync(merchant.pay, order)
    assert (found[0]["outcome"], found[0]["reads"]) == ("paid", 2)


async def wait_until_followed(app: App) -> None:
    while True:
        if "events" in vars(app) and app.events.feed.has_listeners:
            return
        await anyio.sleep(0.01)


async def test_without_webhooks_nothing_is_followed(era: Era) -> None:
    async with in_memory(era) as (client, app):
        assert app.settings.follows_events is False
        await client.list_resources()
        assert "events" not in vars(app)
    assert Settings(transport=("streamable-http",)).follows_events is False
    assert Settings(transport=("streamable-http",), webhooks=True, sandbox=True).follows_events is True
    assert Settings(store="memory").follows_events is False
    assert Settings().follows_events is True
