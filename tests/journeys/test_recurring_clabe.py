"""The journey the product is for, through real clients on every transport in both eras."""

from typing import Any

import anyio
import pytest

from conekta_mcp.cli.demonstration.journey import Journey, Step
from tests.journeys.clients import Era, answer
from tests.journeys.conftest import Connect

pytestmark = [pytest.mark.system, pytest.mark.anyio]

TRANSPORTS = ["memory", "stdio", "streamable-http", "sse"]
PROTOCOL = {"auto": "2026-07-28", "legacy": "2025-11-25"}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_customer_is_billed_twice_on_one_clabe_and_the_three_refusals_are_met(
    transport: str, era: Era, connect: Connect
) -> None:
    steps: list[Step] = []
    with anyio.fail_after(120):
        async with connect(transport, era) as client:
            assert client.protocol_version == PROTOCOL[era]

            async def call(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
                return await answer(client, tool, arguments)

            well = await Journey(call, steps.append).run()
    assert [(step.title["en"], step.well) for step in steps] == [
        ("Create the customer", True),
        ("Give her a recurring CLABE", True),
        ("Bill on that CLABE", True),
        ("Bill again on the same CLABE", True),
        ("An order with a CLABE of its own", True),
        ("The first one's payment arrives", True),
        ("Refusal: customer_id is missing", True),
        ("Refusal: no recurring CLABE", True),
        ("Refusal: the flag is not a boolean", True),
    ], steps
    assert well


async def test_a_journey_with_a_step_gone_wrong_says_so() -> None:
    steps: list[Step] = []

    async def broken(_tool: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        return {"error": {"message": "down"}}

    assert await Journey(broken, steps.append).run() is False
    assert [step.well for step in steps] == [False] * 9
