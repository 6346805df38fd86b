"""The customer portal's address: shown and created."""

from collections.abc import Mapping

from conekta_mcp.domains.subscriptions.portal_tools import create_customer_portal, get_customer_portal
from conekta_mcp.effects.question_text import asking
from conekta_mcp.effects.state_reading import (
    if_there,
    looking,
    reading,
)
from conekta_mcp.effects.verify_object import (
    Proving,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling

PORTAL = if_there(reading(get_customer_portal, "subscription_id"))


def _portal_there() -> Proving:
    return on_object(
        PORTAL,
        lambda _, portal, __: proof_of("applied" if portal else "not_applied", portal),
        looking(get_customer_portal, "subscription_id"),
    )


HANDLINGS: Mapping[str, Handling] = {
    get_customer_portal.name: Handling(
        subject="subscription_id",
        said=asking(
            "¿Mostrar la dirección con la que se maneja la suscripción {subscription_id}?",
            "Show the address by which the subscription {subscription_id} is run?",
        ),
    ),
    create_customer_portal.name: Handling(
        subject="subscription_id",
        said=asking(
            "¿Hacer la página con la que se maneja la suscripción {subscription_id}?",
            "Make the page by which the subscription {subscription_id} is run?",
        ),
        proof=_portal_there(),
    ),
}
