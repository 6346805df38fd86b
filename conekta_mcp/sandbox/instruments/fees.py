"""Conekta's fees in centavos, VAT included, fitted to the observed figures (conekta-api.md 4.6)."""

SPEI_FEE = 1450
MIN_CASH_FEE = 1160
CASH_PER_100_000 = 4552


def compute_spei_fee(_amount: int) -> int:
    """Return a flat 12.50 MXN plus 16 % VAT."""
    return SPEI_FEE


def compute_cash_fee(amount: int) -> int:
    """Return the share that made 11380 of 250000, never under 1160."""
    return max(MIN_CASH_FEE, amount * CASH_PER_100_000 // 100_000)


def compute_card_fee(amount: int) -> int:
    """Return 3.4 % and 3 MXN, plus 16 % VAT."""
    return (amount * 34 + 300_000) * 116 // 100_000
