"""Describes chargebacks: why the cardholder or their bank disputes a charge, and its state (4.11)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.results.times import say

STATES = {
    "action_required": ("Hay que mandar pruebas", "Evidence is needed"),
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
REASONS = (
    (
        (
            "unrecognized unrecognized_purchase unrecognized_like_fraud unauthorized unauthorized_by_client"
            " fraudulent"
        ),
        ("no reconoce el cargo", "they do not recognise the charge"),
    ),
    ("product_not_received", ("no recibió lo que compró", "they did not receive what they bought")),
    (
        "product_unacceptable damaged_products",
        ("lo que recibió está dañado o no es lo que compró", "what came is damaged or not what they bought"),
    ),
    ("duplicate twice_transaction", ("se le cobró dos veces", "they were charged twice")),
    (
        "incorrect_amount differents_amounts",
        ("se le cobró otro monto", "they were charged another amount"),
    ),
    (
        "credit_not_processed transaction_not_refunded",
        ("no le ha llegado un reembolso", "a refund has not reached them"),
    ),
    (
        "subscription_canceled service_canceled",
        ("había cancelado la suscripción o el servicio", "they had cancelled the subscription or service"),
    ),
    ("subscription_not_requested", ("no pidió la suscripción", "they did not ask for the subscription")),
    (
        "bank_doc_request show_documents copy_of_purchase",
        ("el banco pide documentos de la compra", "the bank asks for documents of the purchase"),
    ),
)
"""Conekta's reasons whose names are clear."""
MEANINGS = {code: told for codes, told in REASONS for code in codes.split()}


def describe_reason(chargeback: Mapping[str, Any]) -> str:
    """Return why it was opened: in words if Conekta's code is clear, otherwise with the code."""
    code = str(chargeback.get("reason") or "")
    if told := MEANINGS.get(code):
        return say(*told)
    return say(f"Conekta dice {code}", f"Conekta says {code}") if code else ""


def describe_dispute(chargeback: Mapping[str, Any]) -> str:
    """Return the state of a chargeback as a sentence."""
    status = str(chargeback.get("status"))
    known = STATES.get(status)
    text = say(*known) if known else say(f"Contracargo: {status}", f"Chargeback: {status}")
    until = say_moment(chargeback.get("evidence_due_by")) if status == "action_required" else ""
    return text + (say(f" a más tardar el {until}.", f" by {until} at the latest.") if until else ".")
