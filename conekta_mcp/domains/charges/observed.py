"""What a charge, a capture or a release does: amount, payer, and card."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.effects.question_facts import (
    build_order_facts,
    format_payment_end,
    get_charges,
    get_currency,
    get_payer,
)
from conekta_mcp.effects.question_text import (
    BilingualText,
    format_both,
    format_id,
    format_known_money,
    format_money,
)
from conekta_mcp.effects.reading.line_sums import sum_lines
from conekta_mcp.effects.state_reading import Raw, get_integer
from conekta_mcp.effects.write_plan import ObservedState
from conekta_mcp.results.order_sums import sum_due
from conekta_mcp.results.page import hides_rows
from conekta_mcp.results.statuses import normalize_status

METHOD_TEXTS: Mapping[str, BilingualText] = {
    "card": ("con la tarjeta", "by card"),
    "spei": ("por SPEI", "by SPEI"),
    "cash": ("en efectivo", "in cash"),
}
UNKNOWN_HOLD: BilingualText = ("fondos, de importe desconocido,", "sum, which is not known,")


def get_argument_amount(arguments: Any) -> int | None:
    """Return the centavos in the arguments."""
    amount: int | None = arguments.amount
    return amount


def sum_held_amount(order: Raw) -> int | None:
    """Return the centavos that the cards of an order hold; None if not all of its charges show it."""
    if hides_rows(order.get("charges")):
        return None
    holding = [one for one in get_charges(order) if normalize_status(one.get("status")) == "pre_authorized"]
    return sum_lines(holding) if holding else get_integer(order, "amount")


def observe_charge(arguments: Any, order: Raw) -> ObservedState:
    amount = get_integer(order, "amount")
    asked = amount if arguments.amount is None else arguments.amount
    facts = {
        **build_order_facts(order),
        "sum": format_known_money(asked, order.get("currency")),
        "way": METHOD_TEXTS[arguments.payment_method],
        "card": _format_card(arguments),
        "terms": _format_terms(arguments),
    }
    return ObservedState(
        amount=amount,
        # What was paid is not charged a second time, even if Conekta took the charge.
        ceiling=sum_due(order),
        is_amount_knowable=not order or asked is not None,
        currency=get_currency(order),
        payer=get_payer(order),
        facts=facts,
    )


def pin_amount(measure: Callable[[Raw], int | None]) -> Callable[[Any, Raw], Mapping[str, Any]]:
    """Send the amount that was shown, so that Conekta refuses it if the order changed meanwhile."""

    def pin(arguments: Any, order: Raw) -> Mapping[str, Any]:
        amount = measure(order) if arguments.amount is None else None
        return {"amount": amount} if amount else {}

    return pin


def _format_card(arguments: Any) -> BilingualText:
    known = arguments.payment_source_id
    return (f" ({format_id(known)})",) * 2 if known else ("", "")


def _format_terms(arguments: Any) -> BilingualText:
    """Return the instalments of a card, or until when cash and SPEI can be paid."""
    if arguments.monthly_installments:
        months = str(arguments.monthly_installments)
        return format_both(", a {n} meses", ", in {n} months", n=months)
    return format_payment_end(arguments.expires_at, arguments.payment_method)


def observe_capture(arguments: Any, order: Raw) -> ObservedState:
    held = sum_held_amount(order)
    most = held or 0
    taken = held if arguments.amount is None else arguments.amount
    rest = format_money(max(most - (taken or 0), 0), order.get("currency"))
    facts = {
        **build_order_facts(order),
        "sum": format_known_money(taken, order.get("currency")),
        "total": format_known_money(held, order.get("currency")),
        "rest": (f" y liberar {rest} para siempre", f" and release {rest} for good")
        if (taken or 0) < most
        else "",
    }
    return ObservedState(
        amount=held,
        ceiling=held,
        is_amount_knowable=not order or held is not None,
        currency=get_currency(order),
        payer=get_payer(order),
        facts=facts,
    )


def observe_release(_: Any, order: Raw) -> ObservedState:
    held = sum_held_amount(order)
    total = UNKNOWN_HOLD if held is None else format_money(held, order.get("currency"))
    facts = {**build_order_facts(order), "total": total}
    return ObservedState(currency=get_currency(order), payer=get_payer(order), facts=facts)
