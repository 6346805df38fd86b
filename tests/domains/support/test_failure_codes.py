"""Every code by which a payment fails, in every source, is explained in both languages."""

import re
from pathlib import Path

import pytest

from conekta_mcp.domains.support.explaining.failures import CAUSES, describe_failure, find_cause
from conekta_mcp.results.times import use_times
from conekta_mcp.sandbox.instruments.cards import DECLINES
from conekta_mcp.settings.timezone import MEXICO_CITY

FACTS = Path(__file__).parents[4] / "shared" / "conekta-api.md"
CHARGE_CODES = {"card_declined", "insufficient_funds", "suspected_fraud", "restricted_card"}
BANK_CODES = {
    "declined", "insufficient_funds", "call_issuer", "timeout", "amount_over_limit", "attempts_over_limit",
    "invalid_expiration_date", "invalid_card_security_code", "card_not_supported", "invalid_merchant",
    "pick_up_card", "general_error", "format_error", "communication_error", "invalid_card",
    "invalid_transaction",
}  # fmt: skip
PARAMETER_CODES = {
    "international_card_not_allowed", "risk_validation_amount_reaching", "blocked_payment_source",
    "credit_forbidden_mcc", "mcc_forbidden", "forbidden_card_for_company", "disabled_msi_company",
    "monthly_installments_not_supported_for_debit",
    "monthly_installments_not_supported_for_international_cards", "rejected_by_risk", "expired_cvv_dynamic",
    "invalid_number", "cash_payment.oxxo_payment.disabled", "bank_payment.spei_payment.disabled",
    "forbidden_mcc_sivale", "forbidden_mcc_rappi", "restricted_bank_18_msi_only",
}  # fmt: skip
PAYMENT_CODES = {
    "processing.tokenization.used", "processing.charge.card_payment.suspicious_behaviour",
    "processing.charge.card_payment.declined_by_3ds", "payment_method.token_id.nonexistent_token",
    "payment_method.token_id.incorrect_livemode_of_token", "card.number", "card.cvc",
    "expiration_date.expired", "combo.order.currency_type.card.maximum",
    "combo.order.currency_type.card.minimum", "combo.order.currency_type.oxxo.maximum",
    "api.system.general_failure",
}  # fmt: skip
CODES = CHARGE_CODES | BANK_CODES | PARAMETER_CODES | PAYMENT_CODES
SANDBOX_CODES = {*DECLINES, *(one.code for one in DECLINES.values())}


@pytest.mark.parametrize("code", sorted(CODES | SANDBOX_CODES))
def test_a_known_code_is_explained(code: str) -> None:
    assert find_cause(f"conekta.errors.{code}") is not None
    assert find_cause(code) is find_cause(f"conekta.errors.{code}")


def list_documented_codes(page: str) -> set[str]:
    """Read the rows of conekta-api.md 2.4 about banks and charges, and the codes of charges."""
    rows = page[page.index("### 2.4") : page.index("## 3. Operations")]
    bank = re.search(r"processing\.bank\.<x> ✔ \| ([^|]+)\|", rows)
    charge = re.search(r"parameter_validation\.charge\.\* ✔ \| ([^|]+)\|", rows)
    card = re.search(r"parameter_validation\.card\.\* ✔ \| ([^|]+)\|", rows)
    failures = re.search(r"`failure_code` values on charges: `([^`]+)`", rows)
    assert bank
    assert charge
    assert card
    assert failures
    listed = " ".join(found[1] for found in (bank, charge, card, failures))
    return {
        word.replace("…_for_", "monthly_installments_not_supported_for_")
        for word in re.findall(r"…?[a-z_.0-9]{5,}", re.sub(r"Older alias.*?`[^`]*`", "", listed))
        if "_" in word or word in {"declined", "timeout"}
    }


def test_the_collection_of_facts_names_no_other_code() -> None:
    if FACTS.exists():
        documented = list_documented_codes(FACTS.read_text("utf-8"))
        assert {code for code in documented if find_cause(code) is None} == set()
        assert len(documented) >= 35


def test_no_code_has_two_causes() -> None:
    codes = [code for cause in CAUSES for code in cause.codes]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_cause_says_what_happened_who_can_act_and_what_to_tell(language: str) -> None:
    with use_times(MEXICO_CITY, language):
        told = [describe_failure(cause.codes[0]) for cause in CAUSES]
    assert all(one["cause"].endswith(".") and one["tell_customer"].endswith(".") for one in told)
    assert len({one["cause"] for one in told}) == len(CAUSES)


def test_the_languages_differ() -> None:
    assert all(cause.cause[0] != cause.cause[1] and cause.tell[0] != cause.tell[1] for cause in CAUSES)


def test_a_code_of_no_source_is_said_to_be_unknown() -> None:
    with use_times(MEXICO_CITY, "en"):
        assert describe_failure("eaten_by_a_grue") == {
            "failure_code": "eaten_by_a_grue",
            "cause": "Conekta gave a code that is not known here.",
            "who_can_act": "conekta",
            "tell_customer": "Use another card, or pay by SPEI or cash.",
        }
