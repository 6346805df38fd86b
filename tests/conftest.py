"""What all tests share: a real MCP client in memory, in front of a Conekta that a test makes up."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import httpx
import pytest
from mcp import Client

from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.catalog import Risk, Tool
from conekta_mcp.settings.table import Settings
from tests.checked_schemas import remember_checked_schemas

pytest_plugins = ["tests.storage.fixtures"]

KEY = "key_test"
Era = Literal["auto", "legacy"]
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]
Connected = AbstractAsyncContextManager[tuple[Client, list[httpx.Request]]]


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


QUICK = RetryPolicy(sleep=at_once)


class ClientFor(Protocol):
    """Connects a client to a server whose Conekta gives `answer` to every request."""

    def __call__(
        self, answer: Answer, *, mode: Era = "auto", pace: RetryPolicy = QUICK, **settings: Any
    ) -> Connected: ...


def pytest_configure(config: pytest.Config) -> None:
    """Keep every test, and what it starts, away from the user's real state folder and store."""
    folder = tempfile.TemporaryDirectory(prefix="conekta-mcp-state-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_STATE_HOME"] = folder.name
    os.environ.pop("CONEKTA_MCP_STORE", None)


@pytest.fixture(scope="session", autouse=True)
def checked_schemas() -> Iterator[None]:
    """No schema is checked twice."""
    with remember_checked_schemas():
        yield


