"""Pays a link or a checkout for its payer: POST /_sandbox/checkouts/{id}/payments (ours)."""

from dataclasses import replace
from typing import NamedTuple

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.orders import order_charges, orders
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Declined, Invalid
from conekta_mcp.sandbox.request_bodies.order_bodies import validate_payer

PAYMENT = Shape(
    required={"method": Choice(("card", "cash", "bank_transfer"))},
    optional={
        "token_id": Text(),
        "monthly_installments": Choice((3, 6, 9, 12, 18, 24)),
        "customer_info": validate_payer,
    },
    closed=True,
)
DEFAULT_PAYER = {"name": "Persona De Prueba", "email": "payer@example.com", "phone": "5512345678"}
DEFAULT_CARD = "tok_test_visa_4242"
BRANDS = {
    "visa": ("visa",),
    "mastercard": ("mastercard",),
    "visa_master_card": ("visa", "mastercard"),
    "amex": ("american_express",),
}


class Payment(NamedTuple):
    call: Call
    record: Json

    def place_order(self) -> Json:
        """Create or charge the order of this payment; a declined card leaves it behind."""
        try:
            made = self._charge_order() if "order_id" in self.record else self._create_order()
        except Declined as declined:
            raise Declined(*declined.details, data=self._attach_order(declined.data or {})) from declined
        # Only the charge shows the card's brand; the refusal undoes it.
        self._refuse_excluded_network(made)
        return self._attach_order(made)

    def _create_order(self) -> Json:
        template = self.record["order_template"]
        who = self.call.body.get("customer_info") or template.get("customer_info") or DEFAULT_PAYER
        mode = {"three_ds_mode": self.record["three_ds_mode"]} if self.record["three_ds_mode"] else {}
        body = {**template, "customer_info": who, "charges": self._build_charges(), **mode}
        return orders.create_order(replace(self.call, body=body))

    def _charge_order(self) -> Json:
        order = orders.load_order(self.call.account, self.record["order_id"])
        order_charges.charge_order(self.call.account, order, self._build_charges())
        return order

    def _build_charges(self) -> list[Json]:
        body = self.call.body
        if body["method"] == "bank_transfer":
            # A SPEI charge expires with its link, a cash charge when it always does (5.5).
            method = {"type": "spei", "expires_at": self.record["shown"]["expires_at"]}
        elif body["method"] == "cash":
            method = {"type": "cash"}
        else:
            months = {name: body[name] for name in ("monthly_installments",) if name in body}
            method = {"type": "card", "token_id": body.get("token_id", DEFAULT_CARD), **months}
        return [{"payment_method": method}]

    def _refuse_excluded_network(self, order: Json) -> None:
        brand = lifecycles.list_charges(order)[-1]["payment_method"].get("brand")
        for network in self.record["shown"]["exclude_card_networks"]:
            if brand in BRANDS[network]:
                raise Invalid(reasons.invalid_param("token_id"))

    def _attach_order(self, order: Json) -> Json:
        """Attach the order to its checkout, as `channel` shows (4.5)."""
        account, shown = self.call.account, self.record["shown"]
        order["channel"] = {
            "segment": "Checkout",
            "checkout_request_id": shown["id"],
            "checkout_request_type": shown["type"],
            "id": account.make_id("channel_"),
        }
        account.save(lifecycles.KIND, order, due_at=lifecycles.compute_due_at(order))
        if account.find(checkouts.PAYMENT, order["id"], parent=shown["id"]) is None:
            account.add(checkouts.PAYMENT, {"id": order["id"]}, parent=shown["id"])
        return order


def pay_checkout(call: Call) -> Json:
    """Pay a link or an order's checkout: a card at once, the rest when /_sandbox/payments pays it.

    The payer is `customer_info`, else the template's payer, else an invented one.
    """
    record = checkouts.load_checkout(call.account, call.path["id"])
    check(PAYMENT, call.body)
    _refuse_unoffered_payment(record, call.body)
    checkouts.refuse_another_payment(call.account, record)
    return Payment(call, record).place_order()


def _refuse_unoffered_payment(record: Json, body: Json) -> None:
    shown = record["shown"]
    if "token_id" in record:
        raise Invalid(reasons.invalid_param("id"))
    if shown.get("plan_ids"):
        raise Invalid(reasons.unserved_param("plan_ids"))
    if body["method"] not in shown["allowed_payment_methods"]:
        raise Invalid(reasons.invalid_param("method"))
    if "token_id" in body and body["method"] != "card":
        raise Invalid(reasons.invalid_param("token_id"))
    _refuse_unoffered_months(shown, body)


def _refuse_unoffered_months(shown: Json, body: Json) -> None:
    offered = shown["monthly_installments_options"] if shown["monthly_installments_enabled"] else []
    months = body.get("monthly_installments")
    if months is not None and (body["method"] != "card" or months not in offered):
        raise Invalid(reasons.invalid_param("monthly_installments"))


ENDPOINTS = (Endpoint("POST", "/_sandbox/checkouts/{id}/payments", pay_checkout),)
