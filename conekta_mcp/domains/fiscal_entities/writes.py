"""Plans of the writes on fiscal entities."""

from collections.abc import Mapping

from conekta_mcp.domains.customers.children import plan_addition, plan_child_change
from conekta_mcp.domains.fiscal_entities.tools import add_fiscal_entity, update_fiscal_entity
from conekta_mcp.effects.write_plan import WritePlan

WRITE_PLANS: Mapping[str, WritePlan] = {
    add_fiscal_entity.name: plan_addition(
        add_fiscal_entity, "fiscal_entities", "datos fiscales", "fiscal data", {}, is_reversible=False
    ),
    update_fiscal_entity.name: plan_child_change(
        update_fiscal_entity,
        "fiscal_entities",
        "fiscal_entity_id",
        ("los datos fiscales", "the fiscal data"),
        # Invoices, with what was bought, are sent there.
        destination_fields=("email", "phone"),
    ),
}
