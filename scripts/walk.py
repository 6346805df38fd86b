"""The walk that gives docs/tools.md its examples: a shop that sells, bills, refunds and pays out."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from examples import Visitor

NOW = 1_768_564_800
DAY = 86_400
SOON = NOW + 30 * DAY
FINDING = ("search_operations", "describe_operation", "call_read_operation", "call_write_operation")

LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de México", "postal_code": "06100", "country": "MX"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
EVA = {"name": "Eva Luna", "email": "eva@example.com", "phone": "+525555550000"}
CARD = "tok_test_visa_4242"
PDF = {"base64": b64encode(b"%PDF-1.7 nota").decode(), "name": "nota.pdf"}
ANA = PERSON["email"]
SOLD = {**PERSON, "line_items": LINES}


async def customers(go: "Visitor") -> None:
    """A customer with an address, fiscal data and ways to pay."""
    ana = {"customer_id": (await go.call("create_customer", **PERSON))["id"]}
    await go.call("update_customer", **ana, custom_reference="A-17")
    contact = await go.call("add_shipping_contact", **ana, receiver="Ana Ruiz", address=ADDRESS)
    await go.call("update_shipping_contact", **ana, shipping_contact_id=contact["id"], receiver="Eva Luna")
    entity = await go.call("add_fiscal_entity", **ana, tax_id="XAXX010101000", address=ADDRESS)
    await go.call("update_fiscal_entity", **ana, fiscal_entity_id=entity["id"], company_name="Ana Ruiz SA")
    await go.call("add_spei_recurrent_source", **ana)
    cash = await go.call("add_cash_recurrent_source", **ana)
    card = await go.call("add_card_source", **ana, token_id=CARD)
    await go.call("update_payment_source", **ana, payment_source_id=card["id"], name="Ana Ruiz")
    await go.call("list_payment_sources", **ana)
    await go.call("delete_payment_source", **ana, payment_source_id=cash["id"])
    await go.call("list_customers", search="ana")
    await go.call("get_customer", **ana)
    await go.call("delete_shipping_contact", **ana, shipping_contact_id=contact["id"])
    await go.call("delete_customer", customer_id=(await go.call("create_customer", **EVA))["id"])


async def orders(go: "Visitor") -> None:
    """Orders that wait, that are paid and that are cancelled."""
    ana = {"customer_id": await _id_of_ana(go)}
    billed = await go.call("create_order_reusing_clabe", **ana, line_items=LINES)
    await go.call("simulate_payment", order_id=billed["id"])
    waiting = await go.call("create_order", **ana, line_items=LINES, payment_method="spei")
    await go.call("get_order", order_id=waiting["id"])
    await go.call("cancel_order", order_id=waiting["id"])
    await go.call("create_card_order", **ana, line_items=LINES, token_id=CARD)
    await go.call("list_orders", search=ANA)


async def order_lines(go: "Visitor") -> None:
    """The lines of an order that the shop made and nobody charged yet."""
    order = {"order_id": await _uncharged(go)}
    await go.call("update_order", **order, shipping_contact={"receiver": "Ana Ruiz", "address": ADDRESS})
    for kind, given, change in LINE_KINDS:
        line = {**order, f"{kind}_id": (await go.call(f"add_{kind}", **order, **given))["id"]}
        await go.call(f"update_{kind}", **line, **change)
        if kind == "discount_line":
            await go.call("list_discount_lines", **order)
            await go.call("get_discount_line", **line)
        await go.call(f"delete_{kind}", **line)


LINE_KINDS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("line_item", {"name": "Taza", "unit_price": 12000, "quantity": 1}, {"quantity": 2}),
    ("tax_line", {"amount": 1920, "description": "IVA"}, {"amount": 1600}),
    ("shipping_line", {"amount": 9900, "carrier": "Estafeta"}, {"amount": 8900}),
    ("discount_line", {"amount": 500, "code": "HOLA", "type": "coupon"}, {"amount": 600}),
)


async def charges(go: "Visitor") -> None:
    """Charges: made, captured, released, given back."""
    charge = await go.call("create_charge", order_id=await _uncharged(go), payment_method="spei")
    await go.call("update_charge", charge_id=charge["id"], reference_id="Pedido 1042")
    await go.call("create_charges", order_id=await _uncharged(go), payment_method="cash")
    for ending in ("capture_order", "void_order"):
        held = await go.call("create_card_order", **SOLD, token_id=CARD, pre_authorize=True)
        await go.call(ending, order_id=held["id"])
    await go.call("list_charges", limit=2, fields=["id", "status", "amount_text", "order_id"])
    paid = await go.call("create_card_order", **SOLD, token_id=CARD)
    await go.call("refund_order", order_id=paid["id"], amount=20000, reason="requested_by_client")
    cash = {"order_id": (await go.call("create_order", **SOLD, payment_method="cash"))["id"]}
    await go.call("simulate_payment", **cash)
    await go.call("refund_order", **cash, amount=50000, reason="requested_by_client")
    raw = await go.shop("GET", f"/orders/{cash['order_id']}")
    await go.call("cancel_refund", **cash, refund_id=raw["charges"]["data"][0]["refunds"]["data"][0]["id"])


async def payment_links(go: "Visitor") -> None:
    """A link that is sent, and closed."""
    link = await go.call("create_payment_link", name="Plan anual", line_items=LINES, expires_at=SOON)
    one = {"checkout_id": link["id"]}
    await go.call("email_payment_link", **one, email=ANA)
    await go.call("sms_payment_link", **one, phone="+525555555555")
    await go.call("list_payment_links", search="anual")
    await go.call("get_payment_link", **one)
    await go.call("cancel_payment_link", **one)


async def subscriptions(go: "Visitor") -> None:
    """Plans, and a subscription whose card fails and recovers."""
    for plan, amount in (("mensual", 9900), ("anual", 99000)):
        await go.call("create_plan", plan_id=plan, name=f"Plan {plan}", amount=amount, interval="month")
    await go.call("update_plan", plan_id="anual", amount=89000)
    await go.call("list_plans", search="plan")
    await go.call("get_plan", plan_id="mensual")
    ana = {"customer_id": await _id_of_ana(go)}
    await go.call("create_subscription", **ana, plan_id="mensual")
    await go.shop("POST", "/_sandbox/cards", decline_next="insufficient_funds")
    failed = await go.call("create_subscription", **ana, plan_id="anual")
    one = {**ana, "subscription_id": failed["id"]}
    await go.call("retry_subscription", **one)
    await go.call("update_subscription", **one, plan_id="mensual")
    for act in ("pause", "resume"):
        await go.call(f"{act}_subscription", **one)
    for act in ("create", "get"):
        await go.call(f"{act}_customer_portal", subscription_id=failed["id"])
    await go.call("list_subscriptions", **ana)
    await go.call("get_subscription", **one)
    await go.call("cancel_subscription", **one)
    await go.call("list_subscription_events", **one, limit=2)


async def one_subscription(go: "Visitor") -> None:
    """The operations that Conekta keeps for old clients: a customer with one subscription."""
    one = {"customer_id": (await go.call("create_customer", **EVA))["id"]}
    await go.call("add_card_source", **one, token_id=CARD)
    await go.call("create_customer_subscription", **one, plan_id="mensual")
    await go.call("update_customer_subscription", **one, plan_id="anual")
    for act in ("pause", "resume", "get", "cancel"):
        await go.call(f"{act}_customer_subscription", **one)
    await go.call("list_customer_subscription_events", **one)
    await go.call("delete_plan", plan_id="anual")


async def trust(go: "Visitor") -> None:
    """Tokens, lists of payers and keys."""
    await go.call("create_token")
    await go.call("validate_installments", bin="424242", amount=300000)
    for colour in ("white", "black"):
        rule = await go.call(f"create_{colour}list_rule", field="email", value=ANA, description="Cliente")
        await go.call(f"list_{colour}list_rules")
        await go.call(f"delete_{colour}list_rule", rule_id=rule["id"])
    key = await go.call("create_api_key", role="private", description="Tienda")
    await go.call("list_api_keys")
    await go.call("update_api_key", api_key_id=key["id"], active=False)
    await go.call("get_api_key", api_key_id=key["id"])
    await go.call("delete_api_key", api_key_id=key["id"])


async def events(go: "Visitor") -> None:
    """Webhooks, their keys, events and logs."""
    key = {"webhook_key_id": (await go.call("create_webhook_key", active=True))["id"]}
    await go.call("list_webhook_keys")
    await go.call("get_webhook_key", **key)
    await go.call("update_webhook_key", **key, active=False)
    await go.call("delete_webhook_key", **key)
    asked = {"url": "https://tienda.example.com/conekta", "subscribed_events": ["order.paid"]}
    one = {"webhook_id": (await go.call("create_webhook", **asked))["id"]}
    await go.call("list_webhooks")
    await go.call("get_webhook", **one)
    await go.call("test_webhook", **one)
    await go.call("update_webhook", **one, subscribed_events=["order.paid", "order.refunded"])
    await go.call("delete_webhook", **one)
    local = await go.call("create_webhook", url="http://localhost:8080/conekta")
    await go.call("list_events", search="order.paid", limit=2)
    paid = await _newest(go, "/events", type="order.paid")
    await go.call("get_event", event_id=paid)
    await go.call("resend_event", event_id=paid, webhooks_ids=[local["id"]])
    await go.call("list_logs", limit=2)
    await go.call("get_log", log_id=await _newest(go, "/logs", method="DELETE"))


async def balance(go: "Visitor") -> None:
    """What is there after the captures have settled, and where it goes."""
    await go.shop("POST", "/_sandbox/clock", advance_seconds=3 * DAY)
    prize = {"customer_id": await _id_of_ana(go), "amount": 50000, "reason": "Premio", "expires_at": SOON}
    payout = {"payout_order_id": (await go.call("create_payout", **prize))["id"]}
    await go.call("get_balance")
    await go.call("list_payouts")
    await go.call("get_payout", **payout)
    await go.call("cancel_payout", **payout)
    await go.shop("POST", "/_sandbox/transfers")
    await go.call("list_transactions", type="capture", limit=2)
    await go.call("get_transaction", transaction_id=await _newest(go, "/transactions"))
    await go.call("list_transfers")
    await go.call("get_transfer", transfer_id=await _newest(go, "/transfers"))


async def companies(go: "Visitor") -> None:
    """A holding with one child company, whose documents are handed in."""
    child = await go.call("create_company", name="Sucursal Norte", users=["norte@example.com"])
    one = {"company_id": child["id"]}
    await go.call("upload_company_document", **one, **PDF, file_classification="cfdi")
    await go.call("update_company_document", **one, **PDF, file_classification="cfdi")
    await go.call("list_company_documents", **one)
    await go.call("list_companies")
    await go.call("get_company", **one)
    await go.call("get_current_company")


async def chargebacks(go: "Visitor") -> None:
    """A cardholder disputes a charge, and the shop answers."""
    paid = await go.call("create_card_order", **SOLD, token_id=CARD)
    opened = await go.shop("POST", "/_sandbox/chargebacks", order_id=paid["id"], reason="fraudulent")
    one = {"charge_id": opened["charge_id"], "chargeback_id": opened["id"]}
    await go.call("list_chargeback_evidence_types", **one)
    address = "/charges/{charge_id}/chargebacks/{chargeback_id}".format(**one)
    types = await go.rows(f"{address}/evidence-types")
    files = [{**PDF, "evidence_type": row["type"]} for row in types if row["required"]]
    await go.call("submit_chargeback_evidence", **one, files=files)
    await go.call("list_chargeback_evidence", **one)
    sent = await go.rows(f"{address}/files")
    await go.call("get_chargeback_evidence", **one, file_id=sent[0]["id"])


async def finding(go: "Visitor") -> None:
    """What finds and calls the unlisted operations."""
    await go.call("search_operations", query="devolver dinero", limit=2)
    await go.call("describe_operation", name="capture_order")
    await go.call("call_read_operation", name="get_balance", arguments={})
    await go.call("call_write_operation", name="create_customer", arguments=EVA)


async def _id_of_ana(go: "Visitor") -> str:
    page = await go.shop("GET", "/customers")
    return str(next(row["id"] for row in page["data"] if row["email"] == ANA))


async def _uncharged(go: "Visitor") -> str:
    order = await go.shop("POST", "/orders", currency="MXN", line_items=LINES, customer_info=PERSON)
    return str(order["id"])


async def _newest(go: "Visitor", path: str, **like: str) -> str:
    page = await go.shop("GET", path)
    rows = (row for row in page["data"] if all(row.get(name) == value for name, value in like.items()))
    return str(next(rows)["id"])


STEPS = (
    customers, orders, order_lines, charges, payment_links, subscriptions, one_subscription, trust, events,
    balance, companies, chargebacks, finding,
)  # fmt: skip
