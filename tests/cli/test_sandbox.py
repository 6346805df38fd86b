"""conekta-mcp sandbox"""

from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from tests.cli.conftest import Run
from tests.journeys.processes import Listening, finished, listening

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


def ask(server: Listening, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "Bearer key_shop"}
    answered = httpx.request(method, server.url + path, json=body, headers=headers, trust_env=False)
    return answered.raise_for_status().json()


def test_it_serves_conektas_api_and_its_controls_over_http() -> None:
    with listening("sandbox", ready="/customers") as server:
        customer = ask(server, "POST", "/customers", ANA)
        order = {
            "currency": "MXN",
            "customer_info": {"customer_id": customer["id"]},
            "line_items": [{"name": "Plan", "unit_price": 50000, "quantity": 1}],
            "charges": [{"payment_method": {"type": "spei"}}],
        }
        created = ask(server, "POST", "/orders", order)
        paid = ask(server, "POST", "/_sandbox/payments", {"order_id": created["id"]})
        assert (paid["status"], paid["amount"]) == ("applied", 50000)
        assert ask(server, "GET", f"/orders/{created['id']}")["payment_status"] == "paid"
        assert server.said().startswith(f"conekta-mcp sandbox: {server.url}\n")


def test_with_a_state_file_it_remembers_across_a_restart(tmp_path: Path) -> None:
    words = ("sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    with listening(*words, ready="/customers") as server:
        customer = ask(server, "POST", "/customers", ANA)
    with listening(*words, ready="/customers") as server:
        assert ask(server, "GET", f"/customers/{customer['id']}")["name"] == "Ana Ruiz"


def test_without_a_state_file_it_forgets() -> None:
    for _ in range(2):
        with listening("sandbox", ready="/customers") as server:
            assert ask(server, "GET", "/customers")["data"] == []
            ask(server, "POST", "/customers", ANA)


def test_it_answers_late_if_asked_and_says_what_it_takes() -> None:
    with listening("sandbox", "--latency", "1ms", ready="/customers") as server:
        assert ask(server, "GET", "/customers")["data"] == []
    ended = finished("sandbox", "--port", "0", "--latency", "soon")
    assert ended.returncode == 2
    assert "argument --latency: expected a time up to 60s such as 200ms or 1.5s, lognormal" in ended.stderr


def test_a_state_file_in_no_folder_ends_it_with_2() -> None:
    ended = finished("sandbox", "--port", "0", "--state", "no/such/folder/shop.sqlite3")
    assert (ended.returncode, ended.stderr) == (
        2,
        "conekta-mcp: --state: expected a file in a folder that exists\n",
    )


@pytest.mark.parametrize(
    ("host", "address", "warned"),
    [("127.0.0.1", "127.0.0.1", False), ("::1", "[::1]", False), ("0.0.0.0", "0.0.0.0", True)],  # noqa: S104
)
def test_it_names_its_address_and_warns_beyond_this_machine(
    host: str, address: str, warned: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda _: None)
    ended = run("sandbox", "--host", host, "--port", "8123")
    assert ended.code == 0
    assert f"conekta-mcp sandbox: http://{address}:8123\n" in ended.err
    assert ("takes any key; keep it on a network you trust" in ended.err) == warned
