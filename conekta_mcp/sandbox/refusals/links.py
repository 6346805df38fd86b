"""Details of refusals about links, tokens, antifraud lists and cards (conekta-api.md 2.4, 5.2)."""

from conekta_mcp.sandbox.refusals.envelope import Detail


def used_token(param: str) -> Detail:
    return Detail(
        "processing.tokenization.used", "El token ya fue usado.", "The token was already used.", param
    )


def invalid_card_number() -> Detail:
    """Describe a number that no test card has, without repeating it."""
    return Detail(
        "parameter_validation.card.number",
        "El número de tarjeta no es válido.",
        "The card number is invalid.",
        "card[card[number]]",
    )


def invalid_cvc() -> Detail:
    return Detail(
        "parameter_validation.card.cvc",
        "El código de seguridad no es válido.",
        "The security code is invalid.",
        "card[card[cvc]]",
    )


def expired_card() -> Detail:
    return Detail(
        "parameter_validation.expiration_date.expired",
        "La tarjeta está vencida.",
        "The card is expired.",
        "card[card[exp_year]]",
    )


def no_whitelist_access() -> Detail:
    return Detail(
        "forbidden.authentication.invalid_whitelist_access",
        "No tienes acceso al servicio, contacta a soporte.",
        "Unauthorized access to whitelists service, please contact support team",
    )


def inactive_checkout(status: str) -> Detail:
    """Describe a link that has ended (5.2: a 422; its code is inferred)."""
    return Detail(
        "parameter_validation.checkout.status.invalid",
        f"El link de pago ya no está activo ({status}).",
        f"The checkout is not active ({status}).",
        "status",
    )


def exhausted_checkout() -> Detail:
    """Describe a link that took, or waits for, all its payments (the code is inferred)."""
    return Detail(
        "parameter_validation.checkout.payments_limit_count.invalid",
        "El link de pago ya recibió todos sus pagos.",
        "The checkout took all its payments.",
        "payments_limit_count",
    )
