"""What all tests share: a real MCP client in memory, in front of a Conekta that a test makes up."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal, Protocol

import httpx
import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.settings import Settings

KEY = "key_test"
Era = Literal["auto", "legacy"]
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]
Connected = AbstractAsyncContextManager[tuple[Client, list[httpx.Request]]]


class ClientFor(Protocol):
    """Connects a client to a server whose Conekta gives `answer` to every request."""

    def __call__(self, answer: Answer, *, mode: Era = "auto", **settings: Any) -> Connected: ...


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> Era:
    """Both eras of the protocol: 2026-07-28, and 2025-11-25 and before."""
    chosen: Era = request.param
    return chosen


@pytest.fixture
def client_for() -> ClientFor:
    """Connect: `async with client_for(answer) as (client, sent)`, with the requests that left."""

    @asynccontextmanager
    async def connected(
        answer: Answer, *, mode: Era = "auto", **settings: Any
    ) -> AsyncIterator[tuple[Client, list[httpx.Request]]]:
        sent: list[httpx.Request] = []

        async def upstream(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            if isinstance(answer, Exception):
                raise answer
            given = answer(request) if callable(answer) else answer
            return given if isinstance(given, httpx.Response) else await given

        chosen = Settings(**{"api_key": KEY, **settings})
        app = App(chosen, transport=lambda: httpx.MockTransport(upstream))
        async with Client(app.server, mode=mode) as client:
            yield client, sent
        await app.conekta.close()

    return connected


LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
FISCAL_ADDRESS = {"street1": "Calle Dos 2", "postal_code": "06100", "city": "Ciudad de Mexico"}


@pytest.fixture(scope="session")
def arguments() -> dict[str, dict[str, Any]]:
    """The least that each tool can be called with."""
    customer = {"customer_id": "cus_1"}
    return {
        "list_customers": {},
        "get_customer": customer,
        "create_customer": PERSON,
        "update_customer": {**customer, "name": "Ana Ruiz"},
        "delete_customer": customer,
        "list_payment_sources": customer,
        "add_card_source": {**customer, "token_id": "tok_test_visa_4242"},
        "add_spei_recurrent_source": customer,
        "add_cash_recurrent_source": customer,
        "update_payment_source": {**customer, "payment_source_id": "src_1", "name": "Ana Ruiz"},
        "delete_payment_source": {**customer, "payment_source_id": "off_ref_1"},
        "add_shipping_contact": {**customer, "address": ADDRESS},
        "update_shipping_contact": {**customer, "shipping_contact_id": "ship_cont_1", "receiver": "Eva"},
        "delete_shipping_contact": {**customer, "shipping_contact_id": "ship_cont_1"},
        "add_fiscal_entity": {**customer, "address": FISCAL_ADDRESS},
        "update_fiscal_entity": {**customer, "fiscal_entity_id": "fis_ent_1", "tax_id": "XAXX010101000"},
        "list_orders": {},
        "get_order": {"order_id": "ord_1"},
        "create_order": {**customer, "line_items": LINES},
        "create_order_reusing_clabe": {**customer, "line_items": LINES},
        "create_card_order": {**customer, "line_items": LINES, "token_id": "tok_test_visa_4242"},
        "cancel_order": {"order_id": "ord_1"},
        "simulate_payment": {"order_id": "ord_1"},
    }
