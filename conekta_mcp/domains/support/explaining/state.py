"""How an order stands, in one sentence, and why its last attempt failed."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.support.explaining.failures import describe_failure
from conekta_mcp.domains.support.wording import say_amount, say_method, say_moment
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import say

Raw = Mapping[str, Any]
CHARGEBACKS = {
    "action_required": (
        "El titular desconoció el cargo: hay que mandar pruebas",
        "The cardholder disputed the charge: evidence is needed",
    ),
    "pending_review": (
        "Contracargo: las pruebas esperan revisión",
        "Chargeback: the evidence waits for review",
    ),
    "under_review": ("Contracargo: el banco revisa las pruebas", "Chargeback: the bank reviews the evidence"),
    "won": (
        "Contracargo ganado: el dinero se queda en el comercio",
        "Chargeback won: the shop keeps the money",
    ),
    "lost": (
        "Contracargo perdido: el dinero volvió al titular",
        "Chargeback lost: the cardholder has the money",
    ),
}


def list_charges(order: Raw) -> Sequence[Raw]:
    return get_rows(order.get("charges")) or []


def get_method(charge: Raw) -> Raw:
    method = charge.get("payment_method")
    return method if isinstance(method, Mapping) else {}


def list_refunds(order: Raw) -> list[Raw]:
    return [row for charge in list_charges(order) for row in get_rows(charge.get("refunds")) or []]


def find_failure(order: Raw) -> dict[str, str] | None:
    """Explain why the latest attempt failed; None where it did not."""
    declined = [charge for charge in list_charges(order) if charge.get("status") == "declined"]
    if not declined or declined[-1] is not list_charges(order)[-1]:
        return None
    charge = declined[-1]
    said = charge.get("failure_message")
    told = describe_failure(str(charge.get("failure_code") or "card_declined"))
    return {**told, **({"failure_message": said} if isinstance(said, str) and said else {})}


def describe_now(order: Raw) -> str:
    """Say in one sentence how the order stands."""
    status, amount = normalize_status(order.get("payment_status")), say_amount(order)
    if status == "paid":
        return say(f"Está pagada: {amount}{_say_paid(order)}.", f"It is paid: {amount}{_say_paid(order)}.")
    if status == "pending_payment":
        return _describe_pending(order, amount)
    if status == "pre_authorized":
        return say(
            f"{amount} están apartados en la tarjeta; no se han cobrado.",
            f"{amount} are held on the card; they are not charged yet.",
        )
    if status in {"partially_refunded", "refunded"}:
        return _describe_refunded(order, amount)
    if status == "charged_back":
        return _describe_chargeback(order, amount)
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


def _say_paid(order: Raw) -> str:
    paid = [charge for charge in list_charges(order) if charge.get("paid_at")]
    if not paid:
        return ""
    kind = say_method(get_method_name(get_method(paid[-1])))
    when = say_moment(paid[-1].get("paid_at"))
    return say(f" por {kind}, el {when}", f" by {kind}, on {when}")


def _describe_pending(order: Raw, amount: str) -> str:
    method = get_method(list_charges(order)[-1]) if list_charges(order) else {}
    kind, until = say_method(get_method_name(method)), say_moment(method.get("expires_at"))
    limit = say(f" hasta {until}", f" until {until}") if until else ""
    returned = (
        say(
            " Lo que llegó no era el monto exacto y se devolvió.",
            " What came was not the exact amount and was returned.",
        )
        if get_rows(method.get("payment_attempts"))
        else ""
    )
    if get_method_name(method) == "card":
        return say(
            f"Espera a que el titular autorice {amount} con su banco (3D Secure).",
            f"It waits for the cardholder to approve {amount} with their bank (3D Secure).",
        )
    return (
        say(
            f"No ha llegado el pago: espera {amount} exactos por {kind}{limit}.",
            f"The payment has not arrived: it waits for exactly {amount} by {kind}{limit}.",
        )
        + returned
    )


def _describe_refunded(order: Raw, amount: str) -> str:
    back = say_amount(order, "amount_refunded")
    waiting = [row for row in list_refunds(order) if row.get("status") == "pending"]
    said = say(f"Se pagó {amount} y se devolvió {back}.", f"{amount} was paid and {back} given back.")
    if waiting:
        until = say_moment(waiting[-1].get("expires_at"))
        said += (
            say(
                f" Un reembolso todavía no se cobra; se puede hasta {until}.",
                f" One refund is not collected yet; it can be until {until}.",
            )
            if until
            else say(" Un reembolso todavía no se cobra.", " One refund is not collected yet.")
        )
    elif any(get_method_name(get_method(charge)) == "card" for charge in list_charges(order)):
        said += say(
            " El banco tarda de 5 a 10 días hábiles en abonarlo.",
            " The bank takes 5 to 10 business days to credit it.",
        )
    return said


def _describe_chargeback(order: Raw, amount: str) -> str:
    disputes = [
        charge["chargeback"]
        for charge in list_charges(order)
        if isinstance(charge.get("chargeback"), Mapping)
    ]
    said = say(
        f"El titular disputó {amount} y Conekta retiró el dinero.",
        f"The cardholder disputed {amount} and Conekta took the money.",
    )
    return f"{said} {describe_dispute(disputes[-1])}" if disputes else said


def describe_dispute(chargeback: Raw) -> str:
    status = str(chargeback.get("status"))
    known = CHARGEBACKS.get(status)
    said = say(*known) if known else say(f"Contracargo: {status}", f"Chargeback: {status}")
    until = say_moment(chargeback.get("evidence_due_by")) if status == "action_required" else ""
    return said + (say(f" a más tardar el {until}.", f" by {until} at the latest.") if until else ".")
