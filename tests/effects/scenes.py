"""For every writing tool: a shop in which it can act, and the arguments to act with.

What acts on one object with no more than its example needs no entry: `derive_scenes`.
"""

from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from typing import Any

from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.sandbox import Ledger
from tests.conftest import ADDRESS, FISCAL_ADDRESS, LINES, PDF, PERSON
from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import act, customer, plan, subscribe, subscribed

DAY = 86_400
START = 1_768_564_855
LATER = START + 4 * DAY
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}
BROKE = "tok_test_insufficient_funds"
SPEI = {"type": "spei"}
CASH = {"type": "cash"}
LINK = {
    "name": "Curso",
    "type": "PaymentLink",
    "recurrent": False,
    "expires_at": LATER,
    "order_template": {"currency": "MXN", "line_items": LINES},
}
RULE = {"field": "email", "value": "ana@example.com", "description": "Cliente"}
TOOLS = {tool.name: tool for tool in ALL_TOOLS}
Arguments = dict[str, Any]
Scene = Callable[[Shop], Arguments]


def ana(shop: Shop, **fields: Any) -> str:
    found: str = shop.customer(**fields)["id"]
    return found


def paid(shop: Shop, **fields: Any) -> Arguments:
    return {"order_id": shop.order(ana(shop), VISA, **fields)["id"]}


def uncharged(shop: Shop, **fields: Any) -> Arguments:
    return {"order_id": shop.order(ana(shop), **fields)["id"]}


def pending(shop: Shop) -> Arguments:
    return {"order_id": shop.order(ana(shop), SPEI)["id"]}


def on_hold(shop: Shop) -> Arguments:
    return {"order_id": shop.order(ana(shop), VISA, pre_authorize=True)["id"]}


def with_line(shop: Shop, kind: str, line: Arguments, key: str, **more: Any) -> Arguments:
    contact = {"shipping_contact": {"address": ADDRESS}} if kind == "shipping_lines" else {}
    order = shop.order(ana(shop), **contact)
    lines = order[kind]["data"] if kind == "line_items" else []
    made = lines[0] if lines else shop.post(f"/orders/{order['id']}/{kind}", line)
    if kind == "line_items":
        shop.post(f"/orders/{order['id']}/line_items", line)
    return {"order_id": order["id"], key: made["id"], **more}


def addressed(shop: Shop) -> Arguments:
    return uncharged(shop, shipping_contact={"address": ADDRESS})


def pending_refund(shop: Shop) -> Arguments:
    order = shop.order(ana(shop), CASH)
    shop.pay(order_id=order["id"])
    body = {"amount": 500, "reason": "requested_by_client"}
    given = shop.post(f"/orders/{order['id']}/refunds", body)
    refund = given["charges"]["data"][0]["refunds"]["data"][0]
    return {"order_id": order["id"], "refund_id": refund["id"]}


def charge_of(shop: Shop) -> Arguments:
    order = shop.order(ana(shop), VISA)
    return {"charge_id": order["charges"]["data"][0]["id"], "reference_id": "R-1"}


def link(shop: Shop, **more: Any) -> Arguments:
    return {"checkout_id": shop.post("/checkouts", LINK)["id"], **more}


def running(shop: Shop, *actions: str, **more: Any) -> Arguments:
    subscription = subscribed(shop)
    for action in actions:
        act(shop, subscription, action)
    return {"customer_id": subscription["customer_id"], "subscription_id": subscription["id"], **more}


def anonymous(shop: Shop, *actions: str, **more: Any) -> Arguments:
    return {"customer_id": running(shop, *actions)["customer_id"], **more}


def overdue(shop: Shop) -> Arguments:
    subscription = subscribed(shop, BROKE)
    return {"customer_id": subscription["customer_id"], "subscription_id": subscription["id"]}


def second_plan(shop: Shop, make: Callable[..., Arguments]) -> Arguments:
    made = make(shop, plan_id="silver")
    plan(shop, id="silver", name="Plan plata", amount=5000)
    return made


def subscribing(shop: Shop) -> Arguments:
    plan(shop)
    who = customer(shop)
    subscribe(shop, who)
    return {"customer_id": who, "plan_id": "gold"}


