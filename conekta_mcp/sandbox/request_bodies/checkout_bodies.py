"""Rules for the bodies of links, and of the checkout of an order (conekta-api.md 4.8)."""

from collections.abc import Iterator
from typing import Any

from conekta_mcp.sandbox.http.body_rules import (
    TIMESTAMP,
    Array,
    Choice,
    Integer,
    Nullable,
    Rule,
    Shape,
    Text,
    validate_boolean,
    validate_metadata,
)
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.charges import offline_currency
from conekta_mcp.sandbox.refusals.envelope import Detail
from conekta_mcp.sandbox.refusals.policies import OFFLINE_CURRENCY

METHODS = ("card", "cash", "bank_transfer", "bnpl", "pay_by_bank")
WALLETS = ("apple", "google")
IN_PESOS = ("cash", "bank_transfer", "bnpl", "pay_by_bank")
NETWORKS = ("visa", "mastercard", "amex", "visa_master_card")
ADDRESS = Text(pattern=r"^https?://\S+\Z")

SHARED: dict[str, Rule] = {
    "excluded_payment_methods": Array(Choice(METHODS)),
    "exclude_card_networks": Array(Choice(NETWORKS)),
    "monthly_installments_enabled": validate_boolean,
    "monthly_installments_options": Array(Choice((3, 6, 9, 12, 18, 24))),
    "needs_shipping_contact": validate_boolean,
    "on_demand_enabled": Nullable(validate_boolean),
    "plan_ids": Array(Text()),
    "redirection_time": Integer(1),
    "success_url": ADDRESS,
    "failure_url": ADDRESS,
    # Sent by Conekta's own shop plugins, which are older than three_ds_mode (4.8): strict, if true.
    "force_3ds_flow": validate_boolean,
    "three_ds_mode": Choice(("strict", "not_strict", "smart")),
    "metadata": validate_metadata,
}
LINK: dict[str, Rule] = {
    **SHARED,
    "allowed_payment_methods": Array(Choice(METHODS)),
    "payments_limit_count": Integer(1),
    # Sent by the vendor's own server, in no specification (4.8): accepted, without effect.
    "origin": Text(),
}
ORDER_CHECKOUT = Shape(
    optional={
        **SHARED,
        "allowed_payment_methods": Array(Choice((*METHODS, *WALLETS))),
        "expires_at": TIMESTAMP,
        "name": Text(),
        "type": Choice(("Integration", "HostedPayment")),
        "force_save_card": validate_boolean,
        "max_failed_retries": Integer(0),
        "is_redirect_on_failure": validate_boolean,
    },
    closed=True,
)


def validate_order_checkout(value: object, param: str) -> Iterator[Detail]:
    yield from ORDER_CHECKOUT(value, param)
    yield from find_contradictions(value, param)


def find_contradictions(value: object, param: str = "") -> Iterator[Detail]:
    """Require methods to be allowed or excluded, not both (1.3), and cards only for plans (4.8).

    A page that excludes every method is refused too: nobody could pay on it (inferred).
    """
    if not isinstance(value, dict):
        return
    head = f"{param}." if param else ""
    allowed = value.get("allowed_payment_methods")
    excludes = bool(value.get("excluded_payment_methods"))
    if (allowed is not None and "excluded_payment_methods" in value) or (
        excludes and not list_offered_methods(value)
    ):
        yield reasons.invalid_param(f"{head}excluded_payment_methods")
    if value.get("plan_ids") and allowed not in (None, ["card"]):
        yield reasons.invalid_param(f"{head}allowed_payment_methods")
    template = value.get("order_template")
    if isinstance(template, dict):
        yield from find_unpayable_currency(template.get("currency"), value)


def find_unpayable_currency(currency: object, page: object) -> Iterator[Detail]:
    """Refuse a page in dollars that offers only what is paid in pesos (clients.md, inferred)."""
    foreign = isinstance(currency, str) and currency.upper() != OFFLINE_CURRENCY
    offered = list_offered_methods(page) if isinstance(page, dict) else []
    if foreign and offered and all(one in IN_PESOS for one in offered):
        yield offline_currency(str(currency).upper())


def list_offered_methods(page: dict[str, Any]) -> list[Any]:
    """Return the methods that the page of a link or order offers; a list that is none counts as not sent."""
    everything = ["card"] if page.get("plan_ids") else list(METHODS)
    allowed, excluded = page.get("allowed_payment_methods"), page.get("excluded_payment_methods")
    offered = allowed if isinstance(allowed, list) else everything
    return [method for method in offered if not (isinstance(excluded, list) and method in excluded)]
