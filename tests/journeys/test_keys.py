"""The key of a stdio server: none, with stray white space, and one that cannot be a key."""

import anyio
import httpx
import pytest
from mcp.types import ResourceTemplateReference

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, answer, over_stdio
from tests.journeys.processes import finished, stdio_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]

NOT_CONFIGURED = {
    "type": "configuration_error",
    "code": "conekta_mcp.errors.not_configured",
    "message": "Falta la llave de Conekta: corre conekta-mcp login, o prueba con --sandbox.",
    "debug_message": "No Conekta key: run conekta-mcp login, or use --sandbox to try without an account.",
    "retryable": False,
    "hint": "Nothing was sent. Ask the person who runs this server to run conekta-mcp login.",
}


async def test_without_a_key_the_tools_are_listed_and_a_call_says_what_to_set(era: Era) -> None:
    with anyio.fail_after(120):
        async with over_stdio(stdio_server(), era) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert len(names) == 18
            assert "simulate_payment" not in names
            assert "No key is set yet" in (client.instructions or "")
            reading = await client.call_tool("list_customers", {})
            assert (reading.is_error, reading.structured_content) == (True, {"error": NOT_CONFIGURED})
            writing = await client.call_tool("cancel_order", {"order_id": "ord_1"})
            expected = {"error": {**NOT_CONFIGURED, "outcome": "not_applied"}}
            assert (writing.is_error, writing.structured_content) == (True, expected)
            assert (await client.list_resources()).resources == []
            template = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
            typed = await client.complete(template, {"name": "customer_id", "value": "a"})
            assert typed.completion.values == []


@pytest.mark.parametrize("spelled", ["{key}\n", " {key}", "\r\n{key}\r\n", "\t{key} "])
async def test_stray_white_space_around_the_key_is_taken_off(
    spelled: str, conekta: RunningSandbox, key: str
) -> None:
    server = stdio_server(CONEKTA_API_KEY=spelled.format(key=key), CONEKTA_BASE_URL=conekta.url)
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
    with anyio.fail_after(120):
        async with over_stdio(server) as client:
            created = await answer(client, "create_customer", person)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
            known = (await http.get(f"{conekta.url}/customers/{created['id']}")).json()
    assert known["name"] == "Ana Ruiz"


@pytest.mark.parametrize(
    "spelled", ["key_SECRET1 key_SECRET2", "key_SECRET\nX-Evil: 1", "SECRET", "key_SÉCRET"]
)
def test_what_cannot_be_a_key_ends_the_server_with_2_and_is_not_repeated(spelled: str) -> None:
    ended = finished("serve", CONEKTA_API_KEY=spelled)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "conekta-mcp: CONEKTA_API_KEY: expected a private key of Conekta: key_ and then letters and digits, "
        "on one line\n"
    )
