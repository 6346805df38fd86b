"""A key that is replaced, and two profiles of one company: one account with one history."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters

from conekta_mcp.app import App
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from tests.cli.test_settle import GoesDeaf
from tests.conftest import QUICK
from tests.journeys.clients import answer, over_stdio
from tests.journeys.processes import stdio_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
CARD = {"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}
LINES = [{"name": "Plan anual", "unit_price": 100000, "quantity": 1}]
ORDER = {"currency": "MXN", "customer_info": ANA, "line_items": LINES, "charges": [CARD]}
WISH = {"amount": 20000, "reason": "requested_by_client"}
LONGEST = 120.0
"""Seconds that a test may take on a machine that is busy."""
Serve = Callable[..., StdioServerParameters]


def ask(conekta: RunningSandbox, key: str, method: str, path: str, body: object = None) -> Any:
    """Ask Conekta itself, past the server."""
    headers = {"Authorization": f"Bearer {key}"}
    told = httpx.request(method, conekta.url + path, json=body, headers=headers, trust_env=False)
    return told.raise_for_status().json()


@pytest.fixture
def new_key(conekta: RunningSandbox, key: str) -> str:
    """Another key of the company of `key`."""
    return str(ask(conekta, key, "POST", "/api_keys", {"role": "private"})["authentication_token"])


@pytest.fixture
def order(conekta: RunningSandbox, key: str) -> str:
    """The id of a paid order of MXN 1000.00."""
    return str(ask(conekta, key, "POST", "/orders", ORDER)["id"])


@pytest.fixture
def serve(conekta: RunningSandbox, tmp_path: Path) -> Serve:
    """How to start a server on one and the same store."""

    def started(*words: str, **keys: str) -> StdioServerParameters:
        flags = ("--store", str(tmp_path / "store.sqlite3"), "--max-daily-refunds", "300", *words)
        return stdio_server(*flags, CONEKTA_BASE_URL=conekta.url, **keys)

    return started


async def refund(server: StdioServerParameters, order: str, intent: str, **more: str) -> dict[str, Any]:
    """Refund MXN 200.00 in a new session."""
    with anyio.fail_after(LONGEST):
        async with over_stdio(server) as client:
            return await answer(
                client, "refund_order", {**WISH, "order_id": order, "idempotency_key": intent, **more}
            )


def refunded(conekta: RunningSandbox, key: str, order: str) -> int:
    return int(ask(conekta, key, "GET", f"/orders/{order}").get("amount_refunded") or 0)


async def test_an_intent_that_was_done_with_the_old_key_is_not_done_again_with_the_new_one(
    conekta: RunningSandbox, key: str, new_key: str, order: str, serve: Serve
) -> None:
    first = await refund(serve(CONEKTA_API_KEY=key), order, "ticket-1")
    again = await refund(serve(CONEKTA_API_KEY=new_key), order, "ticket-1")
    assert ("error" in first, again["id"], refunded(conekta, key, order)) == (False, first["id"], 20000)


async def test_what_was_spent_with_the_old_key_counts_for_the_new_one(
    conekta: RunningSandbox, key: str, new_key: str, order: str, serve: Serve
) -> None:
    await refund(serve(CONEKTA_API_KEY=key), order, "ticket-1")
    over = await refund(serve(CONEKTA_API_KEY=new_key), order, "ticket-2")
    assert (over["error"]["type"], refunded(conekta, key, order)) == ("limit_exceeded", 20000)


async def test_what_was_lost_with_the_old_key_is_settled_with_the_new_one(
    conekta: RunningSandbox, key: str, new_key: str, order: str, serve: Serve, tmp_path: Path
) -> None:
    ask(
        conekta, key, "POST", "/_sandbox/faults", {"cut": "after", "method": "POST", "path_prefix": "/orders"}
    )
    settings = Settings(api_key=key, base_url=conekta.url, store=str(tmp_path / "store.sqlite3"))
    app = App(settings, transport=GoesDeaf)
    app.conekta.retry_policy = QUICK
    async with Client(app.server) as client:
        lost = await answer(
            client, "refund_order", {**WISH, "order_id": order, "idempotency_key": "ticket-1"}
        )
    await app.close()
    again = await refund(serve(CONEKTA_API_KEY=new_key), order, "ticket-1")
    assert (lost["error"]["outcome"], "error" in again) == ("unknown", False)
    assert refunded(conekta, key, order) == 20000


async def test_two_profiles_of_one_company_do_one_intent_once(
    conekta: RunningSandbox, key: str, new_key: str, order: str, serve: Serve
) -> None:
    keys = {"CONEKTA_API_KEY_A": key, "CONEKTA_API_KEY_B": new_key}
    server = serve("--profile", "a,b", **keys)
    first, again = [await refund(server, order, "ticket-1", profile=name) for name in ("a", "b")]
    assert (again["id"], refunded(conekta, key, order)) == (first["id"], 20000)
