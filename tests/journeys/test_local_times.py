"""The merchant's time in what a client is answered: through stdio, by the flags of the process."""

import json
from typing import Any

import pytest

from tests.journeys.clients import over_stdio
from tests.journeys.processes import stdio_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CASH = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
    "payment_method": "cash",
}


async def create_cash_order(*flags: str) -> tuple[dict[str, Any], str]:
    """Give the answer for an order that Conekta ends at 00:00 UTC, and the instructions of the server."""
    async with over_stdio(stdio_server("--sandbox", "--store", "memory", *flags)) as client:
        told = await client.call_tool("create_order", CASH)
        assert not told.is_error, told
        assert isinstance(told.structured_content, dict)
        return told.structured_content, client.instructions or ""


@pytest.mark.parametrize(
    ("flags", "hour", "offset"),
    [
        ((), "18:00 (Ciudad de México)", "T18:00:00-06:00"),
        (("--language", "en"), "18:00 (Mexico City)", "T18:00:00-06:00"),
        (("--timezone", "America/Cancun"), "19:00 (Cancún)", "T19:00:00-05:00"),
    ],
)
async def test_the_expiry_of_cash_is_told_in_the_merchants_time(
    flags: tuple[str, ...], hour: str, offset: str
) -> None:
    order, instructions = await create_cash_order(*flags)
    assert order["expires_at_text"].endswith(f", {hour}")
    assert order["expires_at_iso"].endswith(offset)
    assert "Z" not in order["expires_at_text"] + order["expires_at_iso"]
    assert order["expires_at"] % 86_400 == 0
    assert (flags[1] if "--timezone" in flags else "America/Mexico_City") in instructions
    assert '00Z"' not in json.dumps(order)


async def test_until_when_a_clabe_can_be_paid_is_told() -> None:
    """Conekta writes this time as a text, that of a cash reference as a number."""
    until = {"expires_at": 1_900_000_000, "expires_at_text": "17 mar 2030, 11:46 (Ciudad de México)"}
    person = {name: CASH[name] for name in ("name", "email", "phone")}
    async with over_stdio(stdio_server("--sandbox", "--store", "memory", "--toolsets", "all")) as client:
        who = (await client.call_tool("create_customer", person)).structured_content or {}
        given = {"customer_id": who["id"], "expires_at": until["expires_at"]}
        made = (await client.call_tool("add_spei_recurrent_source", given)).structured_content or {}
        later = {"customer_id": who["id"], "payment_source_id": made["id"], "expires_at": 1_900_000_060}
        changed = (await client.call_tool("update_payment_source", later)).structured_content or {}
        listed = await client.call_tool("list_payment_sources", {"customer_id": who["id"]})
    assert {name: made.get(name) for name in until} == until
    assert changed["expires_at"] == 1_900_000_060
    assert "expires_at_text" in (listed.structured_content or {})["columns"]
