"""An agent and the merchant's money: paid, booked, paid out, disputed, defended; all against the sandbox."""

import base64
from typing import Any

import pytest

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.sandbox import Ledger, create_sandbox
from tests.sandbox.shop import Shop
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
DAY = 86_400
START = 1_768_564_855
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}
PDF = base64.b64encode(b"%PDF-1.7 nota").decode()


async def test_money_comes_goes_and_comes_back(client_for: Any) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = Shop(ledger, "key_test")
    order = shop.order(None, VISA)
    shop.advance(2 * DAY)
    async with client_for(InProcessTransport(create_sandbox(ledger)).handle_async_request) as (client, _):

        async def ask(tool: str, **given: Any) -> Any:
            return (await client.call_tool(tool, given)).structured_content

        async def available() -> str:
            text: str = (await ask("get_balance"))["available"][0]["amount_text"]
            return text

        (capture,) = rows_of(await ask("list_transactions", type="capture"))
        assert (await available(), capture["net_text"]) == ("MXN 476.80", "MXN 476.80")

        wish = {"customer_id": shop.customer()["id"], "reason": "Premio", "expires_at": START + 4 * DAY}
        payout = await ask("create_payout", amount=30000, **wish)
        too_much = await ask("create_payout", amount=30000, **wish)
        assert (await available(), too_much["error"]["http_status"]) == ("MXN 176.80", 402)
        assert (await ask("cancel_payout", payout_order_id=payout["id"]))["status"] == "canceled"

        shop.post("/_sandbox/chargebacks", {"order_id": order["id"]})
        (charge,) = (await ask("get_order", order_id=order["id"]))["charges"]
        ids = {"charge_id": charge["id"], "chargeback_id": charge["chargeback"]["id"]}
        assert (charge["chargeback"]["status"], await available()) == ("action_required", "MXN -23.20")
        types = rows_of(await ask("list_chargeback_evidence_types", **ids))
        (required,) = [one["type"] for one in types if one["required"]]
        file = {"evidence_type": required, "base64": PDF, "name": "nota.pdf"}
        sent = await ask("submit_chargeback_evidence", **ids, files=[file])
        assert rows_of(await ask("list_chargeback_evidence", **ids)) == sent["files"]
        again = await ask("submit_chargeback_evidence", **ids, files=[file])
        assert (again["error"]["type"], again["error"]["outcome"]) == ("resource_error", "not_applied")
        shop.post(f"/_sandbox/chargebacks/{ids['chargeback_id']}/resolve", {"status": "won"})
        assert await available() == "MXN 476.80"

        company = await ask("get_current_company")
        given = {"company_id": company["id"], "file_classification": "cfdi", "base64": PDF, "name": "a.pdf"}
        uploaded = await ask("upload_company_document", **given)
        stored = {key: value for key, value in uploaded.items() if key not in {"account", "typed_text"}}
        assert rows_of(await ask("list_company_documents", company_id=company["id"])) == [stored]
        shop.post("/_sandbox/transfers")
        (transfer,) = rows_of(await ask("list_transfers"))
        assert (transfer["amount_text"], transfer["account_last4"]) == (
            "MXN 476.80",
            company["account_last4"],
        )
    assert shop.get("/_sandbox/requests")["data"][-1]["path"] == "/orders"
    ledger.close()


async def test_a_deletion_that_nobody_was_asked_about_says_what_was_owed(client_for: Any) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = Shop(ledger, "key_test")
    customer, other = shop.customer()["id"], shop.customer(name="Eva Luna", email="eva@example.com")["id"]
    split = [{"payment_method": VISA, "amount": 20000}, {"payment_method": {"type": "cash"}, "amount": 30000}]
    shop.order(customer, charges=split)
    answer = InProcessTransport(create_sandbox(ledger)).handle_async_request
    async with client_for(answer, safe=True, confirm="never") as (client, _):

        async def delete(customer_id: str) -> Any:
            return (
                await client.call_tool("delete_customer", {"customer_id": customer_id})
            ).structured_content

        owing, clear = await delete(customer), await delete(other)
    assert owing["owed"] == [{"currency": "MXN", "amount": 30000, "amount_text": "MXN 300.00"}]
    assert "Quedan por pagar MXN 300.00." in owing["deletion"] or "MXN 300.00 stay" in owing["deletion"]
    assert "owed" not in clear
    assert "No debía nada." in clear["deletion"] or "They owed nothing." in clear["deletion"]


async def test_what_was_removed_is_told_as_gone_and_a_released_hold_has_no_fee(client_for: Any) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = Shop(ledger, "key_test")
    address = {"street1": "Uno 1", "postal_code": "06100", "country": "MX"}
    customer = shop.customer(
        payment_sources=[VISA],
        shipping_contacts=[{"receiver": "Ana", "phone": "5512345678", "address": address}],
    )
    shop.post("/plans", {"id": "p", "name": "Plan", "amount": 100, "interval": "month", "frequency": 1})
    order, held = shop.order(), shop.order(None, VISA, pre_authorize=True)["id"]
    line = shop.post(f"/orders/{order['id']}/line_items", {"name": "Otro", "unit_price": 100, "quantity": 1})
    tax = shop.post(f"/orders/{order['id']}/tax_lines", {"description": "IVA", "amount": 100})
    of_customer, of_order = {"customer_id": customer["id"]}, {"order_id": order["id"]}
    removals = {
        "delete_payment_source": {
            **of_customer,
            "payment_source_id": customer["payment_sources"]["data"][0]["id"],
        },
        "delete_shipping_contact": {
            **of_customer,
            "shipping_contact_id": customer["shipping_contacts"]["data"][0]["id"],
        },
        "delete_plan": {"plan_id": "p"},
        "delete_line_item": {**of_order, "line_item_id": line["id"]},
        "delete_tax_line": {**of_order, "tax_line_id": tax["id"]},
    }
    answer = InProcessTransport(create_sandbox(ledger)).handle_async_request
    async with client_for(answer, safe=True, confirm="never") as (client, _):

        async def ask(tool: str, given: dict[str, Any]) -> Any:
            return (await client.call_tool(tool, given)).structured_content

        for tool, given in removals.items():
            told = await ask(tool, given)
            assert told.get("deleted") is True, (tool, told)
        (charge,) = (await ask("void_order", {"order_id": held}))["charges"]
    assert (charge["status"], charge.get("fee")) == ("voided", None)
