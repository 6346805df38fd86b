"""Details of refusals about payouts, transfers and chargebacks (conekta-api.md 2.4, 3.2)."""

from conekta_mcp.sandbox.refusals.envelope import Detail


def payout_failure() -> Detail:
    """Describe an unknown payout order, a wrong state or too little money: one code for all (2.4)."""
    return Detail(
        "processing.payout.general",
        "La orden de pago no pudo ser procesada.",
        "The payout order could not be processed.",
    )


def no_available_balance(currency: str) -> Detail:
    """Describe an empty balance (a refusal of the sandbox's own control)."""
    return Detail(
        "parameter_validation.transfer.amount.invalid",
        f"No hay saldo disponible en {currency}.",
        f"There is no available balance in {currency}.",
        "currency",
    )


def duplicate_document(classification: str) -> Detail:
    """Describe a second document of a class, which PATCH replaces (the code is inferred)."""
    return Detail(
        "parameter_validation.file_classification.found",
        f"La empresa ya tiene un documento {classification}.",
        f"The company already has a {classification} document.",
        "file_classification",
    )


def closed_chargeback(status: str) -> Detail:
    """Describe a chargeback that no longer waits for evidence (3.2, 400)."""
    return Detail(
        "business.chargebacks.cannot_process",
        f"El contracargo no se puede procesar ({status}).",
        f"The chargeback cannot be processed ({status}).",
    )


def invalid_multipart() -> Detail:
    """Describe a body that is no form with readable files; the code is inferred."""
    return Detail(
        "malformed_request.invalid_multipart",
        "El cuerpo de la petición no es multipart/form-data.",
        "The request body is not multipart/form-data.",
    )


def undisputable_charge(param: str) -> Detail:
    """Describe a charge that is not a paid card charge (a refusal of the sandbox's own control)."""
    return Detail(
        f"parameter_validation.{param}.invalid",
        "No hay un cargo de tarjeta pagado que se pueda desconocer.",
        "There is no paid card charge to charge back.",
        param,
    )
