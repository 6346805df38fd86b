"""The causes of failed payments by the codes of Conekta and of the shop (conekta-api.md 2.4)."""

from conekta_mcp.domains.support.explaining.causes import ANOTHER, FailureCause

CAUSES: tuple[FailureCause, ...] = (
    FailureCause(
        ("suspected_fraud", "suspicious_behaviour", "rejected_by_risk", "risk_validation_amount_reaching"),
        (
            "El filtro antifraude detuvo el cargo; no lo hizo el banco.",
            "The antifraud filter stopped the charge; the bank did not.",
        ),
        "shop",
        (
            "No pudimos procesar esta tarjeta por seguridad: usa otro medio de pago.",
            "We could not process this card for security reasons: pay another way.",
        ),
    ),
    FailureCause(
        ("blocked_payment_source",),
        ("Esa tarjeta guardada está bloqueada en Conekta.", "That saved card is blocked at Conekta."),
        "shop",
        ("Esa tarjeta ya no se puede usar aquí: agrega otra.", "That card cannot be used here: add another."),
    ),
    FailureCause(
        ("invalid_merchant",),
        (
            "El banco no reconoce la afiliación del comercio: Conekta la tiene que revisar.",
            "The bank does not know the shop's affiliation: Conekta has to check it.",
        ),
        "conekta",
        ANOTHER,
    ),
    FailureCause(
        ("international_card_not_allowed",),
        ("La cuenta no acepta tarjetas de otro país.", "The account does not take cards from abroad."),
        "shop",
        ("Solo aceptamos tarjetas emitidas en México.", "We take only cards that were issued in Mexico."),
    ),
    FailureCause(
        (
            "disabled_msi_company",
            "monthly_installments_not_supported_for_debit",
            "monthly_installments_not_supported_for_international_cards",
            "restricted_bank_18_msi_only",
        ),
        (
            "La tarjeta o la cuenta no admite esos meses sin intereses.",
            "The card or the account does not allow these monthly installments.",
        ),
        "shop",
        (
            "Tu tarjeta no admite esos meses sin intereses: elige menos meses o un solo pago.",
            "Your card does not allow these installments: choose fewer months or one payment.",
        ),
    ),
    FailureCause(
        ("used", "nonexistent_token", "incorrect_livemode_of_token"),
        (
            "Los datos de la tarjeta (token) ya se usaron, vencieron o son del otro modo.",
            "The card's data (token) was used, ran out or is of the other mode.",
        ),
        "shop",
        ("Vuelve a escribir los datos de tu tarjeta.", "Enter the data of your card again."),
    ),
    FailureCause(
        ("card.maximum", "oxxo.maximum", "card.minimum"),
        (
            "El monto está fuera de lo que ese medio de pago admite.",
            "The amount is outside of what that payment method allows.",
        ),
        "shop",
        (
            "Ese monto no se puede pagar así: usa otro medio.",
            "That amount cannot be paid like that: pay another way.",
        ),
    ),
    FailureCause(
        ("oxxo_payment.disabled", "spei_payment.disabled"),
        (
            "Ese medio de pago no está activo en la cuenta.",
            "That payment method is not active for the account.",
        ),
        "shop",
        (
            "Ese medio de pago no está disponible: usa otro.",
            "That payment method is not available: use another.",
        ),
    ),
    FailureCause(
        ("no_valid_card", "processing_error"),
        (
            "El cliente no tiene una tarjeta que se pueda cobrar.",
            "The customer has no card that can be charged.",
        ),
        "cardholder",
        ("Agrega una tarjeta para continuar.", "Add a card to go on."),
    ),
)
