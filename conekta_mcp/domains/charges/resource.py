"""A charge as an MCP resource; Conekta has no route to it, so it is searched (conekta-api.md 1.7)."""

from typing import Any

from conekta_mcp.catalog import ResourceDeclaration, Sender
from conekta_mcp.effects.reading.id_search import search_ids


async def read_charge(api: Sender, charge_id: str) -> dict[str, Any] | None:
    from conekta_mcp.domains.charges.results import FullCharge
    from conekta_mcp.domains.charges.tools import ListChargesInput, list_charges
    from conekta_mcp.results.base import get_rows

    page = await list_charges.call(api, ListChargesInput(search=charge_id))
    found = (row for row in get_rows(page) or [] if row.get("id") == charge_id)
    charge = next(found, None)
    return None if charge is None else FullCharge.curate(charge)


async def find_charges(api: Sender, typed: str) -> list[str]:
    """Return ids of charges for the start of an id, or for what Conekta's search finds."""
    from conekta_mcp.domains.charges.tools import list_charges

    return await search_ids(api, list_charges, typed, "[0-9a-f]{1,24}")


CHARGE = ResourceDeclaration(
    kind="charge",
    title="Charge",
    description="A charge: how to pay it, its status, fee, refunds and why it failed (JSON, centavos).",
    template="conekta://charges/{charge_id}",
    shapes={"charge_id": "[0-9a-f]{24}"},
    tools=("list_charges",),
    read=read_charge,
    find=find_charges,
)
