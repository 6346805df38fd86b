"""Details of refusals about captures and refunds; all codes are inferred (conekta-api.md 2.4, 5.2)."""

from conekta_mcp.sandbox.refusals.envelope import Detail


def no_authorized_charge() -> Detail:
    return Detail(
        "precondition_required.combo.order.not_pre_authorized",
        "La orden no tiene un cargo preautorizado.",
        "The order has no pre-authorized charge.",
    )


def excessive_capture(authorized: int) -> Detail:
    return Detail(
        "parameter_validation.amount.invalid",
        f"El monto no puede ser mayor al preautorizado ({authorized}).",
        f"The amount cannot be more than the authorized one ({authorized}).",
        "amount",
    )


def unrefundable_order() -> Detail:
    """Describe an order with nothing paid, nothing left, or a part that still waits for its payer."""
    return Detail(
        "processing.refund.order_not_refundable",
        "La orden no se puede reembolsar en su estado actual.",
        "The order cannot be refunded in its current state.",
    )


def excessive_refund(remaining: int) -> Detail:
    return Detail(
        "parameter_validation.amount.invalid",
        f"El monto no puede ser mayor a lo que queda por reembolsar ({remaining}).",
        f"The amount cannot be more than what remains to be refunded ({remaining}).",
        "amount",
    )


def closed_refund(status: str) -> Detail:
    return Detail(
        "processing.refund.not_pending",
        f"El reembolso ya no está pendiente ({status}).",
        f"The refund is not pending ({status}).",
    )