def source(shop: Shop, **more: Any) -> Arguments:
    made = shop.customer(payment_sources=[{"type": "spei_recurrent"}])
    return {"customer_id": made["id"], "payment_source_id": made["payment_sources"]["data"][0]["id"], **more}


def contact(shop: Shop, **more: Any) -> Arguments:
    made = shop.customer(shipping_contacts=[{"address": ADDRESS}, {"address": ADDRESS}])
    key = made["shipping_contacts"]["data"][0]["id"]
    return {"customer_id": made["id"], "shipping_contact_id": key, **more}


def entity(shop: Shop) -> Arguments:
    made = shop.customer(fiscal_entities=[{"address": FISCAL_ADDRESS}])
    key = made["fiscal_entities"]["data"][0]["id"]
    return {"customer_id": made["id"], "fiscal_entity_id": key, "tax_id": "XAXX010101000"}


def payout_body(customer_id: str) -> Arguments:
    return {
        "amount": 20000,
        "currency": "MXN",
        "reason": "Premio",
        "expires_at": LATER,
        "allowed_payout_methods": ["cashout"],
        "customer_info": {"customer_id": customer_id},
        "payout": {"payout_method": {"type": "cashout"}},
    }


def payee(shop: Shop) -> Arguments:
    paid(shop)
    shop.advance(2 * DAY)
    return {"customer_id": ana(shop), "amount": 20000, "reason": "Premio", "expires_at": LATER}


def open_payout(shop: Shop) -> Arguments:
    made = shop.post("/payout_orders", payout_body(payee(shop)["customer_id"]))
    return {"payout_order_id": made["id"]}


def webhook(shop: Shop, **more: Any) -> Arguments:
    body = {"url": "https://user:secret@shop.example.com/hook", "subscribed_events": ["order.paid"]}
    return {"webhook_id": shop.post("/webhooks", body)["id"], **more}


def webhook_key(shop: Shop, **more: Any) -> Arguments:
    return {"webhook_key_id": shop.post("/webhook_keys")["id"], **more}


def api_key(shop: Shop, **more: Any) -> Arguments:
    made = shop.post("/api_keys", {"role": "private", "description": "Caja"})
    return {"api_key_id": made["id"], **more}


def event(shop: Shop) -> Arguments:
    shop.customer()
    made = shop.get("/events")["data"][0]
    hook = shop.post("/webhooks", {"url": "http://127.0.0.1:9/hook"})
    return {"event_id": made["id"], "webhooks_ids": [hook["id"]]}


def rule(shop: Shop, colour: str) -> Arguments:
    return {"rule_id": shop.post(f"/antifraud/{colour}lists", RULE)["id"]}


def company(shop: Shop, **more: Any) -> Arguments:
    made = shop.post("/companies", {"name": "Prueba SA"})
    kind = {"file_classification": "cfdi", "base64": PDF, "name": "nota.pdf"}
    return {"company_id": made["id"], **kind, **more}


def documented(shop: Shop) -> Arguments:
    made = company(shop)
    body = {
        "file_classification": "cfdi",
        "file_name": "vieja.pdf",
        "file_data": PDF,
        "content_type": "application/pdf",
    }
    shop.post(f"/companies/{made['company_id']}/document", body)
    return made


def disputed(shop: Shop) -> Arguments:
    made = shop.post("/_sandbox/chargebacks", paid(shop))
    file = {"base64": PDF, "name": "nota.pdf", "evidence_type": "order_details"}
    required = {"base64": PDF, "name": "cargo.pdf", "evidence_type": "charge_information"}
    return {"charge_id": made["charge_id"], "chargeback_id": made["id"], "files": [required, file]}


