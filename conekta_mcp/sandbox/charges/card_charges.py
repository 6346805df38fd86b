"""Card charges: which card is charged, and whether the bank approves (conekta-api.md 4.6, 8)."""

from dataclasses import dataclass

from conekta_mcp.sandbox.antifraud.matching import decide_decline
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.instruments.cards import (
    DECLINES,
    Card,
    find_saved_card,
    redeem_token,
    take_decline_reason,
)
from conekta_mcp.sandbox.instruments.installments import list_eligible_months
from conekta_mcp.sandbox.refusals import charges as reasons_charges
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid

CARD_TYPES = ("card", "default")
PARAM = "payment_method"


@dataclass(frozen=True)
class CardCharge:
    """One attempt to charge a card; `asked` is the payment_method of the request, `amount` centavos."""

    account: Account
    body: Json
    customer: Json | None
    asked: Json
    amount: int

    def attempt_charge(self) -> Json:
        """Return payment_method and status: paid, pre_authorized, pending_payment (3DS) or declined."""
        token = self._choose_token()
        card = self._find_card(token)
        installments = self.asked.get("monthly_installments")
        if installments and card.card_type == "debit":
            raise Invalid(reasons_charges.debit_card_installments())
        if installments and installments not in list_eligible_months(self.amount):
            raise Invalid(reasons_charges.ineligible_installments())
        outcome = {"payment_method": self._build_method(card), **self._decide_status(card, token)}
        return {**outcome, "monthly_installments": installments} if installments else outcome

    def _find_card(self, token: str) -> Card:
        if "token_id" in self.asked:
            return redeem_token(self.account, token, f"{PARAM}.token_id")
        return find_saved_card(self.account, token)

    def _decide_status(self, card: Card, token: str) -> Json:
        payer = self.customer or self.body.get("customer_info", {})
        # First: a declined card is neither sent to 3DS nor held.
        declined = decide_decline(self.account, payer, token, take_decline_reason(self.account, card))
        if declined:
            return {"status": "declined", "failure_code": declined, "failure_message": DECLINES[declined].es}
        # strict asks the holder of every card but one (8); /_sandbox/payments passes it for the payer.
        if self.body.get("three_ds_mode") == "strict" and not card.passes_3ds:
            return {"status": "pending_payment"}
        if self.body.get("pre_authorize"):
            return {"status": "pre_authorized"}
        return {"status": "paid", "paid_at": self.account.now()}

    def _choose_token(self) -> str:
        if self.asked["type"] == "default":
            return self._load_source_token((self.customer or {}).get("default_payment_source_id"))
        if "payment_source_id" in self.asked and "token_id" in self.asked:
            raise Invalid(reasons.invalid_param(f"{PARAM}.payment_source_id"))
        if "payment_source_id" in self.asked:
            return self._load_source_token(self.asked["payment_source_id"])
        if "token_id" not in self.asked:
            raise Invalid(reasons.missing_param(f"{PARAM}.token_id"))
        return str(self.asked["token_id"])

    def _load_source_token(self, source_id: str | None) -> str:
        if self.customer is None:
            raise Invalid(reasons.missing_customer_id())
        if source_id is None:
            raise Invalid(reasons.missing_param(f"{PARAM}.payment_source_id"))
        source = load_record(
            self.account, owned.PAYMENT_SOURCE, source_id, "card", parent=self.customer["id"]
        )
        if source["type"] != "card":
            raise Invalid(reasons.invalid_param(f"{PARAM}.payment_source_id"))
        return str(source["token_id"])

    def _build_method(self, card: Card) -> Json:
        echoed = ("token_id", "payment_source_id", "contract_id", "customer_ip_address")
        return {
            **card.to_fields(),
            "auth_code": f"{self.account.ledger.random.randrange(10**6):06d}",
            "object": "card_payment",
            "type": card.card_type,
            "account_type": card.card_type.capitalize(),
            "country": "MX",
            "fraud_indicators": [],
            **{name: self.asked[name] for name in echoed if name in self.asked},
        }
