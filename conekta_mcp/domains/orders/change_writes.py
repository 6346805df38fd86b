"""Plan of update_order, on orders that are not charged yet."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.customers.children import DEFAULT_FIELD
from conekta_mcp.domains.orders.change_tools import PERSON_FIELDS, update_order
from conekta_mcp.domains.orders.writes import ORDER_LOOKUP, READ_ORDER
from conekta_mcp.effects.answer_check import IfShown, expect_answer
from conekta_mcp.effects.question_facts import (
    build_order_facts,
    describe_items,
    get_currency,
    get_payer,
)
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_changes,
    format_id,
)
from conekta_mcp.effects.reading.line_sums import (
    SIGNS,
    SumAfter,
    contradicts_sum,
    format_change_of_sum,
    format_sum,
    name_sums,
    sum_after_replacement,
)
from conekta_mcp.effects.state_reading import Raw
from conekta_mcp.effects.verify_object import expect_body, verify_fields
from conekta_mcp.effects.write_plan import ObservedState, Unasked, WritePlan
from conekta_mcp.privacy.untrusted_text import quote_text

PAYER_FIELDS = (*sorted(PERSON_FIELDS), "customer_id")


def observe_change_of_sum(
    order: Raw, after: int | None, facts: Facts, currency: str | None = None
) -> ObservedState:
    """Return the sum of an order before and after a change; None if not all lines are known."""
    if not order:
        return ObservedState(currency=currency, after={"amount": None}, facts={**facts, "sums": ""})
    sums = name_sums(order, after, currency)
    return ObservedState(
        amount=None if sums["before"] == sums["after"] else after,
        currency=sums["after"]["currency"],
        is_amount_knowable=after is not None,
        payer=get_payer(order),
        before=sums["before"],
        after=sums["after"],
        facts={**facts, "sums": format_change_of_sum(sums)},
    )


def observe_lines(
    compute: SumAfter,
    facts: Callable[[Any, Raw], Facts],
    sets_price: Callable[[Any], bool] = lambda _: True,
) -> Callable[[Any, Raw], ObservedState]:
    """Return an `observe` function for the change of one line."""

    def observe(arguments: Any, order: Raw) -> ObservedState:
        if not order and not sets_price(arguments):
            return ObservedState(currency=None)
        after = compute(arguments, order) if order else None
        return observe_change_of_sum(order, after, {**build_order_facts(order), **facts(arguments, order)})

    return observe


def _names_payer(arguments: Any) -> bool:
    return any(getattr(arguments, name) is not None for name in PAYER_FIELDS)


def _decides_destination(arguments: Any) -> bool:
    return _names_payer(arguments) or arguments.shipping_contact is not None


def _format_new_payer(arguments: Any) -> BilingualText:
    if arguments.customer_id:
        who: str = format_id(arguments.customer_id)
    else:
        who = " ".join(quote_text(text) for text in (arguments.name, arguments.email, arguments.phone))
    return format_both("quien paga: {who}", "who pays: {who}", who=who)


def _format_parts(arguments: Any) -> BilingualText:
    """Return the changes for the question: products and payer first."""
    body = dict(expect_body(update_order)(arguments))
    parts: list[BilingualText] = []
    if body.pop("customer_info", None):
        parts.append(_format_new_payer(arguments))
    if body.pop("line_items", None):
        items = describe_items(arguments.line_items)
        parts.append(format_both("productos: {items}", "products: {items}", items=items))
    if body:
        parts.append(format_changes(body, update_order.input))
    spanish, english = (", ".join(part[place] for part in parts) for place in (0, 1))
    return spanish, english


def _observe_order_change(arguments: Any, order: Raw) -> ObservedState:
    facts = {
        **build_order_facts(order),
        "parts": _format_parts(arguments),
        "sums": format_both(" ({sum})", " ({sum})", sum=format_sum(name_sums(order, None)["before"])),
    }
    if arguments.currency is not None or _replaces_lines(arguments):
        after = sum_after_replacement(arguments, order) if order else None
        seen = observe_change_of_sum(order, after, facts, arguments.currency)
    else:
        seen = ObservedState(currency=get_currency(order), payer=get_payer(order), facts=facts)
    if not _names_payer(arguments):
        return seen
    payer = arguments.customer_id or arguments.name
    return replace(
        seen,
        before={**seen.before, "payer": get_payer(order)},
        after={**seen.after, "payer": payer},
        payer=payer,
    )


def _replaces_lines(arguments: Any) -> bool:
    return any(getattr(arguments, kind) is not None for kind in SIGNS)


def _expect_sum(arguments: Any, order: Raw) -> Mapping[str, Any]:
    """Expect the sum of the order with its new lines, if it is known.

    Conekta shows the sum of every order; without it, an answer does not prove the lines.
    """
    after = sum_after_replacement(arguments, order) if order and _replaces_lines(arguments) else None
    currency = arguments.currency or order.get("currency")
    return {
        **({} if after is None else {"amount": after}),
        **({"currency": IfShown(currency)} if currency else {}),
    }


WRITE_PLANS: Mapping[str, WritePlan] = {
    update_order.name: WritePlan(
        kind=EffectKind.CHANGE,
        subject="order_id",
        read=READ_ORDER,
        observe=_observe_order_change,
        unasked=Unasked.CHANGEABLE,
        asked_about=(*SIGNS, "currency", *PAYER_FIELDS, "shipping_contact"),
        decides_destination=_decides_destination,
        question=build_question(
            "¿Cambiar la orden {order_id} de {person}{sums}: {parts}?",
            "Change the order {order_id} of {person}{sums}: {parts}?",
        ),
        verifier=verify_fields(
            READ_ORDER,
            expect_body(update_order),
            ORDER_LOOKUP,
            shown={"shipping_contact.default": DEFAULT_FIELD},
            contradicts=contradicts_sum,
        ),
        expect_answer=expect_answer(update_order, more=_expect_sum),
    ),
}
