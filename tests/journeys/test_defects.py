"""A defect of ours is an answer too: it tells nothing of the inside, and the server goes on."""

import logging

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era

pytestmark = [pytest.mark.system, pytest.mark.anyio]

INTERNAL = {
    "type": "internal_error",
    "code": "conekta_mcp.errors.crashed",
    "message": "Falló algo en este servidor.",
    "debug_message": "Something failed inside this server; its log says what.",
    "retryable": False,
}


@pytest.mark.parametrize(
    ("tool", "arguments", "more"),
    [
        ("list_customers", {}, {}),
        (
            "cancel_order",
            {"order_id": "ord_1"},
            {
                "outcome": "unknown",
                "hint": "Whether this was applied is not known. Do not repeat it before looking: get_order.",
            },
        ),
    ],
)
async def test_a_crash_is_an_answer_without_its_text(
    tool: str, arguments: dict[str, str], more: dict[str, str], era: Era, caplog: pytest.LogCaptureFixture
) -> None:
    crashes = [KeyError("card of key_SECRET")]

    def upstream(_: httpx.Request) -> httpx.Response:
        if crashes:
            raise crashes.pop()
        return httpx.Response(200, json={"object": "list", "data": []})

    app = App(Settings(api_key="key_test"), transport=lambda: httpx.MockTransport(upstream))
    with anyio.fail_after(120), caplog.at_level(logging.ERROR):
        async with Client(app.server, mode=era) as client:
            crashed = await client.call_tool(tool, arguments)
            assert not (await client.call_tool("list_customers", {})).is_error
    await app.close()
    assert (crashed.is_error, crashed.structured_content) == (True, {"error": {**INTERNAL, **more}})
    assert "SECRET" not in crashed.model_dump_json()
    assert f"{tool} failed by a defect" in caplog.text
