"""The charges of an order: SPEI, cash, card, pay later and pay by bank (conekta-api.md 4.6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from conekta_mcp.sandbox.charges.card_charges import CARD_TYPES, CardCharge
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records.payment_sources import find_reusable_reference
from conekta_mcp.sandbox.instruments.bank_transfers import make_spei_method
from conekta_mcp.sandbox.instruments.cards import DECLINES
from conekta_mcp.sandbox.instruments.cash import make_cash_method
from conekta_mcp.sandbox.instruments.fees import compute_card_fee, compute_cash_fee, compute_spei_fee
from conekta_mcp.sandbox.instruments.redirects import make_bnpl_method, make_pay_by_bank_method
from conekta_mcp.sandbox.refusals import charges as reasons_charges
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid, NotFound
from conekta_mcp.sandbox.refusals.policies import MIN_CARD_AMOUNT, OFFLINE_CURRENCY


class OfflineMethod(NamedTuple):
    """A method that is paid later: its reuse flag and source, maker of the payment_method, fee."""

    flag: str
    source_type: str
    make: Callable[[Account, Json, str | None], Json]
    fee: Callable[[int], int]


SPEI = OfflineMethod("reuse_customer_clabe", "spei_recurrent", make_spei_method, compute_spei_fee)
CASH = OfflineMethod("reuse_customer_cash_reference", "cash_recurrent", make_cash_method, compute_cash_fee)
# These methods reuse nothing; their fees are not known, so a card's is used (inferred).
BNPL = OfflineMethod("", "", make_bnpl_method, compute_card_fee)
PAY_BY_BANK = OfflineMethod("", "", make_pay_by_bank_method, compute_card_fee)
OFFLINE_METHODS: Mapping[str, OfflineMethod] = {
    "spei": SPEI, "cash": CASH, "oxxo_cash": CASH, "bnpl": BNPL, "pay_by_bank": PAY_BY_BANK,
}  # fmt: skip


@dataclass(frozen=True)
class OrderCharger:
    account: Account
    body: Json
    order: Json
    customer: Json | None
    place: str = "charges.{}."
    """Path of a charge in the request, for the `param` of refusals."""

    def charge(self) -> tuple[list[Json], Detail | None]:
        """Return the charges, and the detail of the decline if a card was declined.

        Cards go first; a decline stops there and undoes the cards before it, so that nothing is half paid
        (split payments are undocumented, conekta-api.md 4.5).
        """
        asked = sorted(self.body.get("charges", []), key=lambda charge: _get_type(charge) in OFFLINE_METHODS)
        self._refuse_unpayable(asked)
        made: list[Json] = []
        for charge in asked:
            made.append(self._make_charge(charge))
            if made[-1]["status"] == "declined":
                for earlier in made[:-1]:
                    earlier["status"] = "canceled"
                return made, DECLINES[made[-1]["failure_code"]].to_detail()
        return made, None

    def _refuse_unpayable(self, asked: list[Json]) -> None:
        amounts = [self._read_amount(charge) for charge in asked]
        if asked and sum(amounts) != self.order["amount"]:
            raise Invalid(reasons_charges.charge_sum_mismatch(sum(amounts), self.order["amount"]))
        for charge, amount in zip(asked, amounts, strict=True):
            self._refuse_by_method(_get_type(charge), amount)
        if self.body.get("pre_authorize") and any(_get_type(charge) in OFFLINE_METHODS for charge in asked):
            raise Invalid(reasons.invalid_param("pre_authorize"))
        now = self.account.now()
        # In the order of the request, not of `asked`: a refusal names the position that was sent.
        for place, charge in enumerate(self.body.get("charges", [])):
            if charge["payment_method"].get("expires_at", now + 1) <= now:
                at = self.place.format(place)
                raise Invalid(reasons.invalid_param(f"{at}payment_method.expires_at"))

    def _refuse_by_method(self, method: str, amount: int) -> None:
        if method in CARD_TYPES and amount < MIN_CARD_AMOUNT:
            raise Invalid(reasons_charges.small_card_charge(MIN_CARD_AMOUNT))
        if amount == 0:
            raise Invalid(reasons.invalid_param("amount"))
        currency = self.order["currency"]
        if method in OFFLINE_METHODS and currency != OFFLINE_CURRENCY:
            raise Invalid(reasons_charges.offline_currency(currency))

    def _read_amount(self, asked: Json) -> int:
        return int(asked.get("amount") or self.order["amount"])

    def _make_charge(self, asked: Json) -> Json:
        amount = self._read_amount(asked)
        if _get_type(asked) in CARD_TYPES:
            card = CardCharge(self.account, self.body, self.customer, asked["payment_method"], amount)
            return self._build_charge(asked, amount, compute_card_fee(amount), card.attempt_charge())
        offline = OFFLINE_METHODS[_get_type(asked)]
        method = offline.make(self.account, asked["payment_method"], self._find_reference(offline))
        waiting = {"payment_method": method, "status": "pending_payment"}
        return self._build_charge(asked, amount, offline.fee(amount), waiting)

    def _find_reference(self, offline: OfflineMethod) -> str | None:
        if not self.body.get(offline.flag) or self.customer is None:
            return None
        reference = find_reusable_reference(self.account, self.customer["id"], offline.source_type)
        if reference is None:
            raise NotFound(reasons.recurrent_reference_not_found())
        return reference

    def _build_charge(self, asked: Json, amount: int, fee: int, outcome: Json) -> Json:
        method, status = outcome.pop("payment_method"), outcome.pop("status")
        reference = {"reference_id": asked["reference_id"]} if "reference_id" in asked else {}
        return {
            "id": self.account.make_object_id(),
            "livemode": False,
            "created_at": self.account.now(),
            "currency": self.order["currency"],
            **outcome,
            "payment_method": method,
            "object": "charge",
            "description": "Payment from order",
            "status": status,
            "amount": amount,
            "fee": fee,
            # Empty even when the order has a customer (conekta-api.md 1.4).
            "customer_id": "",
            "order_id": self.order["id"],
            **reference,
        }


def _get_type(charge: Json) -> str:
    return str(charge["payment_method"]["type"])
