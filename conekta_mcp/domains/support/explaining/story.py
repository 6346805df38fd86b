"""The history of an order as sentences, in order of time."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.support.explaining.disputes import describe_dispute, describe_reason
from conekta_mcp.domains.support.explaining.failures import describe_failure
from conekta_mcp.domains.support.explaining.state import get_method
from conekta_mcp.domains.support.wording import say_amount, say_method, say_moment
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.order_sums import list_charges
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import say

Raw = Mapping[str, Any]
ENDED = {
    "expired": ("El cobro venció sin pago.", "The charge expired unpaid."),
    "canceled": ("El cobro se canceló.", "The charge was cancelled."),
    "voided": ("Se soltó la preautorización.", "The pre-authorisation was released."),
}
HELD = frozenset({"pre_authorized", "voided"})
REFUNDS = {
    "pending": ("espera a que el cliente lo cobre", "waits for the customer to collect it"),
    "canceled": ("se canceló; el dinero sigue en el comercio", "was cancelled; the shop keeps the money"),
    "expired": (
        "nadie lo cobró; el dinero sigue en el comercio",
        "was not collected; the shop keeps the money",
    ),
}


class Event(NamedTuple):
    """Something that happened at `moment` (unix seconds), which only sorts it if the time is not known."""

    moment: int
    what: str
    has_time: bool = True


def tell_story(order: Raw) -> list[dict[str, Any]]:
    """Return what happened, oldest first; events without a time are placed where they must have been."""
    created = say("Se creó la orden", "The order was created") + f", {say_amount(order)}."
    events = [Event(_get_moment(order, "created_at"), created)]
    for charge in list_charges(order):
        events += _tell_charge(charge, order)
    return [
        {"happened_at": one.moment or None if one.has_time else None, "what": one.what}
        for one in sorted(events, key=lambda one: one.moment)
    ]


def _tell_charge(charge: Raw, order: Raw) -> Iterator[Event]:
    method, kind = get_method(charge), say_method(get_method_name(get_method(charge)))
    amount, status = say_amount(charge), normalize_status(charge.get("status"))
    card = (
        say(f" terminada en {method['last4']}", f" ending in {method['last4']}")
        if method.get("last4")
        else ""
    )
    begun = _get_moment(charge, "created_at")
    if status == "declined":
        cause = describe_failure(str(charge.get("failure_code") or "card_declined"))["cause"]
        yield Event(
            begun,
            say(
                f"Se rechazó un cargo de {amount} por {kind}{card}: {cause}",
                f"A charge of {amount} by {kind}{card} was declined: {cause}",
            ),
        )
        return
    months = charge.get("monthly_installments")
    parts = say(f" a {months} meses", f" in {months} monthly payments") if months else ""
    how = f"{amount} por {kind}{card}{parts}", f"{amount} by {kind}{card}{parts}"
    if status in HELD:
        yield Event(
            begun, say(f"Se apartaron {how[0]}; no se cobró.", f"{how[1]} were held, and not charged.")
        )
    else:
        yield Event(begun, say(f"Cobro de {how[0]}.", f"Charge of {how[1]}."))
    for attempt in get_rows(method.get("payment_attempts")) or []:
        sent = say_amount({"currency": order.get("currency"), **attempt})
        yield Event(
            _get_moment(attempt, "created_at"),
            say(
                f"Llegó una transferencia de {sent}, que no es el monto exacto: se devolvió.",
                f"A transfer of {sent} came, which is not the exact amount: it was returned.",
            ),
        )
    if paid := _get_moment(charge, "paid_at"):
        yield Event(paid, say(f"Se pagó {amount}.", f"{amount} was paid."))
    yield from _tell_refunds(charge, order)
    yield from _tell_chargeback(charge, order)
    if status in ENDED:
        ended = _get_moment(method, "expires_at") if status == "expired" else _get_moment(order, "updated_at")
        yield Event(ended, say(*ENDED[status]))


def _tell_refunds(charge: Raw, order: Raw) -> Iterator[Event]:
    for refund in get_rows(charge.get("refunds")) or []:
        amount = say_amount({"currency": order.get("currency"), **refund})
        ending = REFUNDS.get(str(normalize_status(refund.get("status"))))
        until = say_moment(refund.get("expires_at")) if refund.get("status") == "pending" else ""
        state = f": {say(*ending)}" if ending else ""
        limit = say(f" hasta {until}", f" until {until}") if until else ""
        yield Event(
            _get_moment(refund, "created_at"),
            say(f"Reembolso de {amount}{state}{limit}.", f"Refund of {amount}{state}{limit}."),
        )


def _tell_chargeback(charge: Raw, order: Raw) -> Iterator[Event]:
    """Add when it was opened and its state; Conekta gives no time for later steps."""
    chargeback = charge.get("chargeback")
    if not isinstance(chargeback, Mapping):
        return
    opened, why = _get_moment(chargeback, "created_at"), describe_reason(chargeback)
    text = say("El titular disputó el cargo", "The cardholder disputed the charge")
    told = f"{text}: {why}." if why else f"{text}."
    if chargeback.get("status") == "action_required":
        yield Event(opened, f"{told} {describe_dispute(chargeback)}")
        return
    yield Event(opened, told)
    after = max(opened, _get_moment(order, "updated_at"))
    yield Event(after, describe_dispute(chargeback), has_time=False)


def _get_moment(one: Raw, name: str) -> int:
    value = one.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
