"""What a new order has to show, in its answer and in the list of orders."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.customers.children import DEFAULT_FIELD
from conekta_mcp.domains.orders.tools import get_order, list_orders
from conekta_mcp.effects.answer_check import AnswerExpectation, EachRow, IfShown, NoneOf, expect_answer
from conekta_mcp.effects.comparison import AlwaysShown
from conekta_mcp.effects.new_row import NewRow, ShownDifferently, hide_field, nest_fields
from conekta_mcp.effects.question_facts import compute_total
from conekta_mcp.effects.state_reading import call_read_tool, format_call
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import Verifier
from conekta_mcp.results.statuses import FAILED_STATUSES

PAYMENT_OBJECTS = {"spei": "bank_transfer_payment", "cash": "cash_payment", "card": "card_payment"}
"""The `object` of a charge's payment_method by requested type (conekta-api.md 4.6)."""
NO_ANSWER = "no answer of Conekta's shows it"


def show_payment_method(method: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert a payment method to the form in a charge, which has the instalments itself."""
    months = {name: method[name] for name in ("monthly_installments",) if name in method}
    return {**months, "payment_method": {name: method[name] for name in method if name not in months}}


METHOD_FIELDS = {
    "payment_method.type": ShownDifferently(
        why="it is shown as object, and type is then the kind of card (conekta-api.md 4.6)",
        convert=lambda kind: {"object": PAYMENT_OBJECTS[kind]},
    )
}
CARD_METHOD_FIELDS = {
    "payment_method": ShownDifferently(
        why="monthly_installments stands beside it (conekta-api.md 4.6)", convert=show_payment_method
    ),
    "payment_method.token_id": hide_field("a token is not shown again"),
    "payment_method.payment_source_id": hide_field("a charge shows the card's digits, not its source"),
}
PAYER_FIELDS = {
    "customer_info.customer_id": ShownDifferently(
        why="who is on file is shown in every order of theirs",
        convert=lambda payer: {"customer_id": AlwaysShown(payer)},
    )
}
CONTACT_FIELDS = {
    "shipping_contact.default": DEFAULT_FIELD,
    "needs_shipping_contact": hide_field(NO_ANSWER),
}
CLABE_FIELDS = {"reuse_customer_clabe": hide_field(NO_ANSWER)}
BILL_FIELDS = {
    **CONTACT_FIELDS,
    **CLABE_FIELDS,
    "reuse_customer_cash_reference": hide_field(NO_ANSWER),
}
CARD_FIELDS = {
    **CONTACT_FIELDS,
    **nest_fields("charges", CARD_METHOD_FIELDS),
    "pre_authorize": hide_field("it shows in the status only, which a decline, a capture or a void changes"),
    "three_ds_mode": hide_field(NO_ANSWER),
    "return_url": hide_field("it is shown only while a payer has to pass 3DS"),
}


def verify_new_order(tool: Operation[Any], shown: Mapping[str, ShownDifferently]) -> Verifier:
    return verify_new_row(
        list_orders,
        describe_new_order(tool, shown),
        lambda _: format_call(list_orders, limit=20),
        read_full=lambda api, _, row: call_read_tool(api, get_order, order_id=str(row["id"])),
        row_lookup=lambda _, row: format_call(get_order, order_id=str(row.get("id"))),
        mark="metadata",
        notes_ids=False,
    )


def describe_new_order(tool: Operation[Any], shown: Mapping[str, ShownDifferently]) -> NewRow:
    every = {**PAYER_FIELDS, **nest_fields("charges", METHOD_FIELDS)}
    return NewRow(tool=tool, shown={**every, **shown}, derive=_derive_order)


def expect_order(tool: Operation[Any], shown: Mapping[str, ShownDifferently]) -> AnswerExpectation:
    """Expect the order with its amount and payer, no failed status, and charges of its amount."""

    def expect_status(arguments: Any, _: Any) -> Mapping[str, Any]:
        is_held = getattr(arguments, "pre_authorize", None) is True
        status = NoneOf((*FAILED_STATUSES, "paid") if is_held else FAILED_STATUSES)
        body = tool.build_request(arguments).body or {}
        if not body.get("charges"):
            return {"payment_status": status}
        months = getattr(arguments, "monthly_installments", None)
        (method,) = {one["payment_method"]["type"] for one in body["charges"]}
        charge = {
            "status": status,
            "amount": IfShown(compute_total(arguments)),
            "currency": IfShown(body["currency"]),
            "payment_method": expect_payment_method(method),
            **({"monthly_installments": IfShown(months)} if months else {}),
        }
        return {"payment_status": status, "charges": IfShown(EachRow(charge))}

    return expect_answer(tool, describe_new_order(tool, shown), more=expect_status)


def expect_payment_method(method: str) -> IfShown:
    """Expect the payment method that was asked for."""
    return IfShown({"object": IfShown(PAYMENT_OBJECTS.get(method, method))})


def _derive_order(arguments: Any) -> Mapping[str, Any]:
    uncharged: Mapping[str, Any] = (
        {"charges": []} if getattr(arguments, "payment_method", None) == "none" else {}
    )
    return {"amount": compute_total(arguments), **uncharged}
