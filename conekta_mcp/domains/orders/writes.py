"""Plans of the writes on orders: create, charge a card, cancel."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Sender
from conekta_mcp.domains.customers.tools import get_customer
from conekta_mcp.domains.orders.card_tools import create_card_order
from conekta_mcp.domains.orders.new_orders import (
    BILL_FIELDS,
    CARD_FIELDS,
    CLABE_FIELDS,
    expect_order,
    verify_new_order,
)
from conekta_mcp.domains.orders.tools import (
    cancel_order,
    create_order,
    create_order_reusing_clabe,
    get_order,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.question_facts import (
    build_order_facts,
    compute_total,
    describe_items,
    format_delivery,
    format_name,
    format_payment_end,
    format_return,
    get_currency,
    get_payer,
    name_customer,
)
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_id,
    format_money,
)
from conekta_mcp.effects.reading.inner_rows import NO_CHARGE_TAKEN
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    create_reader,
    list_children,
)
from conekta_mcp.effects.verify_object import (
    verify_status,
)
from conekta_mcp.effects.write_plan import ObservedState, WritePlan
from conekta_mcp.results.statuses import CANCELED_STATUSES, TAKEN_STATUSES

READ_ORDER = create_reader(get_order, "order_id")
ORDER_LOOKUP = create_lookup(get_order, "order_id")
OPEN_STATUSES = (None, "pending_payment", "pre_authorized", "declined", "expired")
"""Statuses of an order that was not cancelled and took no money."""
ENDED_STATUSES = (*CANCELED_STATUSES, "voided")
VERIFY_END = verify_status(
    READ_ORDER,
    "payment_status",
    ENDED_STATUSES,
    ORDER_LOOKUP,
    others=(*OPEN_STATUSES, *TAKEN_STATUSES),
    rows="charges",
)
"""Whether an order was cancelled, or the money that it held on a card released."""
METHOD_TEXTS: Mapping[str, tuple[EffectKind, BilingualText]] = {
    "spei": (EffectKind.BILL, ("¿Cobrar {sum} por SPEI a", "Bill {sum} by SPEI to")),
    "cash": (EffectKind.BILL, ("¿Cobrar {sum} en efectivo a", "Bill {sum} in cash to")),
    "none": (
        EffectKind.CHANGE,
        (
            "¿Anotar una orden de {sum}, sin cobrarla todavía, de",
            "Note an order of {sum}, without charging it yet, of",
        ),
    ),
}


async def read_customer(api: Sender, arguments: Any) -> Raw:
    """Read the customer of a new order; {} if the arguments describe the payer."""
    known = arguments.customer_id
    return await call_read_tool(api, get_customer, customer_id=known) if known else {}


def build_payer_facts(arguments: Any, customer: Raw, payment_method: str) -> dict[str, str | BilingualText]:
    """Return the payer, the products and the due date of a new order."""
    known = arguments.customer_id
    return {
        "person": name_customer(customer, known)
        if known
        else format_name({"name": getattr(arguments, "name", None)}),
        "items": describe_items(arguments.line_items),
        "sum": format_money(compute_total(arguments), getattr(arguments, "currency", "MXN")),
        "until": format_payment_end(getattr(arguments, "expires_at", None), payment_method),
        "goods": format_delivery(getattr(arguments, "shipping_contact", None)),
    }


def _build_clabe_facts(arguments: Any, customer: Raw) -> Facts:
    """Return the payer with the last digits of their CLABE, on which the order can be paid."""
    facts = build_payer_facts(arguments, customer, "spei")
    sources = [
        one for one in list_children(customer, "payment_sources") if one.get("type") == "spei_recurrent"
    ]
    # It is not known which of several CLABEs Conekta would use.
    endings = {str(one.get("reference") or "")[-4:] for one in sources} - {""}
    tail = (
        format_both(" … {ends}", " … {ends}", ends=", ".join(map(format_id, sorted(endings))))
        if endings
        else ""
    )
    person = format_both(
        "{person} en su CLABE{tail}", "{person} on their CLABE{tail}", person=facts["person"], tail=tail
    )
    return {**facts, "person": person}


def _build_state(arguments: Any, facts: Facts) -> ObservedState:
    return ObservedState(
        currency=getattr(arguments, "currency", "MXN"),
        payer=arguments.customer_id or getattr(arguments, "name", None),
        facts=facts,
    )


def _observe_bill(arguments: Any, customer: Raw) -> ObservedState:
    reuses = getattr(arguments, "reuse_customer_clabe", None) and arguments.payment_method == "spei"
    facts = (
        _build_clabe_facts(arguments, customer)
        if reuses
        else build_payer_facts(arguments, customer, arguments.payment_method)
    )
    verb = METHOD_TEXTS[arguments.payment_method][1]
    return _build_state(arguments, {**facts, "verb": format_both(*verb, sum=facts["sum"])})


def _observe_card_charge(arguments: Any, customer: Raw) -> ObservedState:
    months = arguments.monthly_installments
    verb = (
        ("¿Retener {sum} en", "Hold {sum} on")
        if arguments.pre_authorize
        else ("¿Cobrar {sum} a", "Charge {sum} to")
    )
    facts = build_payer_facts(arguments, customer, "card")
    spread = format_both(", a {n} meses", ", in {n} months", n=str(months)) if months else ""
    card = arguments.payment_source_id
    known = f" ({format_id(card)})" if card else ""
    verb_text = format_both(*verb, sum=facts["sum"])
    after = format_return(arguments.return_url)
    more = {"verb": verb_text, "months": spread, "card": known, "return": after}
    return _build_state(arguments, {**facts, **more})


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_order.name: WritePlan(
        kind=lambda arguments: METHOD_TEXTS[arguments.payment_method][0],
        amount=compute_total,
        subject="customer_id",
        read=read_customer,
        needs_state=False,
        observe=_observe_bill,
        question=build_question(
            "{verb} {person} por {items}{goods}{until}?", "{verb} {person} for {items}{goods}{until}?"
        ),
        verifier=verify_new_order(create_order, BILL_FIELDS),
        mark="metadata",
        expect_answer=expect_order(create_order, BILL_FIELDS),
    ),
    create_order_reusing_clabe.name: WritePlan(
        kind=EffectKind.BILL,
        amount=compute_total,
        subject="customer_id",
        read=read_customer,
        needs_state=False,
        observe=lambda arguments, customer: _build_state(arguments, _build_clabe_facts(arguments, customer)),
        question=build_question(
            "¿Cobrar {sum} a {person} por {items}{until}?", "Bill {sum} to {person} for {items}{until}?"
        ),
        verifier=verify_new_order(create_order_reusing_clabe, CLABE_FIELDS),
        mark="metadata",
        expect_answer=expect_order(create_order_reusing_clabe, CLABE_FIELDS),
    ),
    create_card_order.name: WritePlan(
        kind=EffectKind.CHARGE,
        is_reversible=False,
        amount=compute_total,
        subject="customer_id",
        read=read_customer,
        needs_state=False,
        observe=_observe_card_charge,
        question=build_question(
            "{verb} la tarjeta{card} de {person} por {items}{goods}{months}{return}?",
            "{verb} the card{card} of {person} for {items}{goods}{months}{return}?",
        ),
        verifier=verify_new_order(create_card_order, CARD_FIELDS),
        mark="metadata",
        expect_answer=expect_order(create_card_order, CARD_FIELDS),
    ),
    cancel_order.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="order_id",
        read=READ_ORDER,
        observe=lambda _, order: ObservedState(
            currency=get_currency(order), payer=get_payer(order), facts=build_order_facts(order)
        ),
        question=build_question(
            "¿Cancelar para siempre la orden {order_id} de {person} por {total} ({state}), que ya no se "
            "podrá pagar?",
            "Cancel for good the order {order_id} of {person} over {total} ({state}), so that it cannot be "
            "paid any more?",
        ),
        verifier=VERIFY_END,
        expect_answer=expect_answer(
            cancel_order, more={"payment_status": OneOf(ENDED_STATUSES), "charges": NO_CHARGE_TAKEN}
        ),
    ),
}
