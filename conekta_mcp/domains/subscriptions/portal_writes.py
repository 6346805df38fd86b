"""The address of the customer portal: read and created."""

from collections.abc import Mapping

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.subscriptions.portal_tools import create_customer_portal, get_customer_portal
from conekta_mcp.effects.answer_check import IfShown, expect_answer
from conekta_mcp.effects.question_text import build_question
from conekta_mcp.effects.state_reading import (
    allow_missing,
    create_lookup,
    create_reader,
)
from conekta_mcp.effects.verify_object import (
    Verifier,
    build_verification,
    verify_object,
)
from conekta_mcp.effects.write_plan import WritePlan

READ_PORTAL = allow_missing(create_reader(get_customer_portal, "subscription_id"))


def _verify_portal() -> Verifier:
    return verify_object(
        READ_PORTAL,
        lambda _, portal, __: build_verification("applied" if portal else "not_applied", portal),
        create_lookup(get_customer_portal, "subscription_id"),
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    get_customer_portal.name: WritePlan(
        kind=EffectKind.SECRET,
        is_reversible=False,
        subject="subscription_id",
        question=build_question(
            "¿Mostrar la dirección con la que se maneja la suscripción {subscription_id}?",
            "Show the address by which the subscription {subscription_id} is run?",
        ),
    ),
    create_customer_portal.name: WritePlan(
        kind=EffectKind.SECRET,
        is_reversible=False,
        subject="subscription_id",
        question=build_question(
            "¿Hacer la página con la que se maneja la suscripción {subscription_id}?",
            "Make the page by which the subscription {subscription_id} is run?",
        ),
        verifier=_verify_portal(),
        # The address is a key to the subscription: of another one it would be in the wrong hands.
        expect_answer=expect_answer(
            create_customer_portal,
            more=lambda arguments, _: {"subscription": IfShown({"id": IfShown(arguments.subscription_id)})},
        ),
    ),
}
