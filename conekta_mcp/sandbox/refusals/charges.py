"""Details of refusals about the amount, currency and months of a charge (conekta-api.md 2.4, 14)."""

from conekta_mcp.sandbox.refusals.envelope import Detail


def charge_sum_mismatch(charged: int, amount: int) -> Detail:
    """Describe charges that do not sum to the order (centavos); its texts are inferred."""
    return Detail(
        "parameter_validation.combo.order.amount.invalid_charges_amount",
        f"La suma de los cargos ({charged}) debe ser igual al monto de la orden ({amount}).",
        f"The sum of the charges ({charged}) must equal the order amount ({amount}).",
        "amount",
    )


def small_card_charge(minimum: int) -> Detail:
    """Describe a card charge below the floor (centavos); its texts are inferred."""
    return Detail(
        "parameter_validation.combo.order.currency_type.card.minimum",
        f"El monto con tarjeta debe ser de al menos {minimum} centavos.",
        f"The amount of a card charge must be at least {minimum} cents.",
        "amount",
    )


def offline_currency(currency: str) -> Detail:
    """Describe a charge that is paid in pesos alone, in another currency; the code is inferred."""
    return Detail(
        "parameter_validation.currency.invalid",
        f"SPEI, efectivo, pago a plazos y pago con banco se cobran en pesos, no en {currency}.",
        f"SPEI, cash, pay later and pay by bank are paid in pesos, not in {currency}.",
        "currency",
    )


def ineligible_installments() -> Detail:
    """Describe months that validate_installments does not offer for the amount; the code is inferred."""
    return Detail(
        "parameter_validation.payment_method.monthly_installments.invalid",
        "El monto no alcanza para esos meses sin intereses.",
        "The amount is too small for these monthly installments.",
        "payment_method.monthly_installments",
    )


def debit_card_installments() -> Detail:
    return Detail(
        "parameter_validation.charge.monthly_installments_not_supported_for_debit",
        "Las tarjetas de débito no permiten meses sin intereses.",
        "Monthly installments are not supported for debit cards.",
        "payment_method.monthly_installments",
    )
