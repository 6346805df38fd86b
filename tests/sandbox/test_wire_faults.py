"""Faults over a real socket: what the caller sees, and what was applied all the same."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from conekta_mcp.sandbox.running import RunningSandbox

pytest_plugins = ["conekta_mcp.sandbox.pytest_plugin"]

NEW = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
CUTS = (httpx.RemoteProtocolError, httpx.ReadError)


@pytest.fixture
def client(conekta_sandbox: RunningSandbox, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer key_{abs(hash(request.node.name))}"}
    with httpx.Client(base_url=conekta_sandbox.url, headers=headers, trust_env=False) as opened:
        yield opened


def expect(client: httpx.Client, **fault: Any) -> None:
    client.post("/_sandbox/faults", json={**fault, "method": "POST"}).raise_for_status()


def customers(client: httpx.Client) -> int:
    return len(client.get("/customers").json()["data"])


@pytest.mark.parametrize(("cut", "applied"), [("before", 0), ("after", 1)])
def test_a_cut_before_or_after_it_is_applied_leaves_not_a_byte(
    cut: str, applied: int, client: httpx.Client
) -> None:
    expect(client, cut=cut)
    with pytest.raises(CUTS) as caught, client.stream("POST", "/customers", json=NEW):
        pytest.fail("an answer began")
    assert "incomplete" not in str(caught.value)
    assert customers(client) == applied


def test_a_cut_in_the_middle_leaves_half_an_answer(client: httpx.Client) -> None:
    expect(client, cut="during")
    with client.stream("POST", "/customers", json=NEW) as answer:
        promised = int(answer.headers["content-length"])
        pieces = answer.iter_raw()
        came = next(pieces)
        with pytest.raises(CUTS):
            next(pieces)
    assert (answer.status_code, len(came), came[:14]) == (200, promised // 2, b'{"livemode":fa')
    assert customers(client) == 1


@pytest.mark.parametrize(("delay", "at_once"), [({}, 0), ({"delay": "before"}, 0), ({"delay": "after"}, 1)])
def test_a_caller_who_left_has_it_applied_all_the_same(
    delay: dict[str, str], at_once: int, client: httpx.Client
) -> None:
    expect(client, delay_seconds=2.5, **delay)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/customers", json=NEW, timeout=0.5)
    assert customers(client) == at_once
    until = time.monotonic() + 60
    while customers(client) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    assert customers(client) == 1


@pytest.mark.parametrize(("apply", "applied"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_comes_before_it_is_applied_or_after(
    status: int, apply: bool, applied: int, client: httpx.Client
) -> None:
    expect(client, status=status, apply=apply)
    answer = client.post("/customers", json=NEW)
    assert (answer.status_code, answer.json()["type"], customers(client)) == (status, "api_error", applied)


def test_garbage_comes_after_it_was_applied(client: httpx.Client) -> None:
    expect(client, body="<html>", apply=True)
    answer = client.post("/customers", json=NEW)
    assert (answer.status_code, answer.content, customers(client)) == (200, b"<html>", 1)


def test_a_fault_strikes_as_often_as_asked_and_where_asked(client: httpx.Client) -> None:
    expect(client, cut="before", count=2, path_prefix="/customers")
    assert client.post("/orders", json={}).status_code == 422
    assert customers(client) == 0
    for _ in range(2):
        with pytest.raises(CUTS):
            client.post("/customers", json=NEW)
    assert client.post("/customers", json=NEW).status_code == 200
    assert customers(client) == 1


def test_a_late_answer_is_a_whole_one(client: httpx.Client) -> None:
    expect(client, delay_seconds=0.05, delay="after", headers={"X-Slow": "yes"})
    answer = client.post("/customers", json=NEW)
    assert (answer.status_code, answer.headers["x-slow"], answer.json()["name"]) == (200, "yes", "Ana Ruiz")
