"""/webhooks and /webhook_keys: where events are delivered, and the keys that sign them."""

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.conftest import START
from tests.sandbox.shop import OpenShop, Shop

URL = "https://shop.example.com/hook"
NO_WEBHOOK = (404, ["resource_not_found.entity"])


def test_a_webhook_gets_every_event_unless_it_names_some(shop: Shop) -> None:
    everything = shop.post("/webhooks", {"url": URL})
    assert len(everything["subscribed_events"]) == 67
    assert {"order.pre_authorized", "charge.preauthorized", "webhook_ping"} < {
        *everything["subscribed_events"]
    }
    names = ["order.paid", "charge.chargeback.won", "order.paid"]
    some = shop.post("/webhooks", {"url": "http://user:secret@127.0.0.1:9/", "subscribed_events": names})
    assert some == {
        "id": some["id"],
        "livemode": False,
        "active": True,
        "object": "webhook",
        "status": "listening",
        "subscribed_events": ["order.paid", "charge.chargeback.won"],
        "url": "http://user:secret@127.0.0.1:9/",
    }
    assert len(some["id"]) == 24
    assert shop.get(f"/webhooks/{some['id']}") == some
    assert shop.get("/webhooks")["data"] == [some, everything]
    assert shop.get("/webhooks", search="EXAMPLE.com")["data"] == [everything]
    assert shop.get("/webhooks", url=URL)["data"] == [everything]
    assert shop.get("/webhooks", url="https://shop.example.com")["data"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "url.missing"),
        ({"url": 1}, "url.invalid_datatype"),
        ({"url": ""}, "url.invalid"),
        ({"url": "ftp://shop.example.com"}, "url.invalid"),
        ({"url": "https://"}, "url.invalid"),
        ({"url": "https:///hook"}, "url.invalid"),
        ({"url": "https://shop.example.com:0/"}, "url.invalid"),
        ({"url": "https://shop.example.com:99999/"}, "url.invalid"),
        ({"url": "https://[::1/"}, "url.invalid"),
        ({"url": "https://shop.example.com/a b"}, "url.invalid"),
        ({"url": "https://shop.example.com/ñ"}, "url.invalid"),
        ({"url": "https://shop.example.com/" + "a" * 2048}, "url.invalid"),
        ({"url": URL, "subscribed_events": "order.paid"}, "subscribed_events.invalid_datatype"),
        ({"url": URL, "subscribed_events": []}, "subscribed_events.missing"),
        ({"url": URL, "subscribed_events": [1]}, "subscribed_events.invalid_datatype"),
        ({"url": URL, "subscribed_events": ["order.payed"]}, "subscribed_events.invalid"),
        ({"url": URL, "active": False}, "whitelist"),
    ],
)
def test_a_wrong_webhook_is_refused(shop: Shop, body: object, code: str) -> None:
    assert shop.refusal("POST", "/webhooks", body) == (422, [f"parameter_validation.{code}"])
    assert shop.get("/webhooks")["data"] == shop.get("/events")["data"] == []


def test_an_eleventh_webhook_is_refused_until_one_goes(shop: Shop) -> None:
    made = [shop.post("/webhooks", {"url": f"{URL}/{number}"}) for number in range(10)]
    assert shop.refusal("POST", "/webhooks", {"url": URL}) == (422, ["parameter_validation.webhook.maximum"])
    assert shop.delete(f"/webhooks/{made[0]['id']}") == {**made[0], "active": False, "deleted": True}
    assert shop.post("/webhooks", {"url": URL})["url"] == URL


