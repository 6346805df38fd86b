"""What a client is told on connecting, in both eras over stdio."""

import anyio
import pytest

from conekta_mcp import __version__
from tests.journeys.clients import Era, over_stdio
from tests.journeys.conftest import Connect
from tests.journeys.processes import stdio_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]


async def test_the_server_introduces_itself(era: Era) -> None:
    with anyio.fail_after(120):
        async with over_stdio(stdio_server("--sandbox"), era) as client:
            info, capabilities, said = client.server_info, client.server_capabilities, client.instructions
    assert info is not None
    assert (info.name, info.title, info.version) == ("conekta-mcp", "Conekta", __version__)
    assert capabilities.tools is not None
    assert capabilities.prompts is not None
    assert capabilities.resources is not None
    assert capabilities.completions is not None
    assert said is not None
    assert "offline SANDBOX (livemode: false)" in said
    assert "Amounts are whole centavos: 50000 is MXN 500.00." in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Messages for people are in Spanish"), ("en", "Messages for people are in English")],
)
async def test_on_a_real_account_it_says_so_and_in_which_language(language: str, said: str) -> None:
    server = stdio_server("--language", language, CONEKTA_API_KEY="key_never_sent")
    with anyio.fail_after(120):
        async with over_stdio(server) as client:
            told = client.instructions or ""
    assert "acts on a real Conekta account" in told
    assert said in told
    assert "SANDBOX" not in told
    assert "No key is set" not in told


@pytest.mark.parametrize("transport", ["memory", "stdio", "streamable-http", "sse"])
async def test_a_legacy_client_can_ping(transport: str, connect: Connect) -> None:
    with anyio.fail_after(120):
        async with connect(transport, "legacy") as client:
            with pytest.warns(UserWarning, match="ping is removed"):
                assert (await client.send_ping()).model_dump(exclude_none=True) == {}


@pytest.mark.parametrize("transport", ["stdio", "streamable-http", "sse"])
async def test_a_modern_client_discovers_what_the_server_can(transport: str, connect: Connect) -> None:
    with anyio.fail_after(120):
        async with connect(transport, "auto") as client:
            found = await client.session.discover()
    assert found.supported_versions == ["2026-07-28"]
    assert found.capabilities.tools is not None
    assert "offline SANDBOX" in (found.instructions or "")


@pytest.mark.parametrize("transport", ["memory", "stdio", "streamable-http", "sse"])
async def test_a_call_reports_its_progress_to_who_asked_for_it(
    transport: str, era: Era, connect: Connect
) -> None:
    reported: list[tuple[float, float | None, str | None]] = []

    async def report(done: float, total: float | None, message: str | None) -> None:
        reported.append((done, total, message))

    with anyio.fail_after(120):
        async with connect(transport, era) as client:
            await client.call_tool("list_customers", {}, progress_callback=report)
    assert reported == [(0, 1, "Buscar clientes"), (1, 1, "Buscar clientes")]


async def test_an_unknown_tool_is_answered_with_the_nearest_names(era: Era) -> None:
    with anyio.fail_after(120):
        async with over_stdio(stdio_server("--sandbox"), era) as client:
            result = await client.call_tool("list_custmers", {})
    assert result.is_error
    assert (result.structured_content or {})["error"]["code"] == "conekta_mcp.errors.unknown_tool"
    assert (result.structured_content or {})["error"]["hint"].startswith("Did you mean list_customers")
