"""A question tells every term that costs the merchant money or opens an account."""

from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.policy.policy import find_consent_reason
from tests.effects.world import TOOLS

LINK = {
    "name": "Curso",
    "line_items": [{"name": "Curso", "unit_price": 50_000, "quantity": 1}],
    "expires_at": 1_900_000_000,
}
PLAN = {"name": "Oro", "amount": 9_900, "interval": "month"}
GOLD = {"id": "gold", "name": "Oro", "amount": 9_900, "currency": "MXN", "interval": "month"}
CLABE = "646180111802000138"
USERS = ["eva@example.com", "ana@example.com"]
NOBODY: dict[str, Any] = {"customer": {}, "plans": []}


@pytest.mark.parametrize(
    ("tool", "given", "state", "spanish", "english"),
    [
        ("create_plan", PLAN, None, ", sin fecha de término?", ", without end?"),
        ("create_plan", {**PLAN, "trial_period_days": 0}, None, "término?", "without end?"),
        (
            "create_plan",
            {**PLAN, "trial_period_days": 1},
            None,
            ", con 1 día de prueba?",
            ", with 1 day of trial?",
        ),
        (
            "create_plan",
            {**PLAN, "expiry_count": 3, "trial_period_days": 3650},
            None,
            ", 3 veces cuando mucho, con 3650 días de prueba?",
            ", 3 times at most, with 3650 days of trial?",
        ),
        (
            "update_plan",
            {"plan_id": "gold", "expiry_count": 1},
            GOLD,
            ": 1 cobro en total?",
            ": 1 charge in all?",
        ),
        (
            "create_payment_link",
            {**LINK, "monthly_installments_options": [3, 12, 6]},
            NOBODY,
            ", hasta en 12 meses?",
            ", over up to 12 months?",
        ),
        (
            "create_payment_link",
            {**LINK, "monthly_installments_options": [3], "on_demand_enabled": True},
            NOBODY,
            ", hasta en 3 meses, guardando la tarjeta para cobrarle después cualquier importe?",
            ", over up to 3 months, keeping the card to charge it any sum later?",
        ),
        (
            "create_company",
            {"name": "Prueba SA", "users": USERS},
            None,
            ", con acceso para «eva@example.com» «ana@example.com», que no se puede borrar?",
            ", with access for «eva@example.com» «ana@example.com», which cannot be deleted?",
        ),
        (
            "create_company",
            {"name": "Prueba SA", "clabe": CLABE, "users": USERS[:1]},
            None,
            " que termina en 0138, con acceso para «eva@example.com», que no se puede borrar?",
            " that ends in 0138, with access for «eva@example.com», which cannot be deleted?",
        ),
    ],
)
def test_the_terms_of_a_write_are_in_its_question(
    tool: str, given: Any, state: Any, spanish: str, english: str
) -> None:
    question = WRITE_HANDLERS[tool].compute_effect(TOOLS[tool].input.model_validate(given), state).question
    assert question["es"].endswith(spanish)
    assert question["en"].endswith(english)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"email": "eva@example.com"}, "destination"),
        ({"phone": "+525555555555"}, "destination"),
        ({"tax_id": "XAXX010101000"}, None),
    ],
)
def test_where_invoices_go_is_asked_about(changed: Any, reason: str | None) -> None:
    given = {"customer_id": "cus_1", "fiscal_entity_id": "fis_ent_1", **changed}
    arguments = TOOLS["update_fiscal_entity"].input.model_validate(given)
    effect = WRITE_HANDLERS["update_fiscal_entity"].compute_effect(arguments, None)
    assert find_consent_reason("money", effect) == reason