@pytest.fixture(autouse=True)
def fresh_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the intents of another; the folder is made when something is kept in it."""
    root = Path(os.environ["XDG_STATE_HOME"])
    monkeypatch.setenv("XDG_STATE_HOME", str(root / uuid.uuid4().hex))


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
        answer: Answer, *, mode: Era = "auto", pace: RetryPolicy = QUICK, safe: bool = False, **settings: Any
    ) -> AsyncIterator[tuple[Client, list[httpx.Request]]]:
        sent: list[httpx.Request] = []

        async def upstream(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            if isinstance(answer, Exception):
                raise answer
            given = answer(request) if callable(answer) else answer
            return given if isinstance(given, httpx.Response) else await given

        chosen = Settings(**{"api_key": KEY, "store": "memory", **settings})
        app = App(chosen, transport=lambda: httpx.MockTransport(upstream), safe=safe)
        app.conekta.retry_policy = pace
        async with Client(app.server, mode=mode) as client:
            yield client, sent
        await app.close()

    return connected


def switched_on(tool: Tool[Any]) -> dict[str, Any]:
    """The settings with which `tool` can be called: what is secret has to be named."""
    return {"toolsets": (tool.toolset.value,)} if tool.risk is Risk.SECRET else {}


LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
FISCAL_ADDRESS = {"street1": "Calle Dos 2", "postal_code": "06100", "city": "Ciudad de Mexico"}

HEX, UUID = "6a0000000000000000000001", "00000000-0000-4000-8000-000000000001"
ORDER = {"order_id": "ord_1"}
CUSTOMER = {"customer_id": "cus_1"}
SUBSCRIPTION = {**CUSTOMER, "subscription_id": "sub_1"}
LINE_ITEM = {**ORDER, "line_item_id": "line_item_1"}
TAX = {**ORDER, "tax_line_id": "tax_lin_1"}
SHIPPING = {**ORDER, "shipping_line_id": "ship_lin_1"}
DISCOUNT = {**ORDER, "discount_line_id": "dis_lin_1"}
COUPON = {"amount": 500, "code": "HOLA", "type": "coupon"}
LINK = {"checkout_id": UUID}
PDF = "JVBERi0xLjcgbm90YQ=="
FILE = {"base64": PDF, "name": "nota.pdf"}
DOCUMENT = {**FILE, "company_id": HEX, "file_classification": "cfdi"}
RULE = {"field": "email", "value": "ana@example.com", "description": "Cliente"}
CHARGEBACK = {"charge_id": HEX, "chargeback_id": "chbk_1"}
SOON = 1_900_000_000
LEAST_OF_MORE: dict[str, dict[str, Any]] = {
    "update_order": {**ORDER, "currency": "MXN"},
    "add_line_item": {**ORDER, **LINES[0]},
    "update_line_item": {**LINE_ITEM, "quantity": 2},
    "delete_line_item": LINE_ITEM,
    "add_tax_line": {**ORDER, "amount": 800, "description": "IVA"},
    "update_tax_line": {**TAX, "amount": 900},
    "delete_tax_line": TAX,
    "add_shipping_line": {**ORDER, "amount": 9900},
    "update_shipping_line": {**SHIPPING, "amount": 9900},
    "delete_shipping_line": SHIPPING,
    "list_discount_lines": ORDER,
    "get_discount_line": DISCOUNT,
    "add_discount_line": {**ORDER, **COUPON},
    "update_discount_line": {**DISCOUNT, "amount": 600},
    "delete_discount_line": DISCOUNT,
    "list_charges": {},
    "update_charge": {"charge_id": HEX, "reference_id": "R-1"},
    "create_charge": {**ORDER, "payment_method": "cash"},
    "create_charges": {**ORDER, "payment_method": "cash"},
    "capture_order": ORDER,
    "void_order": ORDER,
    "refund_order": {**ORDER, "amount": 500, "reason": "requested_by_client"},
    "cancel_refund": {**ORDER, "refund_id": HEX},
    "list_payment_links": {},
    "get_payment_link": LINK,
    "create_payment_link": {"name": "Plan anual", "line_items": LINES, "expires_at": SOON},
    "cancel_payment_link": LINK,
    "email_payment_link": {**LINK, "email": "ana@example.com"},
    "sms_payment_link": {**LINK, "phone": "+525555555555"},
    "list_plans": {},
    "get_plan": {"plan_id": "plan_1"},
    "create_plan": {"name": "Mensual", "amount": 9900, "interval": "month"},
    "update_plan": {"plan_id": "plan_1", "name": "Mensual"},
    "delete_plan": {"plan_id": "plan_1"},
    "list_subscriptions": CUSTOMER,
    "get_subscription": SUBSCRIPTION,
    "create_subscription": {**CUSTOMER, "plan_id": "plan_1"},
    "update_subscription": {**SUBSCRIPTION, "plan_id": "plan_2"},
    "cancel_subscription": SUBSCRIPTION,
    "pause_subscription": SUBSCRIPTION,
    "resume_subscription": SUBSCRIPTION,
    "retry_subscription": SUBSCRIPTION,
    "list_subscription_events": SUBSCRIPTION,
    "get_customer_subscription": CUSTOMER,
    "create_customer_subscription": {**CUSTOMER, "plan_id": "plan_1"},
    "update_customer_subscription": {**CUSTOMER, "plan_id": "plan_2"},
    "cancel_customer_subscription": CUSTOMER,
    "pause_customer_subscription": CUSTOMER,
    "resume_customer_subscription": CUSTOMER,
    "list_customer_subscription_events": CUSTOMER,
    "get_customer_portal": {"subscription_id": "sub_1"},
    "create_customer_portal": {"subscription_id": "sub_1"},
    "create_token": {},
    "validate_installments": {"bin": "424242", "amount": 50000},
    "list_whitelist_rules": {},
    "create_whitelist_rule": RULE,
    "delete_whitelist_rule": {"rule_id": HEX},
    "list_blacklist_rules": {},
    "create_blacklist_rule": RULE,
    "delete_blacklist_rule": {"rule_id": HEX},
    "list_api_keys": {},
    "get_api_key": {"api_key_id": HEX},
    "create_api_key": {"role": "private"},
    "update_api_key": {"api_key_id": HEX, "active": False},
    "delete_api_key": {"api_key_id": HEX},
    "list_events": {},
    "get_event": {"event_id": HEX},
    "resend_event": {"event_id": HEX, "webhooks_ids": [HEX]},
    "list_webhooks": {},
    "get_webhook": {"webhook_id": HEX},
    "create_webhook": {"url": "https://shop.example.com/hook"},
    "update_webhook": {"webhook_id": HEX, "active": False},
    "delete_webhook": {"webhook_id": HEX},
    "test_webhook": {"webhook_id": HEX},
    "list_webhook_keys": {},
    "get_webhook_key": {"webhook_key_id": HEX},
    "create_webhook_key": {},
    "update_webhook_key": {"webhook_key_id": HEX, "active": False},
    "delete_webhook_key": {"webhook_key_id": HEX},
    "list_logs": {},
    "get_log": {"log_id": HEX},
    "get_balance": {},
    "list_transactions": {},
    "get_transaction": {"transaction_id": HEX},
    "list_transfers": {},
    "get_transfer": {"transfer_id": HEX},
    "list_payouts": {},
    "get_payout": {"payout_order_id": UUID},
    "create_payout": {**CUSTOMER, "amount": 500, "reason": "Premio", "expires_at": SOON},
    "cancel_payout": {"payout_order_id": UUID},
    "list_companies": {},
    "get_company": {"company_id": HEX},
    "get_current_company": {},
    "create_company": {"name": "Prueba SA"},
    "list_company_documents": {"company_id": HEX},
    "upload_company_document": DOCUMENT,
    "update_company_document": DOCUMENT,
    "list_chargeback_evidence_types": CHARGEBACK,
    "list_chargeback_evidence": CHARGEBACK,
    "get_chargeback_evidence": {**CHARGEBACK, "file_id": "chbkf_1"},
    "submit_chargeback_evidence": {**CHARGEBACK, "files": [{**FILE, "evidence_type": "order_details"}]},
}
"""The same of the operations that are not listed by default."""
LEAST: dict[str, dict[str, Any]] = {
    "list_customers": {},
    "get_customer": CUSTOMER,
    "create_customer": PERSON,
    "update_customer": {**CUSTOMER, "name": "Ana Ruiz"},
    "delete_customer": CUSTOMER,
    "list_payment_sources": CUSTOMER,
    "add_card_source": {**CUSTOMER, "token_id": "tok_test_visa_4242"},
    "add_spei_recurrent_source": CUSTOMER,
    "add_cash_recurrent_source": CUSTOMER,
    "update_payment_source": {**CUSTOMER, "payment_source_id": "src_1", "name": "Ana Ruiz"},
    "delete_payment_source": {**CUSTOMER, "payment_source_id": "off_ref_1"},
    "add_shipping_contact": {**CUSTOMER, "address": ADDRESS},
    "update_shipping_contact": {**CUSTOMER, "shipping_contact_id": "ship_cont_1", "receiver": "Eva"},
    "delete_shipping_contact": {**CUSTOMER, "shipping_contact_id": "ship_cont_1"},
    "add_fiscal_entity": {**CUSTOMER, "address": FISCAL_ADDRESS},
    "update_fiscal_entity": {**CUSTOMER, "fiscal_entity_id": "fis_ent_1", "tax_id": "XAXX010101000"},
    "list_orders": {},
    "get_order": {"order_id": "ord_1"},
    "create_order": {**CUSTOMER, "line_items": LINES},
    "create_order_reusing_clabe": {**CUSTOMER, "line_items": LINES},
    "create_card_order": {**CUSTOMER, "line_items": LINES, "token_id": "tok_test_visa_4242"},
    "cancel_order": {"order_id": "ord_1"},
    **LEAST_OF_MORE,
    "simulate_payment": {"order_id": "ord_1"},
}
"""The least that each tool can be called with."""


@pytest.fixture(scope="session")
def arguments() -> dict[str, dict[str, Any]]:
    """The least that each tool can be called with."""
    return LEAST
