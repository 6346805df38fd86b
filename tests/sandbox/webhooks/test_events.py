"""/events and their delivery to a real receiver on loopback."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.core.keys import authenticate_caller
from conekta_mcp.sandbox.running import serve_sandbox
from conekta_mcp.sandbox.webhooks.emit import emit_event
from conekta_mcp.sandbox.webhooks.event_names import SUBSCRIBABLE_EVENTS
from conekta_mcp.sandbox.webhooks.webhook_sender import WebhookSender
from tests.sandbox.conftest import START
from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.webhooks.receiver import Receiver, receiving

PLAN = {"id": "gold", "object": "plan", "amount": 50000}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def account(ledger: Ledger) -> Account:
    return authenticate_caller(ledger, "Bearer key_shop")


def hook(shop: Shop, receiver: Receiver, *names: str, path: str = "/hook") -> Any:
    wanted = {"subscribed_events": list(names)} if names else {}
    return shop.post("/webhooks", {"url": receiver.url + path, **wanted})


def deliver(shop: Shop) -> Any:
    return shop.post("/_sandbox/webhooks/deliver")


def say(account: Account, name: str, thing: Any = PLAN, previous: Any = None) -> None:
    with account.ledger.transaction():
        emit_event(account, name, thing, previous)


def test_an_event_reaches_its_webhook_signed_over_the_very_bytes(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    key = shop.post("/webhook_keys")
    webhook = hook(shop, receiver, "plan.updated", path="/hook?shop=1")
    say(account, "plan.updated", PLAN, {"amount": 40000})
    report = deliver(shop)
    received = receiver.next()
    assert (received.path, received.headers["Content-Type"]) == ("/hook?shop=1", "application/json")
    assert received.signed_by(key["public_key"])
    event = received.event
    (log,) = event["webhook_logs"]
    assert event == {
        "data": {"object": PLAN, "previous_attributes": {"amount": 40000}},
        "livemode": False,
        "webhook_status": "pending",
        "webhook_logs": [
            {
                "id": log["id"],
                "url": webhook["url"],
                "failed_attempts": 0,
                "last_http_response_status": -1,
                "object": "webhook_log",
                "last_attempted_at": 0,
                "response_data": {},
            }
        ],
        "id": event["id"],
        "object": "event",
        "type": "plan.updated",
        "created_at": START,
    }
    assert re.fullmatch("[0-9a-f]{24}", event["id"])
    assert re.fullmatch("webhl_[0-9A-Za-z]{17}", log["id"])
    done = {**log, "last_http_response_status": 200, "last_attempted_at": START}
    kept = {**event, "webhook_status": "successful", "webhook_logs": [done]}
    assert shop.get(f"/events/{event['id']}") == kept
    assert shop.get("/events", search="plan.upd")["data"] == [kept]
    assert shop.get("/events", search="gold")["data"] == [kept]
    assert report == {
        "object": "list",
        "waiting": 0,
        "total": 1,
        "data": [
            {
                "object": "sandbox_delivery",
                "id": report["data"][0]["id"],
                "event_id": event["id"],
                "type": "plan.updated",
                "webhook_id": webhook["id"],
                "status": "delivered",
                "http_status": 200,
                "at": START,
            }
        ],
    }
    assert deliver(shop) == {"object": "list", "waiting": 0, "total": 0, "data": []}


def test_the_newest_active_key_signs_and_without_one_nothing_is_signed(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    hook(shop, receiver, "plan.created")
    say(account, "plan.created")
    deliver(shop)
    assert "Digest" not in receiver.next().headers
    older, newer = shop.post("/webhook_keys"), shop.post("/webhook_keys")
    say(account, "plan.created")
    deliver(shop)
    received = receiver.next()
    assert (received.signed_by(older["public_key"]), received.signed_by(newer["public_key"])) == (False, True)
    shop.put(f"/webhook_keys/{newer['id']}", {"active": False})
    say(account, "plan.created")
    deliver(shop)
    assert receiver.next().signed_by(older["public_key"])
    shop.delete(f"/webhook_keys/{older['id']}")
    say(account, "plan.created")
    deliver(shop)
    assert "Digest" not in receiver.next().headers


def test_a_500_is_retried_when_the_clock_has_moved_and_a_200_ends_it(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    webhook = hook(shop, receiver, "plan.created")
    receiver.answers = [(500, b"oops"), (302, b"[]"), (200, b'{"ok": true}')]
    say(account, "plan.created")
    assert deliver(shop)["waiting"] == 1
    shop.advance(59)
    assert deliver(shop)["data"] == []
    (event,) = shop.get("/events", search="plan.created")["data"]
    assert (event["webhook_status"], event["webhook_logs"][0]["failed_attempts"]) == ("failing", 1)
    assert event["webhook_logs"][0]["last_http_response_status"] == 500
    assert shop.get(f"/webhooks/{webhook['id']}")["status"] == "intermittent_errors"
    shop.advance(1)
    assert [attempt["http_status"] for attempt in deliver(shop)["data"]] == [302]
    shop.advance(119)
    assert deliver(shop)["data"] == []
    shop.advance(1)
    assert [attempt["status"] for attempt in deliver(shop)["data"]] == ["delivered"]
    log = shop.get(f"/events/{event['id']}")["webhook_logs"][0]
    assert log == {
        "id": event["webhook_logs"][0]["id"],
        "url": webhook["url"],
        "failed_attempts": 2,
        "last_http_response_status": 200,
        "object": "webhook_log",
        "last_attempted_at": START + 180,
        "response_data": {"ok": True},
    }
    assert shop.get(f"/events/{event['id']}")["webhook_status"] == "successful"
    assert shop.get(f"/webhooks/{webhook['id']}")["status"] == "listening"
    shop.advance(10**6)
    assert deliver(shop)["data"] == []
    assert receiver.types() == ["plan.created"] * 3


def test_after_eighteen_tries_in_48_hours_only_a_person_sends_again(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    webhook = hook(shop, receiver, "plan.created")
    receiver.answers = [(503, b"")] * 19
    say(account, "plan.created")
    shop.advance(10**6)
    attempts = deliver(shop)["data"]
    waits = [later["at"] - earlier["at"] for earlier, later in pairwise(attempts)]
    assert waits == [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, *[18000] * 8]
    assert (len(attempts), attempts[-1]["at"] - START) == (18, 174660)
    (event,) = shop.get("/events", search="plan.created")["data"]
    again = {"webhooks_ids": [webhook["id"]]}
    answer = shop.post(f"/events/{event['id']}/resend", again)
    assert answer == event["webhook_logs"][0]
    assert [attempt["http_status"] for attempt in deliver(shop)["data"]] == [503]
    assert deliver(shop)["waiting"] == 0
    shop.post(f"/events/{event['id']}/resend", again)
    assert [attempt["status"] for attempt in deliver(shop)["data"]] == ["delivered"]
    assert shop.get(f"/events/{event['id']}")["webhook_logs"][0]["failed_attempts"] == 19


def test_an_event_is_sent_again_also_to_a_webhook_that_did_not_know_of_it(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    say(account, "plan.created")
    (event,) = shop.get("/events")["data"]
    assert (event["webhook_status"], event["webhook_logs"]) == ("not_applicable", [])
    one, two = (
        hook(shop, receiver, "plan.deleted", path="/1"),
        hook(shop, receiver, "plan.deleted", path="/2"),
    )
    log = shop.post(f"/events/{event['id']}/resend", {"webhooks_ids": [one["id"], two["id"]]})
    assert (log["url"], log["failed_attempts"]) == (one["url"], 0)
    assert {attempt["webhook_id"] for attempt in deliver(shop)["data"]} == {one["id"], two["id"]}
    assert [received.event["id"] for received in (receiver.next(), receiver.next())] == [event["id"]] * 2
    assert shop.get(f"/events/{event['id']}")["webhook_status"] == "successful"


def test_a_resend_that_cannot_be_is_refused(shop: Shop, account: Account, receiver: Receiver) -> None:
    say(account, "plan.created")
    resend = f"/events/{shop.get('/events')['data'][0]['id']}/resend"
    far = shop.post("/webhooks", {"url": "https://shop.example.com"})["id"]
    off = hook(shop, receiver, "plan.created")["id"]
    shop.put(f"/webhooks/{off}", {"active": False})
    wrong = "parameter_validation.webhooks_ids"
    assert shop.refusal("POST", "/events/none/resend", {}) == (404, ["resource_not_found.entity"])
    assert shop.refusal("POST", resend, {}) == (422, [f"{wrong}.missing"])
    assert shop.refusal("POST", resend, {"webhooks_ids": []}) == (422, [f"{wrong}.missing"])
    assert shop.refusal("POST", resend, {"webhooks_ids": "x"}) == (422, [f"{wrong}.invalid_datatype"])
    assert shop.refusal("POST", resend, {"webhooks_ids": ["x"]}) == (404, ["resource_not_found.entity"])
    for webhook in (far, off):
        assert shop.refusal("POST", resend, {"webhooks_ids": [webhook]}) == (422, [f"{wrong}.invalid"])
    assert deliver(shop)["waiting"] == 0


def test_a_ping_goes_to_one_webhook_whatever_it_is_subscribed_to(shop: Shop, receiver: Receiver) -> None:
    webhook = hook(shop, receiver, "order.paid")
    hook(shop, receiver, "webhook_ping", path="/other")
    assert shop.post(f"/webhooks/{webhook['id']}/test") == webhook
    assert [attempt["type"] for attempt in deliver(shop)["data"]] == ["webhook_ping"]
    received = receiver.next()
    assert (received.path, received.event["data"]) == ("/hook", {"action": "ping", "livemode": False})
    assert shop.refusal("POST", f"/webhooks/{webhook['id']}/test", {"a": 1})[0] == 422


def test_only_loopback_is_ever_called(shop: Shop, account: Account) -> None:
    for url in ("https://shop.example.com", "http://10.0.0.1/", "http://127.0.0.1.example.com/"):
        shop.post("/webhooks", {"url": url})
    say(account, "plan.created")
    assert deliver(shop) == {"object": "list", "waiting": 0, "total": 0, "data": []}
    assert {event["webhook_status"] for event in shop.get("/events")["data"]} == {"not_applicable"}


def test_localhost_is_called_with_the_user_and_password_of_the_address(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    port = receiver.url.rpartition(":")[2]
    shop.post(
        "/webhooks", {"url": f"http://eva:p%40ss@localhost:{port}", "subscribed_events": ["plan.created"]}
    )
    say(account, "plan.created")
    deliver(shop)
    received = receiver.next()
    assert (received.path, received.headers["Authorization"]) == ("/", "Basic ZXZhOnBAc3M=")


def test_a_webhook_switched_off_changed_or_deleted_while_something_waits(
    shop: Shop, account: Account, receiver: Receiver
) -> None:
    gone, off, moved = (hook(shop, receiver, "plan.created", path=f"/{name}") for name in ("a", "b", "c"))
    receiver.answers = [(500, b"")] * 3
    say(account, "plan.created")
    assert len(deliver(shop)["data"]) == 3
    shop.delete(f"/webhooks/{gone['id']}")
    shop.put(f"/webhooks/{off['id']}", {"active": False})
    shop.put(f"/webhooks/{moved['id']}", {"url": receiver.url + "/d"})
    shop.advance(60)
    report = deliver(shop)
    assert ([attempt["webhook_id"] for attempt in report["data"]], report["waiting"]) == ([moved["id"]], 0)
    (event,) = shop.get("/events", search="plan.created")["data"]
    logs = [(log["url"].rpartition("/")[2], log["failed_attempts"]) for log in event["webhook_logs"]]
    assert (logs, event["webhook_status"]) == ([("a", 1), ("b", 1), ("d", 1)], "failing")


def test_nobody_there_and_garbage_count_as_no_answer(shop: Shop, account: Account) -> None:
    def speak_no_http() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.recv(65536)
            caller.sendall(b"HTTP/9.9 what\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for port in (nobody, listener.getsockname()[1]):
            url = f"http://127.0.0.1:{port}/"
            shop.post("/webhooks", {"url": url, "subscribed_events": ["plan.created"]})
        thread = threading.Thread(target=speak_no_http)
        thread.start()
        say(account, "plan.created")
        assert [attempt["http_status"] for attempt in deliver(shop)["data"]] == [-1, -1]
        thread.join()


def test_a_silent_webhook_is_given_up_and_holds_nobody_up(ledger: Ledger, receiver: Receiver) -> None:
    shop = Shop(ledger)
    shop.http = TestClient(
        create_sandbox(ledger, WebhookSender(ledger, patience=0.05)),
        headers={"Authorization": "Bearer key_shop"},
    )
    receiver.hold = threading.Event()
    webhook = hook(shop, receiver, "webhook_ping")
    shop.post(f"/webhooks/{webhook['id']}/test")
    assert receiver.next().event["type"] == "webhook_ping"
    assert [attempt["http_status"] for attempt in deliver(shop)["data"]] == [-1]


def test_the_api_answers_while_a_webhook_thinks_and_the_webhook_may_ask_back(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.hold = threading.Event()
    webhook = hook(shop, receiver, "webhook_ping")
    shop.post(f"/webhooks/{webhook['id']}/test")
    event = receiver.next().event
    assert shop.get(f"/events/{event['id']}")["webhook_status"] == "pending"
    receiver.hold.set()
    assert [attempt["status"] for attempt in deliver(shop)["data"]] == ["delivered"]


def test_a_ledger_closed_on_the_way_is_no_accident(receiver: Receiver, open_shop: OpenShop) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = open_shop(ledger)
    receiver.hold = threading.Event()
    shop.post(f"/webhooks/{hook(shop, receiver, 'order.paid')['id']}/test")
    receiver.next()
    (walking,) = [thread for thread in threading.enumerate() if "_deliver" in thread.name]
    ledger.close()
    receiver.hold.set()
    walking.join(10)
    assert not walking.is_alive()


def test_a_reset_on_the_way_leaves_no_trace(shop: Shop, receiver: Receiver) -> None:
    receiver.hold = threading.Event()
    shop.post(f"/webhooks/{hook(shop, receiver, 'order.paid')['id']}/test")
    receiver.next()
    shop.post("/_sandbox/reset")
    receiver.hold.set()
    assert deliver(shop) == {"object": "list", "waiting": 0, "total": 0, "data": []}
    assert shop.get("/events")["data"] == shop.get("/webhooks")["data"] == []


@pytest.mark.parametrize(
    "said",
    [
        b"no json",
        b"[1]",
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b"[" * 60_000,
        b"{%s}" % b",".join(b'"%d":1' % n for n in range(101)),
    ],
)
def test_an_answer_that_is_no_small_object_is_not_kept(shop: Shop, receiver: Receiver, said: bytes) -> None:
    receiver.answers = [(200, said)]
    shop.post(f"/webhooks/{hook(shop, receiver, 'order.paid')['id']}/test")
    assert [attempt["status"] for attempt in deliver(shop)["data"]] == ["delivered"]
    (event,) = shop.get("/events", search="webhook_ping")["data"]
    assert event["webhook_logs"][0]["response_data"] == {}


def test_tls_on_loopback_needs_no_trusted_certificate(shop: Shop, certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with receiving("https", lambda plain: context.wrap_socket(plain, server_side=True)) as receiver:
        shop.post(f"/webhooks/{hook(shop, receiver, 'order.paid')['id']}/test")
        assert [attempt["http_status"] for attempt in deliver(shop)["data"]] == [200]


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = builder.not_valid_before(now).not_valid_after(now + timedelta(1)).sign(key, hashes.SHA256())
    (tmp_path / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(private)
    return tmp_path / "cert.pem", tmp_path / "key.pem"


def test_events_are_paged_newest_first_and_not_filtered_by_type(shop: Shop, account: Account) -> None:
    for name in ("plan.created", "plan.updated", "plan.deleted"):
        say(account, name)
    page = shop.get("/events", limit=2, type="plan.created")
    assert [event["type"] for event in page["data"]] == ["plan.deleted", "plan.updated"]
    assert page["has_more"] is True
    rest = shop.http.get(page["next_page_url"]).json()
    assert [event["type"] for event in rest["data"]] == ["plan.created"]


def test_a_snapshot_does_not_change_with_its_thing(shop: Shop, account: Account) -> None:
    plan = {"id": "gold", "object": "plan", "lines": [1]}
    say(account, "plan.created", plan)
    plan["lines"].append(2)
    assert shop.get("/events")["data"][0]["data"]["object"] == {"id": "gold", "object": "plan", "lines": [1]}


def test_what_is_refused_did_not_happen(shop: Shop, receiver: Receiver) -> None:
    hook(shop, receiver)
    assert shop.refusal("POST", "/webhooks", {"url": "no"})[0] == 422
    assert [event["type"] for event in shop.get("/events")["data"]] == ["webhook.created"]
    assert deliver(shop)["data"] == []


def test_the_delivery_control_wants_a_key(ledger: Ledger) -> None:
    answer = TestClient(create_sandbox(ledger)).post("/_sandbox/webhooks/deliver")
    assert (answer.status_code, answer.json()["type"]) == (401, "authentication_error")


def test_served_over_http_retries_come_with_time_alone(receiver: Receiver) -> None:
    now = [START]
    ledger = Ledger(clock=lambda: now[0], seed=1)
    with serve_sandbox(ledger) as running:
        shop = Shop(ledger)
        receiver.answers = [(500, b"")]
        shop.post(f"/webhooks/{hook(shop, receiver, 'order.paid')['id']}/test")
        assert receiver.next().event["webhook_logs"][0]["failed_attempts"] == 0
        assert deliver(shop)["waiting"] == 1
        now[0] += 60
        assert receiver.next().event["webhook_logs"][0]["failed_attempts"] == 1
        assert running.url.startswith("http://127.0.0.1:")
    ledger.close()


def test_every_name_the_sandbox_says_can_be_subscribed_to() -> None:
    package = Path(__file__).parents[3] / "conekta_mcp" / "sandbox"
    said = {
        name
        for module in package.rglob("*.py")
        for name in re.findall(r'emit_event\(\s*[\w.]+,\s*"([^"]+)"', module.read_text(encoding="utf-8"))
    }
    assert {"webhook.created", "webhook.updated", "webhook.deleted"} <= said <= set(SUBSCRIBABLE_EVENTS)
