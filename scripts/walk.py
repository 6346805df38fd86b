"""The walk that gives docs/tools.md its examples: a shop that sells, bills, refunds and pays out.

Every step has a sandbox of its own, so that it changes no other step's examples. The first call of a tool
is its example; what a step only needs beforehand is sent to the sandbox with `send_request`. A tool on an
order or a customer that no step calls is called by `walk_example`.
"""

from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from examples import Visitor

    from conekta_mcp.catalog import Operation

NOW = 1_768_564_800
DAY = 86_400
SOON = NOW + 30 * DAY
DISCOVERY_TOOL_NAMES = (
    "search_operations",
    "describe_operation",
    "call_read_operation",
    "call_write_operation",
)

MONTHLY = {"amount": 9900, "currency": "MXN", "interval": "month", "frequency": 1}
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de México", "postal_code": "06100", "country": "MX"}
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
EVA = {"name": "Eva Luna", "email": "eva@example.com", "phone": "+525555550000"}
CARD = "tok_test_visa_4242"
PDF = {"base64": b64encode(b"%PDF-1.7 nota").decode(), "name": "nota.pdf"}
SOLD = {**ANA, "line_items": LINES}


async def walk_customers(go: "Visitor") -> None:
    """A customer with an address, fiscal data and ways to pay."""
    ana = {"customer_id": (await go.call_tool("create_customer", **ANA))["id"]}
    await go.call_tool("update_customer", **ana, custom_reference="A-17")
    contact = await go.call_tool("add_shipping_contact", **ana, receiver="Ana Ruiz", address=ADDRESS)
    await go.call_tool(
        "update_shipping_contact", **ana, shipping_contact_id=contact["id"], receiver="Eva Luna"
    )
    entity = await go.call_tool("add_fiscal_entity", **ana, tax_id="XAXX010101000", address=ADDRESS)
    await go.call_tool(
        "update_fiscal_entity", **ana, fiscal_entity_id=entity["id"], company_name="Ana Ruiz SA"
    )
    await go.call_tool("add_spei_recurrent_source", **ana)
    cash = await go.call_tool("add_cash_recurrent_source", **ana)
    card = await go.call_tool("add_card_source", **ana, token_id=CARD)
    await go.call_tool("update_payment_source", **ana, payment_source_id=card["id"], name="Ana Ruiz")
    await go.call_tool("list_payment_sources", **ana)
    await go.call_tool("delete_payment_source", **ana, payment_source_id=cash["id"])
    await go.call_tool("list_customers", search="ana")
    await go.call_tool("get_customer", **ana)
    await go.call_tool("delete_shipping_contact", **ana, shipping_contact_id=contact["id"])
    await go.call_tool("delete_customer", customer_id=(await go.call_tool("create_customer", **EVA))["id"])


async def walk_orders(go: "Visitor") -> None:
    """Orders that wait, that are paid and that are cancelled."""
    ana = await _create_customer(go, ANA, {"type": "spei_recurrent"})
    billed = await go.call_tool("create_order_reusing_clabe", **ana, line_items=LINES)
    await go.call_tool("simulate_payment", order_id=billed["id"])
    waiting = await go.call_tool("create_order", **ana, line_items=LINES, payment_method="spei")
    await go.call_tool("get_order", order_id=waiting["id"])
    await go.call_tool("cancel_order", order_id=waiting["id"])
    await go.call_tool("create_card_order", **ana, line_items=LINES, token_id=CARD)
    await go.call_tool("list_orders", search=ANA["email"])


async def walk_order_lines(go: "Visitor") -> None:
    """The lines of an order that the shop made and nobody charged yet."""
    order = {"order_id": await _create_uncharged_order(go)}
    await go.call_tool("update_order", **order, shipping_contact={"receiver": "Ana Ruiz", "address": ADDRESS})
    for kind, given, change in LINE_KINDS:
        line = {**order, f"{kind}_id": (await go.call_tool(f"add_{kind}", **order, **given))["id"]}
        await go.call_tool(f"update_{kind}", **line, **change)
        if kind == "discount_line":
            await go.call_tool("list_discount_lines", **order)
            await go.call_tool("get_discount_line", **line)
        await go.call_tool(f"delete_{kind}", **line)


LINE_KINDS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("line_item", {"name": "Taza", "unit_price": 12000, "quantity": 1}, {"quantity": 2}),
    ("tax_line", {"amount": 1920, "description": "IVA"}, {"amount": 1600}),
    ("shipping_line", {"amount": 9900, "carrier": "Estafeta"}, {"amount": 8900}),
    ("discount_line", {"amount": 500, "code": "HOLA", "type": "coupon"}, {"amount": 600}),
)


