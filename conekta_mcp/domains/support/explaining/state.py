"""Describes the state of an order in one sentence, and why its last attempt failed."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.support.explaining.disputes import describe_dispute, describe_reason
from conekta_mcp.domains.support.explaining.failures import describe_failure
from conekta_mcp.domains.support.wording import say_amount, say_method, say_moment
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.order_sums import (
    list_charges,
    list_paid_charges,
    read_amount,
    sum_given_back,
    sum_taken,
)
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import say

Raw = Mapping[str, Any]
FRAUD = {
    "under_fraud_review": (
        "Conekta revisa el pago por un posible fraude: todavía no se confirma.",
        "Conekta reviews the payment for possible fraud: it is not confirmed yet.",
    ),
    "fraudulent": ("Conekta lo marcó como fraude.", "Conekta marked it as fraud."),
}


def get_method(charge: Raw) -> Raw:
    method = charge.get("payment_method")
    return method if isinstance(method, Mapping) else {}


def list_refunds(order: Raw) -> list[Raw]:
    return [row for charge in list_charges(order) for row in get_rows(charge.get("refunds")) or []]


def find_failure(order: Raw) -> dict[str, str] | None:
    """Return why the latest attempt failed; None if it did not."""
    declined = [charge for charge in list_charges(order) if charge.get("status") == "declined"]
    if not declined or declined[-1] is not list_charges(order)[-1]:
        return None
    charge = declined[-1]
    text = charge.get("failure_message")
    told = describe_failure(str(charge.get("failure_code") or "card_declined"))
    return {**told, **({"failure_message": text} if isinstance(text, str) and text else {})}


def describe_now(order: Raw) -> str:
    """Return the state of the order in one sentence."""
    status, amount = normalize_status(order.get("payment_status")), say_amount(order)
    if status == "paid":
        return _describe_paid(order)
    if status in FRAUD:
        return say(*FRAUD[status])
    if status == "pending_payment" and not find_failure(order):
        return _describe_pending(order, amount)
    if status == "pre_authorized":
        return say(
            f"{amount} están apartados en la tarjeta; no se han cobrado.",
            f"{amount} are held on the card; they are not charged yet.",
        )
    if status in {"partially_refunded", "refunded"}:
        return _describe_refunded(order)
    if status == "charged_back":
        return _describe_chargeback(order)
    if status == "expired":
        return say(
            "Venció sin que llegara el pago; ya no se puede pagar.",
            "It expired unpaid and cannot be paid any more.",
        )
    if status == "canceled":
        return say("Se canceló; no se puede pagar.", "It was cancelled and cannot be paid.")
    if status == "voided":
        return say(
            "Se soltó lo apartado; no se cobró nada.", "What was held was released; nothing was charged."
        )
    if status == "declined" or find_failure(order):
        amount = next((say_amount(one) for one in reversed(list_charges(order))), "") or amount
        return say(
            f"No está pagada: el último intento de {amount} fue rechazado.",
            f"It is not paid: the last attempt of {amount} was declined.",
        )
    if status is None:
        return say(
            f"Nadie ha intentado pagar: {amount} sin cobro.",
            f"Nobody has tried to pay: {amount} without a charge.",
        )
    return say(f"Conekta dice {status}.", f"Conekta says {status}.")


def _describe_paid(order: Raw) -> str:
    """Return what was paid; after a partial capture that is less than the order's amount."""
    paid, whole = _say_centavos(order, sum_taken(order)), say_amount(order)
    told = say(f"Está pagada: {paid}{_say_paid(order)}.", f"It is paid: {paid}{_say_paid(order)}.")
    if paid == whole:
        return told
    return told + say(f" El monto de la orden es {whole}.", f" The order's own amount is {whole}.")


def _say_paid(order: Raw) -> str:
    paid = [charge for charge in list_paid_charges(order) if charge.get("paid_at")]
    if not paid:
        return ""
    kinds = dict.fromkeys(say_method(get_method_name(get_method(charge))) for charge in paid)
    kind = say(" y ", " and ").join(kinds)
    when = say_moment(max(charge["paid_at"] for charge in paid))
    return say(f" por {kind}, el {when}", f" by {kind}, on {when}")


