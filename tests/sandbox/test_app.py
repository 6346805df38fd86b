"""The app as a transport: in the same process, without a socket."""

import anyio
import httpx
import pytest

from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.app import API, CONTROLS
from tests.one_test import all_in_one_test
from tests.sandbox.shop import Shop


def test_httpx_speaks_to_it_in_process_and_sees_a_cut_as_it_is(ledger: Ledger) -> None:
    async def talk() -> int:
        transport = httpx.ASGITransport(create_sandbox(ledger))
        headers = {"Authorization": "Bearer key_a"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://sandbox", headers=headers
        ) as client:
            await client.post("/_sandbox/faults", json={"cut": "after"})
            with pytest.raises(ConnectionResetError):
                await client.get("/customers")
            return (await client.get("/customers")).status_code

    assert anyio.run(talk) == 200


CONTROL_ROUTES = """
/_sandbox/cards POST
/_sandbox/chargebacks POST
/_sandbox/chargebacks/{id}/resolve POST
/_sandbox/checkouts/{id}/payments POST
/_sandbox/clock GET POST
/_sandbox/faults DELETE GET POST
/_sandbox/payments POST
/_sandbox/payouts/{id}/pay POST
/_sandbox/refunds/{id}/collect POST
/_sandbox/requests GET
/_sandbox/reset POST
/_sandbox/tokens/{id}/card POST
/_sandbox/transfers POST
/_sandbox/webhooks/deliver POST
"""


def routes(table: str) -> list[tuple[str, str]]:
    """Return path and method of every route in a table of paths with their methods."""
    rows = [row.split() for row in table.strip().splitlines()]
    return [(path, method) for path, *methods in rows for method in methods]


def test_its_controls_are_these() -> None:
    assert sorted((endpoint.path, endpoint.method) for endpoint in CONTROLS) == routes(CONTROL_ROUTES)
    assert all(endpoint.path.startswith("/_sandbox/") for endpoint in CONTROLS)


@all_in_one_test("endpoint", [*API, *CONTROLS], lambda endpoint: " ".join(endpoint[:2]))
def test_no_route_answers_without_a_key(shop: Shop, endpoint: tuple[str, str]) -> None:
    answer = shop.http.request(endpoint[0], endpoint[1], headers={"Authorization": ""})
    assert answer.status_code == 401
