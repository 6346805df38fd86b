"""The causes of failed payments by the codes of banks and cards (conekta-api.md 2.4)."""

from conekta_mcp.domains.support.explaining.causes import FailureCause

CAUSES: tuple[FailureCause, ...] = (
    FailureCause(
        ("card_declined", "declined"),
        ("El banco rechazó la tarjeta sin decir por qué.", "The bank declined the card and did not say why."),
        "bank",
        (
            "Tu banco rechazó el cargo sin dar motivo: llámalo para autorizarlo, o paga de otra forma.",
            "Your bank declined the charge without a reason: call it to allow it, or pay another way.",
        ),
    ),
    FailureCause(
        ("insufficient_funds",),
        ("La tarjeta no tiene saldo o crédito suficiente.", "The card has not enough funds or credit."),
        "cardholder",
        (
            "Tu tarjeta no tiene saldo suficiente para este cargo: intenta cuando lo tenga, o con otra.",
            "Your card has not enough funds for this charge: try when it has, or use another one.",
        ),
    ),
    FailureCause(
        (
            "restricted_card",
            "card_not_supported",
            "forbidden_card_for_company",
            "forbidden_mcc_sivale",
            "forbidden_mcc_rappi",
            "credit_forbidden_mcc",
            "mcc_forbidden",
        ),
        (
            "La tarjeta no admite este tipo de compra o de comercio.",
            "The card does not allow this kind of purchase or shop.",
        ),
        "cardholder",
        (
            "Tu tarjeta no permite esta compra (por ejemplo, es de vales): usa otra.",
            "Your card does not allow this purchase (such as a meal card): use another one.",
        ),
    ),
    FailureCause(
        ("call_issuer", "pick_up_card"),
        (
            "El banco pide que el titular se comunique con él.",
            "The bank asks the cardholder to get in touch with it.",
        ),
        "cardholder",
        (
            "Tu banco pide que le llames antes de autorizar este cargo.",
            "Your bank asks you to call it before it allows this charge.",
        ),
    ),
    FailureCause(
        ("amount_over_limit",),
        ("El monto supera el límite de la tarjeta.", "The amount is over the limit of the card."),
        "cardholder",
        (
            "El monto supera el límite de tu tarjeta: amplíalo con tu banco, o usa otra.",
            "The amount is over your card's limit: raise it with your bank, or use another card.",
        ),
    ),
    FailureCause(
        ("attempts_over_limit",),
        ("La tarjeta se intentó demasiadas veces.", "The card was tried too many times."),
        "cardholder",
        (
            "Tu tarjeta tuvo demasiados intentos: espera un día, o usa otra.",
            "Your card was tried too many times: wait a day, or use another one.",
        ),
    ),
    FailureCause(
        ("invalid_expiration_date", "expired"),
        ("La tarjeta venció, o su fecha se escribió mal.", "The card expired, or its date was mistyped."),
        "cardholder",
        ("Revisa la fecha de vencimiento de tu tarjeta.", "Check the expiry date of your card."),
    ),
    FailureCause(
        ("invalid_card_security_code", "cvc", "expired_cvv_dynamic"),
        (
            "El código de seguridad está mal o, si es dinámico, ya venció.",
            "The security code is wrong or, a dynamic one, has run out.",
        ),
        "cardholder",
        (
            "Revisa el código de seguridad; si es digital, genera uno nuevo en la app de tu banco.",
            "Check the security code; a digital one is made anew in your bank's app.",
        ),
    ),
    FailureCause(
        ("invalid_number", "number", "invalid_card"),
        ("El número de la tarjeta no es válido.", "The number of the card is not valid."),
        "cardholder",
        ("Revisa el número de tu tarjeta.", "Check the number of your card."),
    ),
    FailureCause(
        ("declined_by_3ds",),
        (
            "El titular no pasó la autenticación 3D Secure de su banco.",
            "The cardholder did not pass the 3D Secure check of their bank.",
        ),
        "cardholder",
        (
            "No confirmaste el pago con tu banco: intenta de nuevo y autorízalo en su app o con su código.",
            "You did not confirm the payment with your bank: try again and approve it in its app.",
        ),
    ),
    FailureCause(
        (
            "timeout",
            "communication_error",
            "general_error",
            "format_error",
            "general_failure",
            "invalid_transaction",
        ),
        (
            "El banco no respondió bien; no es culpa de la tarjeta.",
            "The bank did not answer properly; not the card's fault.",
        ),
        "conekta",
        (
            "Hubo una falla de comunicación con el banco: intenta de nuevo en unos minutos.",
            "There was a failure with the bank: try again in some minutes.",
        ),
    ),
)
