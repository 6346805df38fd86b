"""Details of refusals about plans and subscriptions (conekta-api.md 2.4, 5.2)."""

from conekta_mcp.sandbox.refusals.envelope import Detail


def duplicate_plan_id() -> Detail:
    return Detail(
        "parameter_validation.id.found",
        "El id ya existe.",
        "The id is already in use.",
        "id",
    )


def plan_in_use() -> Detail:
    """Describe a plan with live subscriptions; the code is inferred."""
    return Detail(
        "parameter_validation.plan.has_subscriptions",
        "El plan tiene suscripciones vigentes.",
        "The plan has live subscriptions.",
    )


def no_valid_card() -> Detail:
    """Describe a customer without a card to charge; the code was seen like this (conekta-api.md 2.4)."""
    return Detail(
        "processing_error",
        "El cliente no tiene una tarjeta válida.",
        "The customer does not have a valid card.",
    )


def impossible_action(action: str, status: str) -> Detail:
    """Describe an action that the status does not allow; the code is inferred (5.2)."""
    return Detail(
        "parameter_validation.subscription.status.invalid",
        f"La suscripción tiene el estado {status} y no permite {SPANISH_ACTIONS[action]}.",
        f"The subscription is {status}; it is not possible to {action} it.",
    )


SPANISH_ACTIONS = {
    "update": "cambiarla",
    "cancel": "cancelarla",
    "pause": "pausarla",
    "resume": "reanudarla",
    "retry": "reintentar el cobro",
}
