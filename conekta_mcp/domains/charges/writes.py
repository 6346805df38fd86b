"""Charges of orders: what takes money from a card, what asks for it, what lets it go."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Proof, Sender
from conekta_mcp.domains.charges.tools import (
    capture_order,
    create_charge,
    create_charges,
    list_charges,
    update_charge,
    void_order,
)
from conekta_mcp.domains.orders.writes import LOOK, OBJECTS, ORDER
from conekta_mcp.effects.comparison import agrees
from conekta_mcp.effects.question_facts import charges_of, currency, order_facts
from conekta_mcp.effects.question_text import Both, asking, money
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    inside,
    number,
    written,
)
from conekta_mcp.effects.verify_new_row import new_child, noted_ids
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    Proving,
    Witness,
    changed,
    in_state,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling, Seen

WAYS: Mapping[str, Both] = {
    "card": ("con la tarjeta", "by card"),
    "spei": ("por SPEI", "by SPEI"),
    "cash": ("en efectivo", "in cash"),
}
TOOK = ("paid", "partially_refunded", "refunded", "charged_back")
FAILED = ("declined", "expired", "canceled")


def named_amount(arguments: Any) -> int | None:
    """Give the centavos that the arguments name."""
    amount: int | None = arguments.amount
    return amount


def held(order: Raw) -> int | None:
    """Sum what the cards of an order hold, in centavos."""
    holding = [charge for charge in charges_of(order) if charge.get("status") == "pre_authorized"]
    return sum(number(charge, "amount") or 0 for charge in holding) if holding else number(order, "amount")


def _charging(arguments: Any, order: Raw) -> Seen:
    amount = number(order, "amount")
    asked = amount if arguments.amount is None else arguments.amount
    facts = {
        **order_facts(order),
        "sum": money(asked or 0, order.get("currency")),
        "way": WAYS[arguments.payment_method],
    }
    return Seen(amount=amount, ceiling=amount, currency=currency(order), facts=facts)


def _capturing(arguments: Any, order: Raw) -> Seen:
    most = held(order) or 0
    taken = most if arguments.amount is None else arguments.amount
    rest = money(max(most - taken, 0), order.get("currency"))
    facts = {
        **order_facts(order),
        "sum": money(taken, order.get("currency")),
        "total": money(most, order.get("currency")),
        "rest": (f" y liberar {rest} para siempre", f" and release {rest} for good") if taken < most else "",
    }
    return Seen(amount=most, ceiling=most, currency=currency(order), facts=facts)


def _releasing(_: Any, order: Raw) -> Seen:
    facts = {**order_facts(order), "total": money(held(order) or 0, order.get("currency"))}
    return Seen(currency=currency(order), facts=facts)


def _as_it_was(_: Any, order: Raw) -> Witness:
    return {"status": order.get("payment_status"), "held": held(order)}


def _captured(arguments: Any, order: Raw, noted: Witness) -> Proof:
    """Decide of a capture: it happens once, so one of another amount was somebody else's."""
    if noted.get("status") != "pre_authorized" or order.get("payment_status") not in TOOK:
        return proof_of("not_applied")
    taken = sum(number(one, "amount") or 0 for one in charges_of(order) if one.get("status") in TOOK)
    meant = noted.get("held") if arguments.amount is None else arguments.amount
    return proof_of("applied" if taken == meant else "not_applied", order)


def _wanted(arguments: Any) -> Mapping[str, Any]:
    return {
        "amount": arguments.amount,
        "payment_method": {"object": OBJECTS[arguments.payment_method]},
        "reference_id": arguments.reference_id,
    }


def _every_network(arguments: Any, order: Raw, noted: Witness) -> Proof:
    """Decide of create_charges: cash gets a charge for each network of shops, by one call (4.6)."""
    new = [charge for charge in charges_of(order) if str(charge.get("id")) not in noted["ids"]]
    fitting = [charge for charge in new if agrees(charge, _wanted(arguments))]
    failed = any(charge.get("status") in FAILED for charge in fitting)
    if len(fitting) > 1 and (failed or arguments.payment_method != "cash"):
        return UNKNOWN
    answer = {"object": "list", "has_more": False, "data": fitting}
    return proof_of("applied" if fitting else "not_applied", answer)


async def _one_charge(api: Sender, arguments: Any) -> Raw:
    """Find a charge: there is no reading of one by its id (1.7)."""
    page = await ask(api, list_charges, search=arguments.charge_id, limit=250)
    found = [row for row in inside({"page": page}, "page") if row.get("id") == arguments.charge_id]
    return found[0] if found else {}


def _charge(proof: Proving) -> Handling:
    return Handling(
        kind=lambda arguments: Kind.CHARGE if arguments.payment_method == "card" else Kind.BILL,
        amount=named_amount,
        subject="order_id",
        read=ORDER,
        see=_charging,
        said=asking(
            "¿Cobrar {sum} {way} a {person} (orden {order_id})?",
            "Charge {sum} {way} to {person} (order {order_id})?",
        ),
        proof=proof,
    )


HANDLINGS: Mapping[str, Handling] = {
    update_charge.name: Handling(
        subject="charge_id",
        said=asking(
            "¿Poner la referencia {reference_id} al cargo {charge_id}?",
            "Give the charge {charge_id} the reference {reference_id}?",
        ),
        proof=changed(
            _one_charge,
            lambda arguments: {"reference_id": arguments.reference_id},
            lambda arguments: written(list_charges, search=arguments.charge_id),
        ),
    ),
    create_charge.name: _charge(new_child(ORDER, lambda _, order: charges_of(order), _wanted, LOOK)),
    create_charges.name: _charge(
        on_object(ORDER, _every_network, LOOK, noted_ids(lambda _, order: charges_of(order)))
    ),
    capture_order.name: Handling(
        kind=Kind.CHARGE,
        amount=named_amount,
        subject="order_id",
        read=ORDER,
        see=_capturing,
        said=asking(
            "¿Tomar {sum} de los {total} retenidos en la tarjeta de {person}{rest} (orden {order_id})?",
            "Take {sum} of the {total} held on the card of {person}{rest} (order {order_id})?",
        ),
        proof=on_object(ORDER, _captured, LOOK, _as_it_was),
    ),
    void_order.name: Handling(
        kind=Kind.REMOVAL,
        subject="order_id",
        read=ORDER,
        see=_releasing,
        said=asking(
            "¿Liberar para siempre los {total} retenidos en la tarjeta de {person} (orden {order_id})?",
            "Release for good the {total} held on the card of {person} (order {order_id})?",
        ),
        proof=in_state(ORDER, "payment_status", ("voided", "canceled"), LOOK),
    ),
}
