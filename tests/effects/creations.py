"""For every tool that creates something with a body: a shop, and arguments that together use every field."""

from collections.abc import Callable
from typing import Any

from conekta_mcp.domains.all_writes import WRITE_PLANS
from tests.contract.fullest import ABOUT, CONTACT, EXTRAS, FISCAL, LINES, ORDER_EXTRAS, PERSON
from tests.effects.scenes import (
    BROKE,
    LATER,
    RULE,
    SCENES,
    TOOLS,
    Arguments,
    ana,
    paid,
    payee,
    uncharged,
)
from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import customer, plan

Creation = Callable[[Shop], Arguments]
TOKEN = "tok_test_visa_4242"
NEW_CARD, NEW_CLABE = {"type": "card", "token_id": TOKEN}, {"type": "spei_recurrent", "expires_at": LATER}
REFERENCE = [{"type": "cash_recurrent"}]
MORE = {**EXTRAS, **ORDER_EXTRAS, "currency": "MXN", "line_items": LINES}
CHARGE = {"reference_id": "R-1", "amount": 50000}
# Enough for a year of months; 100 pesos is the smallest.
DEAR = [{**LINES[0], "unit_price": 120_000}]
LINK = {
    "name": "Curso",
    "line_items": LINES,
    "expires_at": LATER,
    "currency": "MXN",
    "metadata": {"a": 1},
    "tax_lines": EXTRAS["tax_lines"],
    "discount_lines": EXTRAS["discount_lines"],
    "needs_shipping_contact": True,
    "on_demand_enabled": True,
    "success_url": "https://shop.example.com/back",
    "redirection_time": 5,
    "three_ds_mode": "smart",
}


def payable(shop: Shop, **more: Any) -> Arguments:
    return {**uncharged(shop), **CHARGE, **more}


def stored_card(shop: Shop) -> Arguments:
    made = shop.customer(payment_sources=[NEW_CARD])
    return {"customer_id": made["id"], "payment_source_id": made["payment_sources"]["data"][0]["id"]}


def charged_source(shop: Shop) -> Arguments:
    card = stored_card(shop)
    order = shop.order(card["customer_id"])
    return {"order_id": order["id"], "payment_method": "card", "payment_source_id": card["payment_source_id"]}


def shipped(shop: Shop, **more: Any) -> Arguments:
    return {**uncharged(shop, shipping_contact={"address": CONTACT["address"]}), **more}


def subscribing(shop: Shop) -> Arguments:
    plan(shop)
    who = customer(shop)
    card = shop.get(f"/customers/{who}/payment_sources")["data"][0]["id"]
    return {"customer_id": who, "plan_id": "gold", "card_id": card, "trial_end": LATER}


def planned_link(shop: Shop) -> Arguments:
    plan(shop)
    return {**LINK, "customer_id": ana(shop), "plan_ids": ["gold"]}


