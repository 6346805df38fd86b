"""conekta-mcp sandbox"""

import json
import socket
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from tests.cli.conftest import Run
from tests.journeys.processes import Listening, cold_listening, finished

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


def ask(server: Listening, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "Bearer key_shop"}
    answered = httpx.request(method, server.url + path, json=body, headers=headers, trust_env=False)
    return answered.raise_for_status().json()


@pytest.mark.system
def test_it_serves_conektas_api_and_its_controls_over_http() -> None:
    with cold_listening("sandbox", ready="/customers") as server:
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


@pytest.mark.system
def test_with_a_state_file_it_remembers_across_a_restart(tmp_path: Path) -> None:
    words = ("sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    with cold_listening(*words, ready="/customers") as server:
        customer = ask(server, "POST", "/customers", ANA)
    with cold_listening(*words, ready="/customers") as server:
        assert ask(server, "GET", f"/customers/{customer['id']}")["name"] == "Ana Ruiz"


@pytest.mark.system
def test_without_a_state_file_it_forgets() -> None:
    for _ in range(2):
        with cold_listening("sandbox", ready="/customers") as server:
            assert ask(server, "GET", "/customers")["data"] == []
            ask(server, "POST", "/customers", ANA)


@pytest.mark.system
def test_it_answers_late_if_asked_and_says_what_it_takes() -> None:
    with cold_listening("sandbox", "--latency", "1ms", ready="/customers") as server:
        assert ask(server, "GET", "/customers")["data"] == []
    ended = finished("sandbox", "--port", "0", "--latency", "soon")
    assert ended.returncode == 2
    assert "argument --latency: expected a time up to 60s such as 200ms or 1.5s, lognormal" in ended.stderr


@pytest.mark.system
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
    ports: list[int] = []

    def noted(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        ports.extend(one.getsockname()[1] for one in sockets)

    monkeypatch.setattr(uvicorn.Server, "run", noted)
    ended = run("sandbox", "--host", host, "--port", "0", "--language", "en")
    assert ended.code == 0
    assert f"conekta-mcp sandbox: http://{address}:{ports[0]}\n" in ended.err
    assert ("takes any key; keep it on a network you trust" in ended.err) == warned


def test_its_address_is_told_as_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        ports.append(sockets[0].getsockname()[1])

    ports: list[int] = []
    monkeypatch.setattr(uvicorn.Server, "run", leave)
    ended = run("sandbox", "--port", "0", "--json")
    assert (ended.code, json.loads(ended.out)) == (0, {"url": f"http://127.0.0.1:{ports[0]}", "state": None})


@pytest.mark.parametrize("command", ["sandbox", "serve --sandbox", "call list_customers --sandbox"])
def test_somebody_elses_database_is_left_as_it_is(command: str, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as theirs:
        theirs.execute("CREATE TABLE theirs (id)")
    theirs.close()
    before = other.read_bytes()
    ended = run(*command.split(), "--state", str(other))
    assert (ended.code, ended.out) == (2, "")
    told = "another program's database; name a file that the sandbox made, or a new one"
    assert ended.err == f"conekta-mcp: --state: {other}: {told}\n"
    assert other.read_bytes() == before


@pytest.mark.parametrize("command", ["sandbox", "serve --sandbox", "call list_customers --sandbox"])
def test_a_state_file_that_cannot_be_written_ends_it_with_a_line(command: str, run: Run) -> None:
    ended = run(*command.split(), "--state", "/proc/shop.sqlite3")
    assert (ended.code, ended.out) == (2, "")
    told = "it cannot be opened or created: let this user read and write it, and its folder"
    assert ended.err == f"conekta-mcp: --state: /proc/shop.sqlite3: {told}\n"


def test_a_port_that_is_taken_ends_it_with_a_line_before_anything_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("sandbox", "--port", str(port))
    told = f"cannot listen on 127.0.0.1:{port}: it is in use; choose another one, or 0 for one that is free"
    assert (ended.code, ended.out, ended.err) == (1, "", f"conekta-mcp: --port: {told}\n")
