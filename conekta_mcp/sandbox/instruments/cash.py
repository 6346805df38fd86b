"""Cash charges: the reference to pay at a store counter (conekta-api.md 4.6, 5.5)."""

from calendar import monthrange
from datetime import UTC, datetime

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.instruments import clabe


def make_cash_method(account: Account, asked: Json, reused: str | None) -> Json:
    reference = reused or account.ledger.mint_reference(clabe.make_cash_reference)
    return {
        "service_name": "Tienda De Prueba",
        "barcode_url": make_barcode_url(reference),
        "store": None,
        "auth_code": None,
        "cashier_id": None,
        "reference": reference,
        "agreement": "1234567",
        "product_type": "cash_in",
        "store_name": "Tienda De Prueba",
        "object": "cash_payment",
        "type": "cash",
        "expires_at": asked.get("expires_at", add_month(account.now())),
    }


def make_barcode_url(reference: str) -> str:
    """Return a URL on example.com, since the sandbox draws no barcodes."""
    return f"https://barcodes.example.com/{reference}.png"


def add_month(moment: int) -> int:
    """Return midnight UTC of the same day next month, its last day if shorter; unix seconds in and out."""
    day = datetime.fromtimestamp(moment, UTC)
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = monthrange(year, month)[1]
    return int(datetime(year, month, min(day.day, last), tzinfo=UTC).timestamp())
