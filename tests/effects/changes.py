"""For every tool that changes with a body what there is: a shop, and arguments that together use every field.

Those of the tools that create something are in `tests/effects/creations.py`.
"""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.sandbox import Ledger
from tests.contract.fields import leaves
from tests.contract.fullest import ABOUT, CONTACT, EXTRAS, FISCAL, FISCAL_ADDRESS, LINES, ORDER_EXTRAS
from tests.effects.creations import CREATIONS, NEW_CARD, Creation, has_body
from tests.effects.scenes import (
    COUPON,
    LATER,
    NEW_LINE,
    SCENES,
    SHIPPING,
    START,
    TAX,
    TOOLS,
    Arguments,
    ana,
    api_key,
    plan,
    source,
    uncharged,
    webhook,
    webhook_key,
    with_line,
)
from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import subscribed

OTHER_PERSON = {"name": "Eva Luna", "email": "eva@example.com", "phone": "+525512345678"}


def two_of_each(shop: Shop) -> Arguments:
    """A customer, with the second payment source and the second address to be the default."""
    sources, contacts = [{"type": "spei_recurrent"}, NEW_CARD], [{"address": CONTACT["address"]}] * 2
    made = shop.customer(payment_sources=sources, shipping_contacts=contacts)
    return {
        "customer_id": made["id"],
        "default_payment_source_id": made["payment_sources"]["data"][-1]["id"],
        "default_shipping_contact_id": made["shipping_contacts"]["data"][-1]["id"],
    }


def card_source(shop: Shop) -> Arguments:
    made = shop.customer(payment_sources=[NEW_CARD])
    key = made["payment_sources"]["data"][0]["id"]
    return {"customer_id": made["id"], "payment_source_id": key, "name": "Ana Ruiz"}


def second_contact(shop: Shop) -> Arguments:
    """An address that is not the default yet."""
    made = shop.customer(shipping_contacts=[{"address": CONTACT["address"]}] * 2)
    key = made["shipping_contacts"]["data"][-1]["id"]
    return {"customer_id": made["id"], "shipping_contact_id": key, **CONTACT}


def fiscal_entity(shop: Shop) -> Arguments:
    made = shop.customer(fiscal_entities=[{"address": FISCAL_ADDRESS}])
    key = made["fiscal_entities"]["data"][0]["id"]
    return {"customer_id": made["id"], "fiscal_entity_id": key, **FISCAL}


def resubscribing(shop: Shop) -> Arguments:
    """A subscription in its trial, with another plan and another card of its customer."""
    made = subscribed(shop, trial_period_days=3)
    plan(shop, id="silver", name="Plan plata", amount=5000)
    card = shop.post(f"/customers/{made['customer_id']}/payment_sources", NEW_CARD)
    ids = {"customer_id": made["customer_id"], "subscription_id": made["id"]}
    return {**ids, "plan_id": "silver", "card_id": card["id"], "trial_end": LATER}


def resubscribing_singular(shop: Shop) -> Arguments:
    made = resubscribing(shop)
    del made["subscription_id"]
    return made


CHANGES: dict[str, list[Creation]] = {
    "update_customer": [lambda shop: {**two_of_each(shop), **OTHER_PERSON, **ABOUT}],
    "update_payment_source": [card_source, lambda shop: source(shop, expires_at=LATER)],
    "update_shipping_contact": [lambda shop: second_contact(shop)],
    "update_fiscal_entity": [fiscal_entity],
    "update_order": [
        lambda shop: {
            **uncharged(shop),
            **{name: value for name, value in EXTRAS.items() if name != "currency"},
            "line_items": [{**LINES[0], "quantity": 2}],
            "fiscal_entity": ORDER_EXTRAS["fiscal_entity"],
            **OTHER_PERSON,
        },
        lambda shop: {**uncharged(shop), "currency": "USD", "customer_id": ana(shop, name="Eva Luna")},
    ],
    "update_line_item": [
        lambda shop: with_line(
            shop, "line_items", NEW_LINE, "line_item_id", **{**LINES[0], "unit_price": 60000, "quantity": 3}
        )
    ],
    "update_tax_line": [
        lambda shop: with_line(shop, "tax_lines", TAX, "tax_line_id", **EXTRAS["tax_lines"][0])
    ],
    "update_shipping_line": [
        lambda shop: with_line(
            shop, "shipping_lines", SHIPPING, "shipping_line_id", **EXTRAS["shipping_lines"][0]
        )
    ],
    "update_discount_line": [
        lambda shop: with_line(
            shop, "discount_lines", COUPON, "discount_line_id", amount=600, code="ADIOS", type="campaign"
        )
    ],
    "update_plan": [
        lambda shop: {
            "plan_id": plan(shop)["id"],
            "name": "Oro",
            "amount": 12000,
            "currency": "USD",
            "expiry_count": 4,
        }
    ],
    "update_subscription": [resubscribing],
    "update_customer_subscription": [resubscribing_singular],
    "update_api_key": [lambda shop: api_key(shop, active=False, description="Caja 2")],
    "update_webhook": [
        lambda shop: webhook(
            shop, url="https://shop.example.com/new", subscribed_events=["order.refunded"], active=False
        )
    ],
    "update_webhook_key": [lambda shop: webhook_key(shop, active=False)],
}


def sends_file(tool: Operation[Any]) -> bool:
    """Whether its body is a file: nothing shows it, and it may be gone when a lost call is looked for."""
    return any(leaf.path.endswith("base64") for leaf in leaves(tool.input))


def list_changing_tools() -> list[str]:
    """Return the tools that change with a body what there is, but those that hand in a file."""
    return [
        name
        for name, plan in WRITE_PLANS.items()
        if isinstance(tool := TOOLS.get(name), Operation)
        and tool.changes
        and not (plan.verifier and plan.verifier.new_row)
        and has_body(tool)
        and not sends_file(tool)
    ]


# A tool whose scene uses every argument needs no call here.
CHANGES.update(
    {name: [SCENES[name]] for name in list_changing_tools() if name in SCENES.keys() - CHANGES.keys()}
)


def list_fullest_calls(tool: str) -> list[Arguments]:
    """Return calls that together use every argument of a tool, as far as they are written down."""
    ledger = Ledger(clock=lambda: START, seed=1)
    made = [make(Shop(ledger)) for make in (*CREATIONS.get(tool, ()), *CHANGES.get(tool, ()))]
    ledger.close()
    return made


def argument_paths(value: Any, before: str = "") -> set[str]:
    """Return the paths of all arguments of a call, such as `line_items[].name`."""
    if isinstance(value, Mapping):
        inner = (argument_paths(value[name], f"{before}.{name}" if before else name) for name in value)
        return {before}.union(*inner)
    if isinstance(value, list):
        return {before}.union(*(argument_paths(one, f"{before}[]") for one in value))
    return {before}
