"""Secrets in the key, in arguments and in what Conekta answers: none comes out anywhere, nor is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.stdio import stdio_client

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, over_http
from tests.journeys.processes import listening, stdio_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]
PLANTED = "Plantado7"
KEY = f"key_{PLANTED}Llave"
ARGUMENT = f"key_{PLANTED}Argumento"
INTENT = f"key_{PLANTED}IntentoDeMas"
UPSTREAM = f"key_{PLANTED}Respuesta"
CARD = "4242424242424242"
ADDRESS = f"https://usuario:{PLANTED}@shop.example.com/hook"
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}]
SECRETS = (PLANTED, CARD)


def fault(conekta: RunningSandbox, **given: Any) -> None:
    """Let the next such request be answered in a way that a test chooses."""
    headers = {"Authorization": f"Bearer {KEY}"}
    httpx.post(
        f"{conekta.url}/_sandbox/faults", json=given, headers=headers, trust_env=False
    ).raise_for_status()


def no_faults(conekta: RunningSandbox) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    httpx.delete(f"{conekta.url}/_sandbox/faults", headers=headers, trust_env=False)


def bodies() -> Iterator[str]:
    """What Conekta might answer with a secret in it: its error, nobody's JSON, a page."""
    said = {"message": f"{UPSTREAM} {CARD} {ADDRESS}", "debug_message": UPSTREAM}
    detail = {"code": UPSTREAM, "param": UPSTREAM, **said}
    yield json.dumps({"object": "error", "type": UPSTREAM, "log_id": UPSTREAM, "details": [detail]})
    yield f"<html>{UPSTREAM} {CARD} {ADDRESS}</html>"
    yield json.dumps({"object": UPSTREAM, "id": UPSTREAM, UPSTREAM: CARD, "name": f"{UPSTREAM} {ADDRESS}"})


async def everything(client: Client, conekta: RunningSandbox) -> list[str]:
    """What the client is told by successes, refusals and failures with secrets in them."""
    told: list[str] = []

    async def ask(tool: str, **arguments: Any) -> Any:
        result = await client.call_tool("call_write_operation", {"name": tool, "arguments": arguments})
        told.append(result.model_dump_json())
        return result.structured_content

    nota = {"nota": f"{ARGUMENT} {ADDRESS}"}
    made = await ask("create_customer", **ANA, metadata=nota, idempotency_key="intento-1")
    assert made["id"].startswith("cus_")
    await ask("create_customer", **ANA, metadata=nota, idempotency_key="intento-1")
    refused = await ask("create_customer", **ANA, idempotency_key=INTENT)
    assert refused["error"]["param"] == "idempotency_key"
    await ask("create_customer", **ANA, metadata={"otra": ARGUMENT}, idempotency_key="intento-1")
    await ask("create_customer", **ANA, metadata={"nota": CARD})
    await ask("create_customer", **{**ANA, "email": ARGUMENT})
    await ask("create_customer", **{**ANA, ARGUMENT: CARD})
    await ask("update_customer", customer_id=ARGUMENT, name="Ana")
    await ask(ARGUMENT)
    await ask("create_webhook", url=ADDRESS)
    await ask("create_card_order", **ANA, line_items=LINES, token_id=ARGUMENT, idempotency_key="intento-2")
    for status in (200, 402, 500):
        for body in bodies():
            fault(conekta, status=status, body=body, method="POST")
            await ask(
                "create_customer",
                **ANA,
                metadata={"nota": ARGUMENT, "vez": len(told)},
                idempotency_key=f"otro-{len(told)}",
            )
            fault(conekta, status=status, body=body, method="GET", count=4)
            read = await client.call_tool("get_customer", {"customer_id": made["id"]})
            told.append(read.model_dump_json())
            no_faults(conekta)
    told.append((await client.call_tool("list_customers", {"detail": "full"})).model_dump_json())
    shown = await client.read_resource(f"conekta://customers/{made['id']}")
    told += [content.model_dump_json() for content in shown.contents]
    told.append((await client.list_resources()).model_dump_json())
    return told


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def kept_in(folder: Path) -> dict[str, list[str]]:
    """The files of the server that hold a secret, with its journals."""
    files = {path.name: path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()}
    assert {"audit.jsonl", "store.sqlite3"} <= set(files)
    assert '"create_customer"' in files["audit.jsonl"]
    return {name: found_in(text) for name, text in files.items() if found_in(text)}


def flags(folder: Path) -> tuple[str, ...]:
    return (
        "--log-level", "DEBUG", "--audit", str(folder / "audit.jsonl"),
        "--store", str(folder / "store.sqlite3"), "--confirm", "never",
    )  # fmt: skip


async def test_over_stdio_no_secret_comes_out_or_is_kept(
    era: Era, conekta: RunningSandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server = stdio_server(*flags(tmp_path), CONEKTA_API_KEY=KEY, CONEKTA_BASE_URL=conekta.url)
    log = tmp_path_factory.mktemp("log") / "stderr"
    with log.open("w") as stderr:
        async with Client(stdio_client(server, errlog=stderr), mode=era) as client:
            told = await everything(client, conekta)
    assert len(told) > 24
    assert [found_in(one) for one in told if found_in(one)] == []
    said = log.read_text()
    assert ("DEBUG" in said, found_in(said)) == (True, [])
    assert kept_in(tmp_path) == {}


@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_over_http_no_secret_comes_out_or_is_kept(
    transport: str, era: Era, conekta: RunningSandbox, tmp_path: Path
) -> None:
    words = ("serve", "--transport", transport, *flags(tmp_path))
    with listening(*words, ready="/healthz", CONEKTA_BASE_URL=conekta.url) as server:
        async with over_http(server.url, transport, KEY, era) as client:
            told = await everything(client, conekta)
        said = server.said()
    assert [found_in(one) for one in told if found_in(one)] == []
    assert ("DEBUG" in said, found_in(said)) == (True, [])
    assert kept_in(tmp_path) == {}
