"""Plans of the writes on charges: charge, capture, release, change of the reference."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Sender, Verification
from conekta_mcp.domains.charges.new_charges import NEW_CHARGE, NEW_CHARGES, expect_charge, judge_charges
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
from conekta_mcp.domains.orders.writes import (
    ENDED_STATUSES,
    OPEN_STATUSES,
    ORDER_LOOKUP,
    READ_ORDER,
    VERIFY_END,
)
from conekta_mcp.effects.answer_check import AnswerExpectation, EachRow, IfShown, expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.question_facts import get_charges
from conekta_mcp.effects.question_text import build_question
from conekta_mcp.effects.reading.inner_rows import NO_CHARGE_TAKEN
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    format_call,
    get_integer,
    list_children,
)
from conekta_mcp.effects.verify_new_row import verify_new_child
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    Verifier,
    build_verification,
    verify_fields,
    verify_object,
)
from conekta_mcp.effects.write_plan import Unasked, WritePlan
from conekta_mcp.results.statuses import TAKEN_STATUSES, normalize_status


def _note_held_amount(_: Any, order: Raw) -> StateBefore:
    return {"status": normalize_status(order.get("payment_status")), "held": sum_held_amount(order)}


def _sum_taken(order: Raw) -> int:
    """Return the centavos that the charges of an order took; 0 if they do not show it."""
    taken = [one for one in get_charges(order) if normalize_status(one.get("status")) in TAKEN_STATUSES]
    return sum(get_integer(one, "amount") or 0 for one in taken)


def _judge_capture(arguments: Any, order: Raw, noted: StateBefore) -> Verification:
    """Decide about a capture: it happens once, so another amount means another call.

    It is not documented whether a partial capture shows the captured or the held amount.
    """
    status = normalize_status(order.get("payment_status"))
    if status in (*filter(None, OPEN_STATUSES), *map(normalize_status, ENDED_STATUSES)):
        # A charge that took money shows a capture that the order's status does not show yet.
        return UNKNOWN if _sum_taken(order) else build_verification("not_applied")
    if noted.get("status") not in (None, "pre_authorized"):
        return build_verification("not_applied")
    taken, held = _sum_taken(order), noted.get("held")
    # Less than nothing, or more than was held, is no sum of a capture: the reading is wrong.
    if status not in TAKEN_STATUSES or taken <= 0 or (held is not None and taken > held):
        return UNKNOWN
    meant = held if arguments.amount is None else arguments.amount
    if taken == held != meant:
        return UNKNOWN
    return build_verification("applied" if taken == meant else "not_applied", order)


def _expect_capture(arguments: Any, order: Raw) -> Raw:
    """Expect the one charge to show the captured or the held amount."""
    taken, held = arguments.amount, sum_held_amount(order)
    is_alone = taken is not None and held is not None and len(get_charges(order)) == 1
    sums = {"charges": IfShown(EachRow({"amount": IfShown(OneOf((taken, held)))}))} if is_alone else {}
    shown = {"currency": IfShown(order["currency"])} if order.get("currency") else {}
    return {"payment_status": OneOf(TAKEN_STATUSES), **shown, **sums}


def _expect_charge_of_order(arguments: Any, order: Raw) -> Raw:
    """Expect a charge in a list, which names its order by itself."""
    return {**expect_charge(arguments, order), "order_id": IfShown(arguments.order_id)}


async def _find_charge(api: Sender, arguments: Any) -> Raw:
    """Return a charge by searching, since no route reads one by its id (1.7)."""
    page = await call_read_tool(api, list_charges, search=arguments.charge_id, limit=250)
    found = [row for row in list_children({"page": page}, "page") if row.get("id") == arguments.charge_id]
    return found[0] if found else {}


def _plan_charge(proof: Verifier, expected: AnswerExpectation) -> WritePlan:
    return WritePlan(
        kind=lambda arguments: EffectKind.CHARGE if arguments.payment_method == "card" else EffectKind.BILL,
        is_reversible=lambda arguments: arguments.payment_method != "card",
        amount=get_argument_amount,
        subject="order_id",
        read=READ_ORDER,
        observe=observe_charge,
        pin=pin_amount(lambda order: get_integer(order, "amount")),
        question=build_question(
            "¿Cobrar {sum} {way}{card} a {person} (orden {order_id}){terms}?",
            "Charge {sum} {way}{card} to {person} (order {order_id}){terms}?",
        ),
        verifier=proof,
        mark="reference_id",
        expect_answer=expected,
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    update_charge.name: WritePlan(
        unasked=Unasked.CHANGEABLE,
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
        expect_answer=expect_answer(update_charge),
    ),
    create_charge.name: _plan_charge(
        verify_new_child(
            READ_ORDER,
            lambda _, order: get_charges(order),
            NEW_CHARGE,
            ORDER_LOOKUP,
            mark="reference_id",
        ),
        expect_answer(create_charge, NEW_CHARGE, more=expect_charge),
    ),
    create_charges.name: _plan_charge(
        verify_new_child(
            READ_ORDER,
            lambda _, order: get_charges(order),
            NEW_CHARGES,
            ORDER_LOOKUP,
            mark="reference_id",
            judge=judge_charges,
        ),
        expect_answer(
            create_charges,
            compares_body=False,
            more=lambda arguments, order: {"data": EachRow(_expect_charge_of_order(arguments, order))},
        ),
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
        expect_answer=expect_answer(
            capture_order,
            compares_body=False,
            more=_expect_capture,
        ),
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
        verifier=VERIFY_END,
        expect_answer=expect_answer(
            void_order, more={"payment_status": OneOf(ENDED_STATUSES), "charges": NO_CHARGE_TAKEN}
        ),
    ),
}