def _describe_pending(order: Raw, amount: str) -> str:
    waiting = [
        one for one in list_charges(order) if normalize_status(one.get("status")) == "pending_payment"
    ] or list(list_charges(order)[-1:])
    paid = sum_taken(order) if list_paid_charges(order) else 0
    before = (
        say(
            f" {_say_centavos(order, paid)} ya se pagaron{_say_paid(order)}.",
            f" {_say_centavos(order, paid)} were paid before{_say_paid(order)}.",
        )
        if paid
        else ""
    )
    returned = (
        say(
            " Lo que llegó no era el monto exacto y se devolvió.",
            " What came was not the exact amount and was returned.",
        )
        if any(get_rows(get_method(one).get("payment_attempts")) for one in waiting)
        else ""
    )
    if waiting and all(get_method_name(get_method(one)) == "card" for one in waiting):
        held = say_amount(waiting[-1]) or amount
        return (
            say(
                f"Espera a que el titular autorice {held} con su banco (3D Secure).",
                f"It waits for the cardholder to approve {held} with their bank (3D Secure).",
            )
            + before
        )
    awaited = say(" y ", " and ").join(_say_awaited(one, amount) for one in waiting) or amount
    told = (
        say(f"Falta una parte: espera {awaited}.", f"A part is missing: it waits for {awaited}.")
        if paid
        else say(
            f"No ha llegado el pago: espera {awaited}.",
            f"The payment has not arrived: it waits for {awaited}.",
        )
    )
    return told + before + returned


def _say_awaited(charge: Raw, amount: str) -> str:
    """Return what one charge waits for, how it is paid, and until when."""
    method = get_method(charge)
    kind, until = say_method(get_method_name(method)), say_moment(method.get("expires_at"))
    limit = say(f" hasta {until}", f" until {until}") if until else ""
    exact = say_amount(charge) or amount
    return say(f"{exact} exactos por {kind}{limit}", f"exactly {exact} by {kind}{limit}")


def _describe_refunded(order: Raw) -> str:
    paid, back = _say_centavos(order, sum_taken(order)), sum_given_back(order)
    returned = _say_centavos(order, back)
    text = (
        say(f"Se pagó {paid} y se devolvió {returned}.", f"{paid} was paid and {returned} given back.")
        if back
        else say(f"Se pagó {paid}; aún no se ha devuelto nada.", f"{paid} was paid; nothing went back yet.")
    )
    waiting = [row for row in list_refunds(order) if normalize_status(row.get("status")) == "pending"]
    if waiting:
        until = say_moment(waiting[-1].get("expires_at"))
        asked = _say_centavos(order, sum(abs(read_amount(row) or 0) for row in waiting))
        limit = say(f"; se puede hasta {until}", f"; it can be until {until}") if until else ""
        return text + say(
            f" Un reembolso de {asked} todavía no se cobra{limit}.",
            f" A refund of {asked} is not collected yet{limit}.",
        )
    if any(get_method_name(get_method(charge)) == "card" for charge in list_charges(order)):
        moments = [row["created_at"] for row in list_refunds(order) if isinstance(row.get("created_at"), int)]
        day = say_moment(max(moments)) if moments else ""
        since = say(f", contados desde {day}", f", counted from {day}") if day else ""
        text += say(
            f" El banco tarda de 5 a 10 días hábiles en abonarlo{since}.",
            f" The bank takes 5 to 10 business days to credit it{since}.",
        )
    return text


def _describe_chargeback(order: Raw) -> str:
    disputed = [one for one in list_charges(order) if isinstance(one.get("chargeback"), Mapping)]
    of = {**order, "charges": disputed[-1:]} if disputed else order
    amount, back = sum_taken(of), sum_given_back(of)
    charged = _say_centavos(order, amount)
    # An amount that was already refunded is not taken a second time.
    taken = _say_centavos(order, max((amount or 0) - back, 0))
    text = (
        say(
            f"El titular disputó {charged} y Conekta retiró el dinero.",
            f"The cardholder disputed {charged} and Conekta took the money.",
        )
        if not back
        else say(
            f"El titular disputó un cargo de {charged}, del que ya se habían devuelto "
            f"{_say_centavos(order, back)}; Conekta retiró el resto, {taken}.",
            f"The cardholder disputed a charge of {charged}, of which {_say_centavos(order, back)} had gone "
            f"back before; Conekta took the rest, {taken}.",
        )
    )
    if not disputed:
        return text
    chargeback = disputed[-1]["chargeback"]
    why = describe_reason(chargeback)
    cause = say(f" Motivo: {why}.", f" Reason: {why}.") if why else ""
    return f"{text}{cause} {describe_dispute(chargeback)}"


def _say_centavos(order: Raw, amount: int | None) -> str:
    return say_amount({"amount": amount, "currency": order.get("currency")})
