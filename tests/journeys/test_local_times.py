"""The merchant's time in what a client is answered: through stdio, by the flags of the process."""

import json
from typing import Any

import pytest

from tests.journeys.clients import over_stdio
from tests.journeys.processes import stdio_server

pytestmark = pytest.mark.anyio
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