async def walk_charges(go: "Visitor") -> None:
    """Charges: made, captured, released, given back."""
    charge = await go.call_tool(
        "create_charge", order_id=await _create_uncharged_order(go), payment_method="spei"
    )
    await go.call_tool("update_charge", charge_id=charge["id"], reference_id="Pedido 1042")
    await go.call_tool("create_charges", order_id=await _create_uncharged_order(go), payment_method="cash")
    for ending in ("capture_order", "void_order"):
        held = await go.call_tool(
            "create_card_order", **SOLD, token_id=CARD, pre_authorize=True, idempotency_key=ending
        )
        await go.call_tool(ending, order_id=held["id"])
    await go.call_tool("list_charges", limit=2, fields=["id", "status", "amount_text", "order_id"])
    paid = await go.call_tool("create_card_order", **SOLD, token_id=CARD, idempotency_key="pedido-1042")
    await go.call_tool("refund_order", order_id=paid["id"], amount=20000, reason="requested_by_client")
    cash = {"order_id": (await go.call_tool("create_order", **SOLD, payment_method="cash"))["id"]}
    await go.call_tool("simulate_payment", **cash)
    await go.call_tool("refund_order", **cash, amount=50000, reason="requested_by_client")
    raw = await go.send_request("GET", f"/orders/{cash['order_id']}")
    await go.call_tool(
        "cancel_refund", **cash, refund_id=raw["charges"]["data"][0]["refunds"]["data"][0]["id"]
    )


async def walk_payment_links(go: "Visitor") -> None:
    """A link that is sent, and closed."""
    link = await go.call_tool("create_payment_link", name="Plan anual", line_items=LINES, expires_at=SOON)
    one = {"checkout_id": link["id"]}
    await go.call_tool("email_payment_link", **one, email=ANA["email"])
    await go.call_tool("sms_payment_link", **one, phone="+525555555555")
    await go.call_tool("list_payment_links", search="anual")
    await go.call_tool("get_payment_link", **one)
    await go.call_tool("cancel_payment_link", **one)


async def walk_subscriptions(go: "Visitor") -> None:
    """Plans, and a subscription whose card fails and recovers."""
    for plan, amount in (("mensual", 9900), ("anual", 99000)):
        await go.call_tool("create_plan", plan_id=plan, name=f"Plan {plan}", amount=amount, interval="month")
    await go.call_tool("update_plan", plan_id="anual", amount=89000)
    await go.call_tool("list_plans", search="plan")
    await go.call_tool("get_plan", plan_id="mensual")
    ana = await _create_customer(go, ANA, {"type": "card", "token_id": CARD})
    await go.call_tool("create_subscription", **ana, plan_id="mensual")
    await go.send_request("POST", "/_sandbox/cards", decline_next="insufficient_funds")
    failed = await go.call_tool("create_subscription", **ana, plan_id="anual")
    one = {**ana, "subscription_id": failed["id"]}
    await go.call_tool("retry_subscription", **one)
    await go.call_tool("update_subscription", **one, plan_id="mensual")
    for act in ("pause", "resume"):
        await go.call_tool(f"{act}_subscription", **one)
    for act in ("create", "get"):
        await go.call_tool(f"{act}_customer_portal", subscription_id=failed["id"])
    await go.call_tool("list_subscriptions", **ana)
    await go.call_tool("get_subscription", **one)
    await go.call_tool("cancel_subscription", **one)
    await go.call_tool("list_subscription_events", **one, limit=2)


async def walk_customer_subscription(go: "Visitor") -> None:
    """The operations that Conekta keeps for old clients: a customer with one subscription."""
    for plan in ("mensual", "anual"):
        await go.send_request("POST", "/plans", id=plan, name=f"Plan {plan}", **MONTHLY)
    one = await _create_customer(go, EVA, {"type": "card", "token_id": CARD})
    await go.call_tool("create_customer_subscription", **one, plan_id="mensual")
    await go.call_tool("update_customer_subscription", **one, plan_id="anual")
    for act in ("pause", "resume", "get", "cancel"):
        await go.call_tool(f"{act}_customer_subscription", **one)
    await go.call_tool("list_customer_subscription_events", **one)
    await go.call_tool("delete_plan", plan_id="anual")


