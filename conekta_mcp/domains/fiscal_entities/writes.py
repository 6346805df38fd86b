"""Fiscal entities: added and changed."""

from collections.abc import Mapping

from conekta_mcp.domains.customers.children import added, changed_child
from conekta_mcp.domains.fiscal_entities.tools import add_fiscal_entity, update_fiscal_entity
from conekta_mcp.effects.write_plan import Handling

HANDLINGS: Mapping[str, Handling] = {
    add_fiscal_entity.name: added(add_fiscal_entity, "fiscal_entities", "datos fiscales", "fiscal data"),
    update_fiscal_entity.name: changed_child(
        update_fiscal_entity, "fiscal_entities", "fiscal_entity_id", ("los datos fiscales", "the fiscal data")
    ),
}