LINE = dict(LINES[0])
CHARGES: list[Creation] = [
    lambda shop: {
        **uncharged(shop, line_items=DEAR),
        **CHARGE,
        "amount": 120_000,
        "payment_method": "card",
        "token_id": TOKEN,
        "monthly_installments": 12,
    },
    charged_source,
    lambda shop: payable(shop, payment_method="spei", expires_at=LATER),
    lambda shop: payable(shop, payment_method="cash", expires_at=LATER),
]
CREATIONS: dict[str, list[Creation]] = {
    "create_customer": [
        lambda _: {
            **PERSON,
            **ABOUT,
            "payment_sources": [NEW_CLABE, NEW_CARD],
            "shipping_contacts": [{**CONTACT, "metadata": {"a": 1}}],
            "fiscal_entities": [FISCAL],
        }
    ],
    "add_card_source": [lambda shop: {"customer_id": ana(shop), "token_id": TOKEN}],
    "add_spei_recurrent_source": [lambda shop: {"customer_id": ana(shop), "expires_at": LATER}],
    "add_cash_recurrent_source": [lambda shop: {"customer_id": ana(shop), "expires_at": LATER}],
    "add_shipping_contact": [lambda shop: {"customer_id": ana(shop), **CONTACT, "metadata": {"a": 1}}],
    "add_fiscal_entity": [lambda shop: {"customer_id": ana(shop), **FISCAL}],
    "create_order": [
        lambda shop: {
            **MORE,
            "customer_id": shop.customer_with_clabe()[0],
            "payment_method": "spei",
            "reuse_customer_clabe": False,
            "expires_at": LATER,
        },
        lambda shop: {
            "customer_id": shop.customer(payment_sources=REFERENCE)["id"],
            "line_items": LINES,
            "payment_method": "cash",
            "reuse_customer_cash_reference": False,
            "expires_at": LATER,
        },
        lambda _: {**PERSON, "line_items": LINES, "payment_method": "none"},
    ],
    "create_order_reusing_clabe": [
        lambda shop: {
            "customer_id": shop.customer_with_clabe()[0],
            "line_items": LINES,
            "metadata": {"a": True},
            "expires_at": LATER,
        }
    ],
    "create_card_order": [
        lambda _: {
            **PERSON,
            **MORE,
            "line_items": DEAR,
            "token_id": TOKEN,
            "monthly_installments": 12,
            "pre_authorize": True,
            "three_ds_mode": "smart",
            "return_url": "https://shop.example.com/back",
        },
        lambda shop: {**stored_card(shop), "line_items": LINES},
        lambda _: {**PERSON, "line_items": LINES, "token_id": BROKE},
    ],
    "add_line_item": [lambda shop: {**uncharged(shop), **LINE, "metadata": {"a": 1}}],
    "add_tax_line": [lambda shop: {**uncharged(shop), **EXTRAS["tax_lines"][0]}],
    "add_shipping_line": [lambda shop: shipped(shop, **EXTRAS["shipping_lines"][0])],
    "add_discount_line": [lambda shop: {**uncharged(shop), **EXTRAS["discount_lines"][0]}],
    "create_charge": CHARGES,
    "create_charges": CHARGES,
    "refund_order": [
        lambda shop: {**paid(shop), "amount": 500, "reason": "requested_by_client", "expires_at": LATER}
    ],
    "create_payment_link": [
        planned_link,
        lambda _: {**LINK, "allowed_payment_methods": ["card", "cash"]},
        lambda _: {
            **LINK,
            "recurrent": True,
            "payments_limit_count": 5,
            "customer": PERSON,
            "excluded_payment_methods": ["cash"],
            "exclude_card_networks": ["amex"],
            "monthly_installments_options": [3, 6],
        },
    ],
    "create_plan": [
        lambda _: {
            "name": "Mensual",
            "amount": 9900,
            "interval": "month",
            "frequency": 2,
            "currency": "MXN",
            "plan_id": "gold",
            "trial_period_days": 3,
            "expiry_count": 12,
            "max_retries": 4,
            "retry_delay_hours": 50,
        }
    ],
    "create_subscription": [subscribing],
    "create_customer_subscription": [subscribing],
    "create_blacklist_rule": [lambda _: RULE, SCENES["create_blacklist_rule"]],
    "create_webhook_key": [lambda _: {"active": False}],
    "create_payout": [lambda shop: {**payee(shop), "metadata": {"a": 1}}],
    "create_company": [
        lambda _: {
            "name": "Prueba SA",
            "type_company": "owner",
            "comercial_info": {
                "website": "https://example.com",
                "mcc": "5411",
                "merchant_support_email": "ventas@example.com",
                "merchant_support_phone": "5555555555",
            },
            "fiscal_info": {"business_phone": "5555555555", "fiscal_type": "moral"},
            "clabe": "646180111802000138",
            "users": ["ana@example.com"],
        }
    ],
}


def has_body(tool: Any) -> bool:
    fields: set[str] = {*tool.input.model_fields} - tool.input.server_fields
    return bool(fields - {*tool.endpoint.path_fields})


# A tool whose scene uses every argument needs no call here.
CREATIONS.update(
    {
        name: [SCENES[name]]
        for name, one in WRITE_PLANS.items()
        if one.verifier
        and one.verifier.new_row
        and name in SCENES.keys() - CREATIONS.keys()
        and has_body(TOOLS[name])
    }
)