async def walk_antifraud_and_keys(go: "Visitor") -> None:
    """Tokens, lists of payers and keys."""
    await go.call_tool("create_token")
    await go.call_tool("validate_installments", bin="424242", amount=300000)
    for colour in ("white", "black"):
        rule = await go.call_tool(
            f"create_{colour}list_rule", field="email", value=ANA["email"], description="Cliente"
        )
        await go.call_tool(f"list_{colour}list_rules")
        await go.call_tool(f"delete_{colour}list_rule", rule_id=rule["id"])
    key = await go.call_tool("create_api_key", role="private", description="Tienda")
    await go.call_tool("list_api_keys")
    await go.call_tool("update_api_key", api_key_id=key["id"], active=False)
    await go.call_tool("get_api_key", api_key_id=key["id"])
    await go.call_tool("delete_api_key", api_key_id=key["id"])


async def walk_webhooks_and_events(go: "Visitor") -> None:
    """Webhooks, their keys, events and logs."""
    for _ in range(3):
        await _create_paid_order(go)
    key = {"webhook_key_id": (await go.call_tool("create_webhook_key", active=True))["id"]}
    await go.call_tool("list_webhook_keys")
    await go.call_tool("get_webhook_key", **key)
    await go.call_tool("update_webhook_key", **key, active=False)
    await go.call_tool("delete_webhook_key", **key)
    asked = {"url": "https://tienda.example.com/conekta", "subscribed_events": ["order.paid"]}
    one = {"webhook_id": (await go.call_tool("create_webhook", **asked))["id"]}
    await go.call_tool("list_webhooks")
    await go.call_tool("get_webhook", **one)
    await go.call_tool("test_webhook", **one)
    await go.call_tool("update_webhook", **one, subscribed_events=["order.paid", "order.refunded"])
    await go.call_tool("delete_webhook", **one)
    local = await go.call_tool("create_webhook", url="http://localhost:8080/conekta")
    await go.call_tool("list_events", search="order.paid", limit=2)
    paid = await _find_newest_id(go, "/events", type="order.paid")
    await go.call_tool("get_event", event_id=paid)
    await go.call_tool("resend_event", event_id=paid, webhooks_ids=[local["id"]])
    await go.call_tool("list_logs", limit=2)
    await go.call_tool("get_log", log_id=await _find_newest_id(go, "/logs", method="DELETE"))


async def walk_balance(go: "Visitor") -> None:
    """What is there after the captures have settled, and where it goes."""
    for _ in range(3):
        await _create_paid_order(go)
    await go.send_request("POST", "/_sandbox/clock", advance_seconds=3 * DAY)
    prize = {**await _create_customer(go, ANA), "amount": 50000, "reason": "Premio", "expires_at": SOON}
    payout = {"payout_order_id": (await go.call_tool("create_payout", **prize))["id"]}
    await go.call_tool("get_balance")
    await go.call_tool("list_payouts")
    await go.call_tool("get_payout", **payout)
    await go.call_tool("cancel_payout", **payout)
    await go.send_request("POST", "/_sandbox/transfers")
    await go.call_tool("list_transactions", type="capture", limit=2)
    await go.call_tool("get_transaction", transaction_id=await _find_newest_id(go, "/transactions"))
    await go.call_tool("list_transfers")
    await go.call_tool("get_transfer", transfer_id=await _find_newest_id(go, "/transfers"))


async def walk_companies(go: "Visitor") -> None:
    """A holding with one child company, whose documents are handed in."""
    child = await go.call_tool("create_company", name="Sucursal Norte", users=["norte@example.com"])
    one = {"company_id": child["id"]}
    await go.call_tool("upload_company_document", **one, **PDF, file_classification="cfdi")
    await go.call_tool("update_company_document", **one, **PDF, file_classification="cfdi")
    await go.call_tool("list_company_documents", **one)
    await go.call_tool("list_companies")
    await go.call_tool("get_company", **one)
    await go.call_tool("get_current_company")


async def walk_chargebacks(go: "Visitor") -> None:
    """A cardholder disputes a charge, and the shop answers."""
    paid = await _create_paid_order(go)
    opened = await go.send_request("POST", "/_sandbox/chargebacks", order_id=paid, reason="fraudulent")
    one = {"charge_id": opened["charge_id"], "chargeback_id": opened["id"]}
    await go.call_tool("list_chargeback_evidence_types", **one)
    address = "/charges/{charge_id}/chargebacks/{chargeback_id}".format(**one)
    types = await go.read_rows(f"{address}/evidence-types")
    files = [{**PDF, "evidence_type": row["type"]} for row in types if row["required"]]
    await go.call_tool("submit_chargeback_evidence", **one, files=files)
    await go.call_tool("list_chargeback_evidence", **one)
    sent = await go.read_rows(f"{address}/files")
    await go.call_tool("get_chargeback_evidence", **one, file_id=sent[0]["id"])


