"""A Conekta with one customer, her ways to pay and her orders."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from conekta_mcp.sandbox import Ledger
from tests.effects.scenes import START
from tests.effects.world import World

CUSTOMER = {
    "id": "cus_1",
    "object": "customer",
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "livemode": False,
    "payment_sources": {"data": [{"id": "off_ref_1", "type": "spei_recurrent"}]},
    "shipping_contacts": {"data": [{"id": "ship_cont_1", "receiver": "Eva Luna"}]},
}
SOURCE = {"id": "off_ref_1", "type": "spei_recurrent", "reference": "646180111802000138", "bank": "STP"}


class Shop:
    """What Conekta has; `orders` are answered by e-mail, `by_id` where the id is searched."""

    def __init__(self) -> None:
        self.customer: dict[str, Any] = dict(CUSTOMER)
        self.orders: list[dict[str, Any]] = []
        self.by_id: list[dict[str, Any]] = []
        self.more: dict[str, bool] = {}
        self.failing: dict[str, httpx.Response] = {}

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, request.url.params
        if path in self.failing:
            return self.failing[path]
        if path == "/customers/cus_1":
            return httpx.Response(200, json=self.customer)
        if path == "/customers/cus_1/payment_sources":
            return httpx.Response(200, json={"data": [SOURCE], "has_more": False})
        assert path == "/orders"
        kind = "by_id" if query["search"] == "cus_1" else query.get("payment_status", "latest")
        rows = self.by_id if kind == "by_id" else self.orders
        wanted = [row for row in rows if query.get("payment_status") in (None, row["payment_status"])]
        return httpx.Response(200, json={"data": wanted, "has_more": self.more.get(kind, False)})


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def order() -> Callable[..., dict[str, Any]]:
    """Make an order of a number, newer with a higher one; of Ana unless told otherwise."""

    def made(number: int, **changed: Any) -> dict[str, Any]:
        return {
            "id": f"ord_{number}",
            "payment_status": "pending_payment",
            "amount": 100 * number,
            "currency": "MXN",
            "customer_info": {"customer_id": "cus_1", "name": "Ana Ruiz"},
            "created_at": 1768560000 + number,
            **changed,
        }

    return made


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The sandbox with a merchant in it, at a time that stands still."""
    ledger = Ledger(clock=lambda: START, seed=1)
    made = World(ledger)
    yield made
    await made.conekta.close()
    ledger.close()
