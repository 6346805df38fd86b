"""Charges of orders: what takes money from a card, what asks for it, what lets it go."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Sender, Verification
from conekta_mcp.domains.charges.observed import (
    get_argument_amount,
    observe_capture,
    observe_charge,
    observe_release,
    pin_amount,
    sum_held_amount,
)
from conekta_mcp.domains.charges.tools import (
    capture_order,
    create_charge,
    create_charges,
    list_charges,
    update_charge,
    void_order,
)
from conekta_mcp.domains.orders.writes import CARD_METHOD_FIELDS, METHOD_FIELDS, ORDER_LOOKUP, READ_ORDER
from conekta_mcp.effects.comparison import is_consistent
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_facts import get_charges
from conekta_mcp.effects.question_text import build_question
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    format_call,
    get_integer,
    list_children,
)
from conekta_mcp.effects.verify_new_row import note_child_ids, verify_new_child
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    Verifier,
    build_verification,
    verify_fields,
    verify_object,
    verify_status,
)
from conekta_mcp.effects.write_plan import WritePlan

TAKEN_STATUSES = ("paid", "partially_refunded", "refunded", "charged_back")
FAILED_STATUSES = ("declined", "expired", "canceled")


def _note_held_amount(_: Any, order: Raw) -> StateBefore:
    return {"status": order.get("payment_status"), "held": sum_held_amount(order)}


def _judge_capture(arguments: Any, order: Raw, noted: StateBefore) -> Verification:
    """Decide of a capture: it happens once, so one of another amount was somebody else's."""
    if noted.get("status") != "pre_authorized" or order.get("payment_status") not in TAKEN_STATUSES:
        return build_verification("not_applied")
    taken = sum(
        get_integer(one, "amount") or 0 for one in get_charges(order) if one.get("status") in TAKEN_STATUSES
    )
    meant = noted.get("held") if arguments.amount is None else arguments.amount
    return build_verification("applied" if taken == meant else "not_applied", order)


CHARGE_FIELDS = {**METHOD_FIELDS, **CARD_METHOD_FIELDS}
NEW_CHARGES = NewRow(tool=create_charges, shown=CHARGE_FIELDS)


def _judge_charges(arguments: Any, order: Raw, noted: StateBefore) -> Verification:
    """Decide of create_charges: cash gets a charge for each network of shops, by one call (4.6)."""
    new = [charge for charge in get_charges(order) if str(charge.get("id")) not in noted["ids"]]
    expected = NEW_CHARGES.build_expected(arguments)
    fitting = [charge for charge in new if is_consistent(charge, expected)]
    failed = any(charge.get("status") in FAILED_STATUSES for charge in fitting)
    if len(fitting) > 1 and (failed or arguments.payment_method != "cash"):
        return UNKNOWN
    answer = {"object": "list", "has_more": False, "data": fitting}
    return build_verification("applied" if fitting else "not_applied", answer)


async def _find_charge(api: Sender, arguments: Any) -> Raw:
    """Find a charge: there is no reading of one by its id (1.7)."""
    page = await call_read_tool(api, list_charges, search=arguments.charge_id, limit=250)
    found = [row for row in list_children({"page": page}, "page") if row.get("id") == arguments.charge_id]
    return found[0] if found else {}


def _plan_charge(proof: Verifier) -> WritePlan:
    return WritePlan(
        kind=lambda arguments: EffectKind.CHARGE if arguments.payment_method == "card" else EffectKind.BILL,
        is_reversible=lambda arguments: arguments.payment_method != "card",
        amount=get_argument_amount,
        subject="order_id",
        read=READ_ORDER,
        observe=observe_charge,
        pin=pin_amount(lambda order: get_integer(order, "amount")),
        question=build_question(
            "¿Cobrar {sum} {way}{card} a {person} (orden {order_id})?",
            "Charge {sum} {way}{card} to {person} (order {order_id})?",
        ),
        verifier=proof,
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    update_charge.name: WritePlan(
        subject="charge_id",
        question=build_question(
            "¿Poner la referencia {reference_id} al cargo {charge_id}?",
            "Give the charge {charge_id} the reference {reference_id}?",
        ),
        verifier=verify_fields(
            _find_charge,
            lambda arguments: {"reference_id": arguments.reference_id},
            lambda arguments: format_call(list_charges, search=arguments.charge_id),
        ),
    ),
    create_charge.name: _plan_charge(
        verify_new_child(
            READ_ORDER,
            lambda _, order: get_charges(order),
            NewRow(tool=create_charge, shown=CHARGE_FIELDS),
            ORDER_LOOKUP,
        )
    ),
    create_charges.name: _plan_charge(
        verify_object(
            READ_ORDER,
            _judge_charges,
            ORDER_LOOKUP,
            note_child_ids(lambda _, order: get_charges(order)),
            NEW_CHARGES,
        )
    ),
    capture_order.name: WritePlan(
        kind=EffectKind.CHARGE,
        is_reversible=False,
        amount=get_argument_amount,
        subject="order_id",
        read=READ_ORDER,
        observe=observe_capture,
        pin=pin_amount(sum_held_amount),
        question=build_question(
            "¿Tomar {sum} de los {total} retenidos en la tarjeta de {person}{rest} (orden {order_id})?",
            "Take {sum} of the {total} held on the card of {person}{rest} (order {order_id})?",
        ),
        verifier=verify_object(READ_ORDER, _judge_capture, ORDER_LOOKUP, _note_held_amount),
    ),
    void_order.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="order_id",
        read=READ_ORDER,
        observe=observe_release,
        question=build_question(
            "¿Liberar para siempre los {total} retenidos en la tarjeta de {person} (orden {order_id})?",
            "Release for good the {total} held on the card of {person} (order {order_id})?",
        ),
        verifier=verify_status(READ_ORDER, "payment_status", ("voided", "canceled"), ORDER_LOOKUP),
    ),
}
