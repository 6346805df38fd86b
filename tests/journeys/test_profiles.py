"""Several accounts on one server: the profiles of its operator, and over HTTP the keys of the requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.cli.commands.serve import create_http_server
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era, answer, over_http, over_stdio
from tests.journeys.processes import finished, listening, stdio_server
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
over_both = pytest.mark.parametrize("transport", ["streamable-http", "sse"])
BOTH = ("serve", "--transport", "streamable-http,sse")
LIVE = '{"object":"list","has_more":false,"data":[{"id":"cus_1","livemode":true}]}'


def person(name: str) -> dict[str, Any]:
    return {"name": name, "email": "x@example.com", "phone": "+525555555555"}


async def names(client: Client, **arguments: str) -> list[str]:
    return [row["name"] for row in rows_of(await answer(client, "list_customers", arguments))]


async def shown(client: Client) -> Any:
    """What tools/list says of the argument that chooses an account."""
    (tool,) = [one for one in (await client.list_tools()).tools if one.name == "list_customers"]
    return tool.input_schema["properties"].get("profile", {}).get("enum")


def customers(conekta: RunningSandbox, key: str) -> list[str]:
    """The names of the customers that Conekta itself knows of `key`."""
    headers = {"Authorization": f"Bearer {key}"}
    known = httpx.get(f"{conekta.url}/customers", headers=headers, trust_env=False).json()
    return [row["name"] for row in known["data"]]


def always_live(conekta: RunningSandbox, key: str) -> None:
    """Let every answer to `key` be a page with a live customer."""
    fault = {"status": 200, "body": LIVE, "count": 10_000}
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(f"{conekta.url}/_sandbox/faults", json=fault, headers=headers, trust_env=False)


@asynccontextmanager
async def served(app: App) -> AsyncIterator[str]:
    """Serve `app` on a port of this machine, from this process, so that what it learnt can be seen."""
    server = create_http_server(app)
    async with anyio.create_task_group() as running:
        running.start_soon(server.serve)
        with anyio.fail_after(120):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
                await anyio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
    await app.close()


async def test_each_profile_is_an_account_of_its_own_over_stdio(
    era: Era, conekta: RunningSandbox, key: str, tmp_path: Path
) -> None:
    (tmp_path / "b.key").write_text(f"{key}_b\n")
    (tmp_path / "b.key").chmod(0o600)
    (tmp_path / "profiles.toml").write_text("[store-b]\ntitle = 'Tienda B'\nkey_file = 'b.key'\n")
    server = stdio_server(
        "--profile", "default,store-b", "--profiles-file", str(tmp_path / "profiles.toml"),
        CONEKTA_API_KEY=f"{key}_a", CONEKTA_BASE_URL=conekta.url,
    )  # fmt: skip
    with anyio.fail_after(120):
        async with over_stdio(server, era) as client:
            made = await answer(client, "create_customer", {**person("Ana"), "profile": "store-b"})
            found = [await names(client), await names(client, profile="store-b")]
            assert await shown(client) == ["default", "store-b"]
            assert "default, store-b (Tienda B); default if none is named" in (client.instructions or "")
    assert (made["livemode"], made["account"], found) == (False, {"profile": "store-b"}, [[], ["Ana"]])
    assert (customers(conekta, f"{key}_a"), customers(conekta, f"{key}_b")) == ([], ["Ana"])


@over_both
async def test_over_http_profiles_are_for_who_brings_no_key_on_loopback(
    transport: str, conekta: RunningSandbox, key: str
) -> None:
    own = {"CONEKTA_API_KEY": f"{key}_a", "CONEKTA_API_KEY_STORE_B": f"{key}_b"}
    words = (*BOTH, "--profile", "default,store-b")
    with (
        anyio.fail_after(120),
        listening(*words, ready="/healthz", CONEKTA_BASE_URL=conekta.url, **own) as on,
    ):
        for era in ("auto", "legacy"):
            async with (
                over_http(on.url, transport, None, era) as operator,
                over_http(on.url, transport, f"{key}_other", era) as other,
            ):
                assert (await shown(operator), await shown(other)) == (["default", "store-b"], None)
                made = await answer(operator, "create_customer", {**person("Ana"), "profile": "store-b"})
                assert made["account"] == {"profile": "store-b"}
                refused = await answer(other, "list_customers", {"profile": "store-b"})
                assert refused["error"]["code"].endswith(".profile.unknown_argument")
                assert (await names(other), await names(operator)) == ([], [])
                assert "account" not in await answer(other, "list_customers", {})
                assert "store-b" not in (other.instructions or "")


@over_both
async def test_two_keys_at_the_same_time_never_get_each_others_mode_or_profile(
    transport: str, era: Era, conekta: RunningSandbox, key: str
) -> None:
    always_live(conekta, f"{key}_live")
    app = App(
        Settings(
            transport=(transport,),
            port=0,
            base_url=conekta.url,
            api_key=f"{key}_own",
            profiles=("default", "b"),
        )
    )
    rows: dict[str, list[Any]] = {"live": [], "test": []}

    async def call(client: Client, who: str) -> None:
        page = await answer(client, "list_customers", {})
        rows[who].append((rows_of(page)[0]["id"][:4] == "cus_", len(page["rows"]), "account" in page))

    async with served(app) as url:
        with anyio.fail_after(120):
            async with (
                over_http(url, transport, f"{key}_live", era) as live,
                over_http(url, transport, f"{key}_test", era) as test,
            ):
                for name in ("Ana", "Luis"):
                    await answer(test, "create_customer", person(name))
                async with anyio.create_task_group() as calls:
                    for _ in range(16):
                        calls.start_soon(call, live, "live")
                        calls.start_soon(call, test, "test")
    assert rows == {"live": [(True, 1, False)] * 16, "test": [(True, 2, False)] * 16}
    found = {
        who: app.identities.modes.get_known_mode(fingerprint_key(f"{key}_{who}"))
        for who in ("live", "test", "own")
    }
    assert found == {"live": "live", "test": "test", "own": "unknown"}


def test_profiles_on_an_address_that_everybody_reaches_end_the_server_with_2() -> None:
    ended = finished("serve", "--transport", "sse", "--host", "0.0.0.0", "--profile", "test")  # noqa: S104
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith("--profile serves stdio and loopback only, not --host 0.0.0.0\n")
