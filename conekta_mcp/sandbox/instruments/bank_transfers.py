"""SPEI charges: the CLABE to pay to, and the transfer that paid it (conekta-api.md 4.6)."""

from datetime import UTC, datetime

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.instruments import clabe
from conekta_mcp.sandbox.refusals.policies import BANK, SPEI_LIFETIME


def make_spei_method(account: Account, asked: Json, reused: str | None) -> Json:
    number = reused or account.ledger.mint_reference(clabe.make_clabe)
    return {
        "clabe": number,
        "bank": BANK,
        "receiving_account_number": number,
        "receiving_account_bank": BANK,
        "payment_attempts": [],
        "object": "bank_transfer_payment",
        "type": "spei",
        "expires_at": asked.get("expires_at", account.now() + SPEI_LIFETIME),
    }


def make_transfer_details(account: Account, moment: int) -> Json:
    """Return what a paid SPEI charge shows of its transfer, made at `moment` (unix seconds)."""
    chance = account.ledger.random
    return {
        "issuing_account_bank": "Banco De Prueba",
        "issuing_account_number": clabe.make_clabe(chance, head="999180"),
        "issuing_account_holder_name": "Persona De Prueba",
        # The generic RFC of the tax authority, no person's own.
        "issuing_account_tax_id": "XAXX010101000",
        "tracking_code": f"SANDBOX{chance.randrange(10**12):012d}",
        "reference_number": f"{chance.randrange(10**7):07d}",
        "executed_at": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
