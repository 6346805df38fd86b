"""Applies the antifraud rules to a card charge (conekta-api.md 4.11)."""

from conekta_mcp.sandbox.antifraud.rules import BLACKLIST, WHITELIST
from conekta_mcp.sandbox.core.account import Account, Json


def decide_decline(account: Account, payer: Json, token: str, reason: str) -> str:
    """Return why a card charge is declined, "" if not; a blacklist stops even what the bank would approve.

    A whitelist lifts a suspicion, nothing else; where both name the payer the blacklist wins (inferred).
    """
    marks = {"email": payer.get("email"), "phone": payer.get("phone"), "card_token": token}
    if _has_matching_rule(account, BLACKLIST, marks):
        return "suspected_fraud"
    lifted = reason == "suspected_fraud" and _has_matching_rule(account, WHITELIST, marks)
    return "" if lifted else reason


def _has_matching_rule(account: Account, kind: str, marks: Json) -> bool:
    return any(
        str(marks[rule["field"]] or "").casefold() == rule["value"].casefold()
        for rule in account.list_records(kind)
    )