async def walk_support(go: "Visitor") -> None:
    """What who answers customers asks: a payment, its story, a customer, sales, a subscription."""
    ana = await _create_customer(go, ANA, {"type": "spei_recurrent"}, {"type": "card", "token_id": CARD})
    billed = await go.call_tool("create_order_reusing_clabe", **ana, line_items=LINES)
    await go.send_request("POST", "/_sandbox/payments", order_id=billed["id"])
    await go.call_tool("find_payment", text="¿Ya llegó mi pago de 500 pesos de hoy? Soy Ana Ruiz")
    declined = {"type": "card", "token_id": "tok_test_insufficient_funds"}
    await go.call_tool("explain_payment", id=await _create_declined_order(go, declined))
    await go.call_tool("wait_for_payment", id=billed["id"])
    await go.send_request("POST", "/plans", id="mensual", name="Plan mensual", **MONTHLY)
    await go.send_request("POST", "/_sandbox/cards", decline_next="insufficient_funds")
    await go.send_request("POST", f"/customers/{ana['customer_id']}/subscriptions", plan_id="mensual")
    await go.call_tool("check_subscription", **ana)
    await go.call_tool("get_customer_profile", email=ANA["email"])
    await go.call_tool("summarize_sales", from_day="hoy")


async def walk_discovery(go: "Visitor") -> None:
    """What finds and calls the unlisted operations."""
    await _create_paid_order(go)
    await go.call_tool("search_operations", query="devolver dinero", limit=2)
    await go.call_tool("describe_operation", name="capture_order")
    await go.call_tool("call_read_operation", name="get_balance", arguments={})
    await go.call_tool("call_write_operation", name="create_customer", arguments=EVA)


async def _create_customer(go: "Visitor", person: dict[str, Any], *sources: dict[str, Any]) -> dict[str, str]:
    made = await go.send_request("POST", "/customers", **person, payment_sources=list(sources))
    return {"customer_id": made["id"]}


async def _create_uncharged_order(go: "Visitor", **more: Any) -> str:
    body = {"currency": "MXN", "line_items": LINES, "customer_info": ANA, **more}
    return str((await go.send_request("POST", "/orders", **body))["id"])


async def _create_declined_order(go: "Visitor", card: dict[str, Any]) -> str:
    answer = await go.refuse_request(
        "POST",
        "/orders",
        currency="MXN",
        line_items=LINES,
        customer_info=ANA,
        charges=[{"payment_method": card}],
    )
    return str(answer["id"])


async def _create_paid_order(go: "Visitor") -> str:
    card = {"payment_method": {"type": "card", "token_id": CARD}}
    return await _create_uncharged_order(go, charges=[card])


async def _find_newest_id(go: "Visitor", path: str, **like: str) -> str:
    page = await go.send_request("GET", path)
    rows = (row for row in page["data"] if all(row.get(name) == value for name, value in like.items()))
    return str(next(rows)["id"])


STEPS = (
    walk_customers,
    walk_orders,
    walk_order_lines,
    walk_charges,
    walk_payment_links,
    walk_subscriptions,
    walk_customer_subscription,
    walk_antifraud_and_keys,
    walk_webhooks_and_events,
    walk_balance,
    walk_companies,
    walk_chargebacks,
    walk_support,
    walk_discovery,
)


async def walk_example(go: "Visitor", tool: "Operation[Any]") -> None:
    """Call a tool that no step calls with its example, on the object that its path names last."""
    *first, last = SHOPS[tool.endpoint.path_fields[-1]]
    for create in first:
        with suppress(LookupError):
            await go.call_tool(tool.name, **{**tool.example, **await create(go)})
            return
    await go.call_tool(tool.name, **{**tool.example, **await last(go)})


async def _name_pending_order(go: "Visitor") -> dict[str, str]:
    return {"order_id": await _create_uncharged_order(go, charges=[{"payment_method": {"type": "spei"}}])}


async def _name_uncharged_order(go: "Visitor") -> dict[str, str]:
    return {"order_id": await _create_uncharged_order(go)}


async def _name_paid_order(go: "Visitor") -> dict[str, str]:
    return {"order_id": await _create_paid_order(go)}


SHOPS: "Mapping[str, tuple[Callable[[Visitor], Awaitable[dict[str, str]]], ...]]" = {
    "order_id": (_name_pending_order, _name_uncharged_order, _name_paid_order),
    "customer_id": (lambda go: _create_customer(go, ANA),),
}
"""What there is for a tool that no step calls: the first that it succeeds on becomes its example.

A tool on another object needs a call in a step.
"""