NEW_LINE = {"name": "Taza", "unit_price": 900, "quantity": 2}
TAX = {"amount": 800, "description": "IVA"}
SHIPPING = {"amount": 9900, "carrier": "Estafeta"}
COUPON = {"amount": 500, "code": "HOLA", "type": "coupon"}
SCENES: dict[str, Scene] = {
    "create_customer": lambda _: {**PERSON, "custom_reference": "C-1"},
    "update_customer": lambda shop: {"customer_id": ana(shop), "name": "Eva Luna", "phone": "55 1234 5678"},
    "add_card_source": lambda shop: {"customer_id": ana(shop), "token_id": "tok_test_visa_4242"},
    "add_spei_recurrent_source": lambda shop: {"customer_id": ana(shop)},
    "add_cash_recurrent_source": lambda shop: {"customer_id": ana(shop), "expires_at": LATER},
    "update_payment_source": lambda shop: source(shop, expires_at=LATER),
    "add_shipping_contact": lambda shop: {"customer_id": ana(shop), "address": ADDRESS, "receiver": "Eva"},
    "update_shipping_contact": lambda shop: contact(shop, receiver="Eva"),
    "add_fiscal_entity": lambda shop: {"customer_id": ana(shop), "address": FISCAL_ADDRESS},
    "update_fiscal_entity": entity,
    "create_order": lambda shop: {
        "customer_id": ana(shop),
        "line_items": [*LINES, NEW_LINE],
        "tax_lines": [TAX],
        "discount_lines": [COUPON],
        "metadata": {"pedido": "7"},
    },
    "create_order_reusing_clabe": lambda shop: {
        "customer_id": shop.customer_with_clabe()[0],
        "line_items": LINES,
    },
    "create_card_order": lambda _: {**PERSON, "line_items": LINES, "token_id": "tok_test_visa_4242"},
    "update_order": lambda shop: {**uncharged(shop), "line_items": [NEW_LINE], "metadata": {"a": 1}},
    "add_line_item": lambda shop: {**uncharged(shop), **NEW_LINE},
    "update_line_item": lambda shop: with_line(shop, "line_items", NEW_LINE, "line_item_id", quantity=3),
    "delete_line_item": lambda shop: with_line(shop, "line_items", NEW_LINE, "line_item_id"),
    "add_tax_line": lambda shop: {**uncharged(shop), **TAX},
    "update_tax_line": lambda shop: with_line(shop, "tax_lines", TAX, "tax_line_id", amount=900),
    "delete_tax_line": lambda shop: with_line(shop, "tax_lines", TAX, "tax_line_id"),
    "add_shipping_line": lambda shop: {**addressed(shop), **SHIPPING},
    "update_shipping_line": lambda shop: with_line(
        shop, "shipping_lines", SHIPPING, "shipping_line_id", amount=100
    ),
    "delete_shipping_line": lambda shop: with_line(shop, "shipping_lines", SHIPPING, "shipping_line_id"),
    "add_discount_line": lambda shop: {**uncharged(shop), **COUPON},
    "update_discount_line": lambda shop: with_line(
        shop, "discount_lines", COUPON, "discount_line_id", amount=600
    ),
    "delete_discount_line": lambda shop: with_line(shop, "discount_lines", COUPON, "discount_line_id"),
    "update_charge": charge_of,
    "create_charge": lambda shop: {
        **uncharged(shop),
        "payment_method": "card",
        "token_id": "tok_test_visa_4242",
    },
    "create_charges": lambda shop: {**uncharged(shop), "payment_method": "cash"},
    "capture_order": lambda shop: {**on_hold(shop), "amount": 30000},
    "void_order": on_hold,
    "refund_order": lambda shop: {**paid(shop), "amount": 500, "reason": "requested_by_client"},
    "cancel_refund": pending_refund,
    "create_payment_link": lambda _: {"name": "Curso", "line_items": LINES, "expires_at": LATER},
    "email_payment_link": lambda shop: link(shop, email="ana@example.com"),
    "sms_payment_link": lambda shop: link(shop, phone="+525555555555"),
    "create_plan": lambda _: {"name": "Mensual", "amount": 9900, "interval": "month"},
    "update_plan": lambda shop: {"plan_id": plan(shop)["id"], "amount": 12000},
    "create_subscription": subscribing,
    "update_subscription": lambda shop: second_plan(shop, running),
    "resume_subscription": lambda shop: running(shop, "pause"),
    "retry_subscription": overdue,
    "create_customer_subscription": subscribing,
    "update_customer_subscription": lambda shop: second_plan(shop, anonymous),
    "cancel_customer_subscription": anonymous,
    "pause_customer_subscription": anonymous,
    "resume_customer_subscription": lambda shop: anonymous(shop, "pause"),
    "create_customer_portal": lambda shop: {"subscription_id": subscribed(shop)["id"]},
    "create_whitelist_rule": lambda _: RULE,
    "delete_whitelist_rule": lambda shop: rule(shop, "white"),
    "create_blacklist_rule": lambda _: {**RULE, "field": "phone", "value": "+525555555555"},
    "delete_blacklist_rule": lambda shop: rule(shop, "black"),
    "create_api_key": lambda _: {"role": "private", "description": "Caja"},
    "update_api_key": lambda shop: api_key(shop, active=False, description="Caja 2"),
    "resend_event": event,
    "create_webhook": lambda _: {"url": "https://shop.example.com/hook", "subscribed_events": ["order.paid"]},
    "update_webhook": lambda shop: webhook(shop, active=False),
    "test_webhook": webhook,
    "create_webhook_key": lambda _: {},
    "update_webhook_key": lambda shop: webhook_key(shop, active=False),
    "create_payout": payee,
    "create_company": lambda _: {"name": "Prueba SA"},
    "upload_company_document": company,
    "update_company_document": documented,
    "submit_chargeback_evidence": disputed,
}
UNPROVED = {
    name: one.unproved or "changes nothing: it is SECRET for what it shows"
    for name, one in WRITE_PLANS.items()
    if one.verifier is None and (one.unproved or not TOOLS[name].changes)
}
"""Tools without a scene: nothing proves them, for this reason."""
SHOPS: dict[str, Scene] = {
    "order_id": pending,
    "charge_id": lambda shop: {"charge_id": charge_of(shop)["charge_id"]},
    "customer_id": lambda shop: {"customer_id": ana(shop)},
    "payment_source_id": source,
    "shipping_contact_id": contact,
    "checkout_id": link,
    "plan_id": lambda shop: {"plan_id": plan(shop)["id"]},
    "subscription_id": running,
    "api_key_id": api_key,
    "webhook_id": webhook,
    "webhook_key_id": webhook_key,
    "payout_order_id": open_payout,
}
"""The shop for what acts on one object: by the last name in its path."""
OTHER_SHOPS: dict[str, tuple[Scene, ...]] = {"order_id": (uncharged, paid)}
"""Where the sandbox refuses a tool on the object of SHOPS: others of its kind, in other states."""