def test_a_webhook_is_changed_and_says_so(shop: Shop) -> None:
    webhook = shop.post("/webhooks", {"url": URL, "subscribed_events": ["order.paid"]})
    one = f"/webhooks/{webhook['id']}"
    change = {"url": f"{URL}/2", "subscribed_events": ["plan.created", "plan.created"], "active": False}
    changed = {**webhook, **change, "subscribed_events": ["plan.created"]}
    assert shop.put(one, change) == shop.get(one) == changed
    assert shop.put(one, {}) == changed
    assert shop.refusal("PUT", one, {"active": 1}) == (422, ["parameter_validation.active.invalid_datatype"])
    assert shop.refusal("PUT", one, {"status": "x"}) == (422, ["parameter_validation.whitelist"])
    shop.delete(one)
    told = [(event["type"], event["data"]) for event in shop.get("/events")["data"]]
    assert told == [
        ("webhook.deleted", {"object": changed, "previous_attributes": {}}),
        ("webhook.updated", {"object": changed, "previous_attributes": {}}),
        (
            "webhook.updated",
            {
                "object": changed,
                "previous_attributes": {"url": URL, "subscribed_events": ["order.paid"], "active": True},
            },
        ),
        ("webhook.created", {"object": webhook, "previous_attributes": {}}),
    ]


def test_what_is_not_there_cannot_be_used(shop: Shop) -> None:
    for kind in ("webhooks", "webhook_keys", "events", "logs"):
        assert shop.refusal("GET", f"/{kind}/none") == NO_WEBHOOK
    for method, path in [
        ("PUT", "/webhooks/none"),
        ("DELETE", "/webhooks/none"),
        ("POST", "/webhooks/none/test"),
        ("PUT", "/webhook_keys/none"),
        ("DELETE", "/webhook_keys/none"),
    ]:
        assert shop.refusal(method, path, {}) == NO_WEBHOOK


def test_keys_are_made_switched_and_deleted(shop: Shop) -> None:
    key = shop.post("/webhook_keys")
    assert key == {
        "id": key["id"],
        "active": True,
        "created_at": START,
        "deactivated_at": None,
        "public_key": key["public_key"],
        "livemode": False,
        "object": "webhook_key",
    }
    head, *_, foot, end = key["public_key"].split("\n")
    assert (head, foot, end) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "")
    asleep = shop.post("/webhook_keys", {"active": False})
    assert (asleep["active"], asleep["deactivated_at"]) == (False, START)
    assert shop.get("/webhook_keys")["data"] == [asleep, key]
    assert shop.get("/webhook_keys", search=key["id"])["data"] == [key]
    one = f"/webhook_keys/{key['id']}"
    shop.advance(60)
    off = {**key, "active": False, "deactivated_at": START + 60}
    assert shop.put(one, {}) == shop.put(one, {"active": False}) == shop.get(one) == off
    assert shop.put(one, {"active": True}) == key
    assert shop.delete(one) == {
        "id": key["id"],
        "created_at": START,
        "livemode": False,
        "object": "webhook_key",
        "active": False,
        "deleted": True,
    }
    assert shop.get("/webhook_keys")["data"] == [asleep]
    assert shop.refusal("POST", "/webhook_keys", {"active": "no"}) == (
        422,
        ["parameter_validation.active.invalid_datatype"],
    )
    assert shop.refusal("PUT", f"/webhook_keys/{asleep['id']}", {"public_key": "x"})[0] == 422


def test_webhooks_keys_events_and_logs_of_two_accounts_are_apart(
    shop: Shop, open_shop: OpenShop, ledger: Ledger
) -> None:
    other = open_shop(ledger, "key_other")
    webhook, key = shop.post("/webhooks", {"url": URL}), shop.post("/webhook_keys")
    event, log = shop.get("/events")["data"][0], shop.get("/logs")["data"][0]
    for kind, mine in [("webhooks", webhook), ("webhook_keys", key), ("events", event), ("logs", log)]:
        assert other.refusal("GET", f"/{kind}/{mine['id']}") == NO_WEBHOOK
    for kind in ("webhooks", "webhook_keys", "events"):
        assert other.get(f"/{kind}")["data"] == []
    resend = {"webhooks_ids": [webhook["id"]]}
    assert other.refusal("POST", f"/events/{event['id']}/resend", resend) == NO_WEBHOOK
    assert other.refusal("POST", f"/webhooks/{webhook['id']}/test", {}) == NO_WEBHOOK
    assert shop.get(f"/webhooks/{webhook['id']}") == webhook
