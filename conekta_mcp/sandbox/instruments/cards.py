"""Test cards: what each token stands for, how often it works, why it is declined (conekta-api.md 5.2, 8)."""

from collections.abc import Mapping
from typing import NamedTuple

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import links, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid, TokenAlreadyUsed
from conekta_mcp.sandbox.refusals.policies import TOKEN_LIFETIME

TOKEN_KIND = "token"  # noqa: S105 - a kind of record
DECLINE_KIND = "sandbox_decline"
HOLDER = "Persona De Prueba"
EXP_MONTH = "12"
EXP_YEAR = "34"


class Card(NamedTuple):
    """A card of the test table; `ends` is why its charges are declined, "" if they are approved."""

    brand: str
    bin: str
    last4: str
    card_type: str = "credit"
    issuer: str = "banco de prueba"
    ends: str = ""
    holder: str = HOLDER
    exp_month: str = EXP_MONTH
    exp_year: str = EXP_YEAR
    passes_3ds: bool = False
    """Whether 3DS lets it pass without asking its holder (8)."""

    def to_fields(self) -> Json:
        return {
            "last4": self.last4,
            "exp_month": self.exp_month,
            "exp_year": self.exp_year,
            "brand": self.brand,
            "issuer": self.issuer,
            "name": self.holder,
        }


CARDS: Mapping[str, Card] = {
    "tok_test_visa_4242": Card("visa", "424242", "4242"),
    "tok_test_visa_1881": Card("visa", "401288", "1881"),
    "tok_test_mastercard_4444": Card("mastercard", "555555", "4444"),
    "tok_test_mastercard_5100": Card("mastercard", "510510", "5100"),
    "tok_test_amex_0005": Card("american_express", "378282", "0005"),
    "tok_test_amex_8431": Card("american_express", "371449", "8431"),
    "tok_test_banorte_debit": Card("visa", "491566", "7603", "debit", "banorte"),
    "tok_test_banco_azteca_debit": Card("mastercard", "557604", "2646", "debit", "banco azteca"),
    "tok_test_card_declined": Card("visa", "400000", "0002", ends="card_declined"),
    "tok_test_insufficient_funds": Card("visa", "400000", "0127", ends="insufficient_funds"),
}
# A test token that is always refused as too old.
STALE_CARD = "tok_test_msi_error"


class Decline(NamedTuple):
    """A bank's decline: the error code and its texts."""

    code: str
    es: str
    en: str

    def to_detail(self) -> Detail:
        return Detail(f"processing.{self.code}", self.es, self.en)


DECLINES: Mapping[str, Decline] = {
    "card_declined": Decline(
        "bank.declined",
        "La tarjeta ingresada ha sido declinada. Por favor intenta con otro método de pago.",
        "The card was declined. Please try another payment method.",
    ),
    "insufficient_funds": Decline(
        "bank.insufficient_funds",
        "Esta tarjeta no tiene suficientes fondos para completar la compra.",
        "The card does not have enough funds to complete the purchase.",
    ),
    "suspected_fraud": Decline(
        "charge.card_payment.suspicious_behaviour",
        "El cargo fue declinado por comportamiento sospechoso.",
        "The charge was declined because of suspicious behaviour.",
    ),
    "restricted_card": Decline(
        "bank.card_not_supported",
        "La tarjeta tiene una restricción.",
        "The card is restricted.",
    ),
    "call_issuer": Decline(
        "bank.call_issuer",
        "El banco pide que el titular se comunique con él.",
        "The bank asks the cardholder to call.",
    ),
    "amount_over_limit": Decline(
        "bank.amount_over_limit",
        "El monto supera el límite de la tarjeta.",
        "The amount is over the limit of the card.",
    ),
    "declined_by_3ds": Decline(
        "charge.card_payment.declined_by_3ds",
        "La autenticación de la tarjeta falló.",
        "The authentication of the card failed.",
    ),
}


def redeem_token(account: Account, token: str, param: str) -> Card:
    """Return the card of a token used now: a test token always, a stored one once and within its life.

    A token of the checkout form has no card until its payer gives one; before that it counts as nonexistent.
    """
    if token in CARDS:
        return CARDS[token]
    stored = account.find(TOKEN_KIND, token) or {}
    if STALE_CARD in (token, stored.get("card", {}).get("ends")):
        raise Invalid(reasons.old_token(param))
    if "card" not in stored:
        raise Invalid(reasons.nonexistent_token(param))
    if stored["used"]:
        raise TokenAlreadyUsed(links.used_token(param))
    if account.now() >= stored["filled_at"] + TOKEN_LIFETIME:
        raise Invalid(reasons.old_token(param))
    account.save(TOKEN_KIND, {**stored, "used": True})
    return Card(**stored["card"])


def find_saved_card(account: Account, token: str) -> Card:
    """Return a saved source's card by the token it was saved with, whose age and use no longer matter."""
    stored = account.find(TOKEN_KIND, token)
    return Card(**stored["card"]) if stored else CARDS[token]


def decline_next_charge(call: Call) -> Json:
    check(Shape(required={"decline_next": Choice(tuple(DECLINES))}, closed=True), call.body)
    reason = call.body["decline_next"]
    call.account.add(DECLINE_KIND, {"id": call.account.make_id("decline_"), "reason": reason})
    return {"object": "sandbox_cards", "decline_next": reason}


def take_decline_reason(account: Account, card: Card) -> str:
    """Return why this charge is declined, "" if it is approved; uses up a pending decline."""
    for pending in account.list_records(DECLINE_KIND):
        account.remove(DECLINE_KIND, pending["id"])
        return str(pending["reason"])
    return card.ends


ENDPOINTS = (Endpoint("POST", "/_sandbox/cards", decline_next_charge),)
