"""A merchant whose account at the sandbox tells its events to a server of ours."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

LINE = {"name": "Café", "unit_price": 50_000, "quantity": 1}


@dataclass
class Merchant:
    """One account of the sandbox at `url`, with its key."""

    url: str
    key: str = field(default_factory=lambda: f"key_{uuid.uuid4().hex}")

    def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Accept": "application/vnd.conekta-v2.2.0+json",
            "Content-Type": "application/json",
        }
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            answer = client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def make_key(self) -> dict[str, Any]:
        return self.send("POST", "/webhook_keys", {"active": True})

    def tell(self, address: str, *events: str) -> dict[str, Any]:
        """Let Conekta post events, all unless some are named, to a server of ours."""
        body = {"url": f"{address}/webhooks/conekta"}
        return self.send("POST", "/webhooks", {**body, "subscribed_events": events} if events else body)

    def make_order(self) -> str:
        body = {
            "currency": "MXN",
            "customer_info": {"name": "Ana Pérez", "email": "ana@example.com", "phone": "+5215555555555"},
            "line_items": [LINE],
            "charges": [{"payment_method": {"type": "spei"}}],
        }
        return str(self.send("POST", "/orders", body)["id"])

    def pay(self, order: str) -> None:
        self.send("POST", "/_sandbox/payments", {"order_id": order})

    def make_customer(self, name: str = "Ana Pérez") -> str:
        body = {"name": name, "email": "ana@example.com", "phone": "+5215555555555"}
        return str(self.send("POST", "/customers", body)["id"])
