"""One merchant's requests to a sandbox over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx2

from conekta_mcp.sandbox import Ledger, create_sandbox
from tests.sandbox.in_process import InProcess


class Shop:
    """The requests a merchant makes; all but `refusal` expect success."""

    def __init__(self, ledger: Ledger, key: str = "key_shop") -> None:
        self.ledger = ledger
        self.http = httpx2.Client(
            transport=InProcess(create_sandbox(ledger)),
            base_url="https://api.example.com",
            headers={"Authorization": f"Bearer {key}", "User-Agent": "testclient"},
            follow_redirects=True,
        )

    def get(self, path: str, **query: str | int) -> Any:
        return self.http.get(path, params=query).raise_for_status().json()

    def post(self, path: str, body: Any = None) -> Any:
        return self.http.post(path, json=body or {}).raise_for_status().json()

    def put(self, path: str, body: Any) -> Any:
        return self.http.put(path, json=body).raise_for_status().json()

    def delete(self, path: str) -> Any:
        return self.http.delete(path).raise_for_status().json()

    def refusal(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, list[str]]:
        """Return status and codes (without the common prefix) of a request that must fail."""
        answer = self.http.request(method, path, json=body, headers=headers)
        details = answer.json()["details"]
        return answer.status_code, [detail["code"].removeprefix("conekta.errors.") for detail in details]

    def customer(self, **fields: Any) -> Any:
        body = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+5215555555555"}
        return self.post("/customers", {**body, **fields})

    def customer_with_clabe(self) -> tuple[str, str]:
        customer = self.customer(payment_sources=[{"type": "spei_recurrent"}])
        return customer["id"], customer["payment_sources"]["data"][0]["reference"]

    def order_body(self, customer_id: str | None = None, *methods: Any, **fields: Any) -> dict[str, Any]:
        stranger = {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"}
        body: dict[str, Any] = {
            "currency": "MXN",
            "customer_info": {"customer_id": customer_id} if customer_id else stranger,
            "line_items": [{"name": "Producto 1", "unit_price": 50000, "quantity": 1}],
        }
        if methods:
            body["charges"] = [{"payment_method": method} for method in methods]
        return {**body, **fields}

    def order(self, customer_id: str | None = None, *methods: Any, **fields: Any) -> Any:
        return self.post("/orders", self.order_body(customer_id, *methods, **fields))

    def status(self, order_id: str) -> str | None:
        return self.get(f"/orders/{order_id}").get("payment_status")

    def method_of(self, order: Any) -> Any:
        return order["charges"]["data"][0]["payment_method"]

    def advance(self, seconds: int) -> int:
        return self.post("/_sandbox/clock", {"advance_seconds": seconds})["now"]

    def pay(self, **payment: Any) -> Any:
        return self.post("/_sandbox/payments", payment)


OpenShop = Callable[..., Shop]