def derive_scenes() -> dict[str, Scene]:
    """Return a scene of each writing tool that is not in SCENES: its example, with ids that the shop has."""
    left = [TOOLS[name] for name in WRITE_PLANS if name in TOOLS.keys() - {*SCENES, *UNPROVED}]
    return {
        tool.name: partial(act_on_one, tool)
        for tool in left
        if isinstance(tool, Operation) and has_derived_scene(tool)
    }


def has_derived_scene(tool: Tool[Any]) -> bool:
    """Whether there is a shop for the object that a tool acts on."""
    fields = tool.endpoint.path_fields if isinstance(tool, Operation) else ()
    return bool(fields) and fields[-1] in SHOPS


def act_on_one(tool: Operation[Any], shop: Shop) -> Arguments:
    return {**tool.example, **choose_shop(tool.name)(shop)}


@cache
def choose_shop(name: str) -> Scene:
    """Return the first shop for a tool's object in which the sandbox takes its example."""
    tool = TOOLS[name]
    assert isinstance(tool, Operation)
    key = tool.endpoint.path_fields[-1]
    for find in (SHOPS[key], *OTHER_SHOPS.get(key, ())):
        with closing(Ledger(clock=lambda: START, seed=1)) as ledger:
            shop = Shop(ledger)
            sent = tool.build_request(tool.input.model_validate({**tool.example, **find(shop)}))
            if shop.http.request(sent.method, sent.path, json=sent.body).is_success:
                return find
    return SHOPS[key]


DERIVED = derive_scenes()
SCENES.update(DERIVED)
