"""An approval covers more than the text of its question: a change meanwhile voids it."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import KEY
from tests.writes.test_pipeline_approved import Person, asking
from tests.writes.wire import PERSON, Scene, scene

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
Change = Callable[[], Awaitable[object]]
Case = Callable[["Shop"], Awaitable[tuple[str, Json, Change]]]
HEADERS = {"authorization": f"Bearer {KEY}", "accept": "application/vnd.conekta-v2.2.0+json"}
FAR = 4_000_000_000
"""After whatever time the machine has."""
CARDS = ("tok_test_visa_4242", "tok_test_mastercard_4444")


class Shop:
    """Somebody else with the same key."""

    def __init__(self, one: Scene) -> None:
        self._one = one

    async def send(self, method: str, path: str, body: Json | None = None) -> Json:
        url = f"https://api.conekta.io{path}"
        request = httpx.Request(method, url, json=body, headers=HEADERS)
        answer = await self._one.wire.inner.handle_async_request(request)
        made: Json = json.loads(await answer.aread())
        assert answer.status_code < 300, made
        return made

    def change(self, method: str, path: str, body: Json | None = None) -> Change:
        return lambda: self.send(method, path, body)


async def payee(shop: Shop, **changed: str) -> tuple[str, Json, Change]:
    who = (await shop.send("POST", "/customers", PERSON))["id"]
    given = {"customer_id": who, "amount": 10_000, "reason": "Premio", "expires_at": FAR}
    return "create_payout", given, shop.change("PUT", f"/customers/{who}", changed)


async def subscribed(shop: Shop) -> tuple[str, Json, Change]:
    who = (await shop.send("POST", "/customers", PERSON))["id"]
    sources = f"/customers/{who}/payment_sources"
    cards = [(await shop.send("POST", sources, {"type": "card", "token_id": one}))["id"] for one in CARDS]
    plan = {"name": "Oro", "amount": 5_000, "currency": "MXN", "interval": "month", "frequency": 1}
    plan_id = (await shop.send("POST", "/plans", plan))["id"]
    path = f"/customers/{who}/subscriptions"
    made = await shop.send("POST", path, {"plan_id": plan_id, "card_id": cards[0]})
    await shop.send("POST", f"{path}/{made['id']}/pause")
    other = shop.change("PUT", f"{path}/{made['id']}", {"card_id": cards[1]})
    return "resume_subscription", {"customer_id": who, "subscription_id": made["id"]}, other


async def make_webhook(shop: Shop) -> tuple[str, Change]:
    made = (await shop.send("POST", "/webhooks", {"url": "https://shop.example/hook"}))["id"]
    return made, shop.change("PUT", f"/webhooks/{made}", {"url": "https://elsewhere.example/hook"})


async def trial(shop: Shop) -> tuple[str, Json, Change]:
    made, moved = await make_webhook(shop)
    return "test_webhook", {"webhook_id": made}, moved


async def sent_again(shop: Shop) -> tuple[str, Json, Change]:
    made, moved = await make_webhook(shop)
    await shop.send("POST", "/customers", PERSON)
    event = (await shop.send("GET", "/events?limit=1"))["data"][0]["id"]
    return "resend_event", {"event_id": event, "webhooks_ids": [made]}, moved


CASES: dict[str, Case] = {
    "a payee's phone": lambda shop: payee(shop, phone="+525511112222"),
    "a payee's e-mail": lambda shop: payee(shop, email="other@example.com"),
    "a subscription's card": subscribed,
    "where a trial event goes": trial,
    "where an event is sent again": sent_again,
}


@pytest.mark.parametrize("case", CASES)
async def test_what_changes_while_a_person_decides_voids_their_yes(case: str, era: str) -> None:
    async with scene("memory") as one:
        app = one.server(confirm="writes", toolsets=("all",))
        tool, given, change = await CASES[case](Shop(one))
        one.wire.sent.clear()
        refused = await asking(app, Person(meanwhile=change), era, tool, given)
        assert refused["error"]["code"] == "conekta_mcp.errors.consent_changed"
        assert one.wire.posts() == []
        await asking(app, Person(), era, tool, given)
        assert len(one.wire.posts()) == 1


async def test_a_file_that_is_replaced_while_a_person_decides_is_not_sent(tmp_path: Path, era: str) -> None:
    async with scene("memory") as one:
        app = one.server(confirm="writes", toolsets=("all",), files_folder=tmp_path)
        company = (await Shop(one).send("GET", "/companies/current"))["id"]
        paper = tmp_path / "id.pdf"
        paper.write_bytes(b"%PDF-1.4 mine")

        async def replace() -> None:
            paper.write_bytes(b"%PDF-1.4 another's")

        given = {"company_id": company, "file_classification": "id_legal_representative", "path": "id.pdf"}
        refused = await asking(app, Person(meanwhile=replace), era, "upload_company_document", given)
        assert refused["error"]["code"] == "conekta_mcp.errors.consent_changed"
        assert one.wire.posts() == []
