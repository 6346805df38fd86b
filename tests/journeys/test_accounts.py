"""Several people on one HTTP server: each key is an account of its own, whatever runs at the same time."""

from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, answer, over_http
from tests.journeys.processes import Listening, listening
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]

over_both = pytest.mark.parametrize("transport", ["streamable-http", "sse"])
ERAS: tuple[Era, ...] = ("auto", "legacy")
LIST = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
BOTH = ("serve", "--transport", "streamable-http,sse")


def person(name: str) -> dict[str, Any]:
    return {"name": name, "email": "x@example.com", "phone": "+525555555555"}


async def seen(client: Client) -> tuple[list[str], list[str]]:
    """The names that list_customers and resources/list show."""
    page = await answer(client, "list_customers", {"limit": 100})
    resources = (await client.list_resources(cache_mode="bypass")).resources
    return sorted(row["name"] for row in rows_of(page)), sorted(one.name for one in resources)


@over_both
async def test_two_keys_see_disjoint_customers_also_when_their_calls_interleave(
    transport: str, era: Era, http_server: Listening, key: str
) -> None:
    names = {who: [f"{who} {number:02}" for number in range(10)] for who in ("Ana", "Luis")}
    found: dict[str, tuple[list[str], list[str]]] = {}

    async def shop(who: str) -> None:
        async with over_http(http_server.url, transport, f"{key}_{who}", era) as client:
            async with anyio.create_task_group() as calls:
                for name in names[who]:
                    calls.start_soon(answer, client, "create_customer", person(name))
            found[who] = await seen(client)

    with anyio.fail_after(120):
        async with anyio.create_task_group() as shops:
            for who in names:
                shops.start_soon(shop, who)
    assert found == {who: (names[who], names[who]) for who in names}


async def test_another_key_cannot_use_somebodys_session(http_server: Listening, key: str) -> None:
    accept = {"Accept": "application/json, text/event-stream"}
    mine, other = ({**accept, "Authorization": f"Bearer {key}_{who}"} for who in ("mine", "other"))
    url = f"{http_server.url}/mcp"
    with anyio.fail_after(120):
        async with httpx.AsyncClient(trust_env=False) as http:
            opened = await http.post(url, json=INITIALIZE, headers=mine)
            session = {"Mcp-Session-Id": opened.headers["Mcp-Session-Id"]}
            for stolen in ({**other, **session}, {**accept, **session}):
                for method, body in (("POST", LIST), ("GET", None), ("DELETE", None)):
                    refused = await http.request(method, url, json=body, headers=stolen)
                    assert (method, refused.status_code) == (method, 404)
            assert (await http.post(url, json=LIST, headers={**mine, **session})).status_code == 200


async def test_another_key_cannot_post_to_somebodys_sse_stream(http_server: Listening, key: str) -> None:
    mine, other = ({"Authorization": f"Bearer {key}_{who}"} for who in ("mine", "other"))
    with anyio.fail_after(120):
        async with (
            httpx.AsyncClient(trust_env=False, base_url=http_server.url) as http,
            http.stream("GET", "/sse", headers=mine) as stream,
        ):
            lines = stream.aiter_lines()
            assert await anext(lines) == "event: endpoint"
            address = (await anext(lines)).removeprefix("data: ")
            assert address.startswith("/messages/?session_id=")
            for headers in (other, {}):
                assert (await http.post(address, json=INITIALIZE, headers=headers)).status_code == 404
            assert (await http.post(address, json=INITIALIZE, headers=mine)).status_code == 202


async def test_a_get_before_initialize_is_a_clear_400_and_the_server_goes_on(
    http_server: Listening, key: str, era: Era
) -> None:
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    with anyio.fail_after(120):
        async with httpx.AsyncClient(trust_env=False) as http:
            refused = await http.get(f"{http_server.url}/mcp", headers=headers)
        assert (refused.status_code, refused.json()["error"]["message"]) == (
            400,
            "Bad Request: Missing session ID",
        )
        async with over_http(http_server.url, "streamable-http", key, era) as client:
            assert await seen(client) == ([], [])


@over_both
async def test_on_loopback_the_key_of_the_environment_stands_in_for_a_missing_one(
    transport: str, conekta: RunningSandbox, key: str
) -> None:
    own = {"CONEKTA_API_KEY": f"{key}_own", "CONEKTA_BASE_URL": conekta.url}
    with anyio.fail_after(120), listening(*BOTH, ready="/healthz", **own) as server:
        for era in ERAS:
            async with over_http(server.url, transport, None, era) as client:
                created = await answer(client, "create_customer", person("Ana"))
                assert created["id"].startswith("cus_")
            async with over_http(server.url, transport, f"{key}_other", era) as client:
                assert await seen(client) == ([], [])
    assert customers(conekta, f"{key}_own") == ["Ana", "Ana"]


@pytest.fixture(scope="module")
def keyless(conekta: RunningSandbox) -> Iterator[Listening]:
    """A server that has no key of its own."""
    with listening(*BOTH, ready="/healthz", CONEKTA_BASE_URL=conekta.url) as server:
        yield server


def test_a_server_without_a_key_refuses_who_brings_none_over_a_real_socket(
    keyless: Listening, key: str
) -> None:
    with httpx.Client(trust_env=False, base_url=keyless.url) as http:
        for method, path in (("POST", "/mcp"), ("GET", "/sse"), ("POST", "/messages/")):
            refused = http.request(method, path)
            assert (path, refused.status_code) == (path, 401)
            assert refused.headers["WWW-Authenticate"].startswith("Bearer ")
        assert http.get("/healthz", headers={"Host": "balancer.example.com"}).json() == {"status": "ok"}
        wrong = {"Authorization": f"Bearer {key}", "Host": "evil.example.com"}
        assert http.post("/mcp", headers=wrong).status_code == 421


@over_both
async def test_a_server_without_a_key_serves_who_brings_one(
    transport: str, era: Era, keyless: Listening, conekta: RunningSandbox, key: str
) -> None:
    with anyio.fail_after(120):
        async with over_http(keyless.url, transport, key, era) as client:
            await answer(client, "create_customer", person("Ana"))
    assert customers(conekta, key) == ["Ana"]


def customers(conekta: RunningSandbox, key: str) -> list[str]:
    """The names of the customers that Conekta itself knows of `key`."""
    headers = {"Authorization": f"Bearer {key}"}
    answered = httpx.get(f"{conekta.url}/customers", headers=headers, trust_env=False)
    return [row["name"] for row in answered.json()["data"]]
