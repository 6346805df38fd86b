"""The app as a transport: in the same process, without a socket."""

import anyio
import httpx
import pytest

from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.app import API, CONTROLS
from tests.sandbox.shop import Shop


def test_httpx_speaks_to_it_in_process_and_sees_a_cut_as_it_is(ledger: Ledger) -> None:
    async def talk() -> int:
        transport = httpx.ASGITransport(create_sandbox(ledger))
        headers = {"Authorization": "Bearer key_a"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://sandbox", headers=headers
        ) as client:
            await client.post("/_sandbox/faults", json={"cut": "after"})
            with pytest.raises(ConnectionResetError):
                await client.get("/customers")
            return (await client.get("/customers")).status_code

    assert anyio.run(talk) == 200


ROUTES = """
/antifraud/blacklists GET POST
/antifraud/blacklists/{id} DELETE
/antifraud/whitelists GET POST
/antifraud/whitelists/{id} DELETE
/api_keys GET POST
/api_keys/{id} DELETE GET PUT
/balance GET
/charges GET
/charges/{charge_id}/chargebacks/{chargeback_id}/evidence-types GET
/charges/{charge_id}/chargebacks/{chargeback_id}/files GET
/charges/{charge_id}/chargebacks/{chargeback_id}/files/batch POST
/charges/{charge_id}/chargebacks/{chargeback_id}/files/{file_id} GET
/charges/{id} PUT
/checkouts GET POST
/checkouts/{id} GET
/checkouts/{id}/cancel PUT
/checkouts/{id}/email POST
/checkouts/{id}/sms POST
/companies GET POST
/companies/current GET
/companies/{company_id}/document PATCH POST
/companies/{company_id}/documents GET
/companies/{id} GET
/customers GET POST
/customers/{customer_id}/subscriptions GET POST
/customers/{customer_id}/subscriptions/{id} GET PUT
/customers/{customer_id}/subscriptions/{id}/cancel POST
/customers/{customer_id}/subscriptions/{id}/events GET
/customers/{customer_id}/subscriptions/{id}/pause POST
/customers/{customer_id}/subscriptions/{id}/resume POST
/customers/{customer_id}/subscriptions/{id}/retry POST
/customers/{id} DELETE GET PUT
/customers/{id}/fiscal_entities POST
/customers/{id}/fiscal_entities/{fiscal_entities_id} PUT
/customers/{id}/payment_sources GET POST
/customers/{id}/payment_sources/{payment_method_id} DELETE PUT
/customers/{id}/shipping_contacts POST
/customers/{id}/shipping_contacts/{shipping_contacts_id} DELETE PUT
/customers/{id}/subscription GET POST PUT
/customers/{id}/subscription/cancel POST
/customers/{id}/subscription/events GET
/customers/{id}/subscription/pause POST
/customers/{id}/subscription/resume POST
/events GET
/events/{event_id}/resend POST
/events/{id} GET
/logs GET
/logs/{id} GET
/monthly_installments/validate POST
/orders GET POST
/orders/{id} GET PUT
/orders/{id}/add_charges POST
/orders/{id}/cancel POST
/orders/{id}/capture POST
/orders/{id}/charges POST
/orders/{id}/discount_lines GET POST
/orders/{id}/discount_lines/{discount_lines_id} DELETE GET PUT
/orders/{id}/line_items POST
/orders/{id}/line_items/{line_item_id} DELETE PUT
/orders/{id}/refunds POST
/orders/{id}/refunds/{refund_id} DELETE
/orders/{id}/shipping_lines POST
/orders/{id}/shipping_lines/{shipping_id} DELETE PUT
/orders/{id}/tax_lines POST
/orders/{id}/tax_lines/{tax_id} DELETE PUT
/orders/{id}/void POST
/payout_orders GET POST
/payout_orders/{id} GET
/payout_orders/{id}/cancel PUT
/plans GET POST
/plans/{id} DELETE GET PUT
/subscriptions/{subscription_id}/customer_portal GET POST
/tokens POST
/transactions GET
/transactions/{id} GET
/transfers GET
/transfers/{id} GET
/webhook_keys GET POST
/webhook_keys/{id} DELETE GET PUT
/webhooks GET POST
/webhooks/{id} DELETE GET PUT
/webhooks/{id}/test POST
"""
CONTROL_ROUTES = """
/_sandbox/cards POST
/_sandbox/chargebacks POST
/_sandbox/chargebacks/{id}/resolve POST
/_sandbox/checkouts/{id}/payments POST
/_sandbox/clock GET POST
/_sandbox/faults DELETE GET POST
/_sandbox/payments POST
/_sandbox/payouts/{id}/pay POST
/_sandbox/refunds/{id}/collect POST
/_sandbox/requests GET
/_sandbox/reset POST
/_sandbox/tokens/{id}/card POST
/_sandbox/transfers POST
/_sandbox/webhooks/deliver POST
"""


def routes(table: str) -> list[tuple[str, str]]:
    """Return path and method of every route in a table of paths with their methods."""
    rows = [row.split() for row in table.strip().splitlines()]
    return [(path, method) for path, *methods in rows for method in methods]


def test_it_serves_exactly_these_routes() -> None:
    assert sorted((endpoint.path, endpoint.method) for endpoint in API) == routes(ROUTES)
    assert len(API) == 119


def test_its_controls_are_these() -> None:
    assert sorted((endpoint.path, endpoint.method) for endpoint in CONTROLS) == routes(CONTROL_ROUTES)
    assert all(endpoint.path.startswith("/_sandbox/") for endpoint in CONTROLS)


@pytest.mark.parametrize("endpoint", [*API, *CONTROLS], ids=lambda endpoint: "-".join(endpoint[:2]))
def test_no_route_answers_without_a_key(shop: Shop, endpoint: tuple[str, str]) -> None:
    answer = shop.http.request(endpoint[0], endpoint[1], headers={"Authorization": ""})
    assert answer.status_code == 401
