"""The merchant behind the soak: one shop per account, and arguments that only one intent has."""

import contextlib
from collections.abc import Callable
from typing import Any

import httpx

from tests.effects.scenes import SCENES
from tests.sandbox.shop import Shop

DAY = 86_400
PLENTY = 100_000_000
"""Centavos on the balance that payouts are paid from."""
SOMEBODY = "somebody-else"
"""The User-Agent of requests that are nobody's of ours."""
Json = dict[str, Any]


class Soaked(Shop):
    """A merchant who talks to a running sandbox over its socket."""

    def __init__(self, url: str, key: str) -> None:
        self.http = httpx.Client(  # type: ignore[assignment]  # a real client in place of starlette's
            base_url=url,
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
            timeout=30,
            # The sandbox closes a connection that was idle for 5 s, maybe just when the next request leaves.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.stamp = 0
        self._opened = False

    def open(self) -> None:
        """Earn what payouts are paid from; from then on the scenes' time stands still."""
        line = {"name": "Saldo", "unit_price": PLENTY, "quantity": 1}
        self.order(None, {"type": "card", "token_id": "tok_test_visa_4242"}, line_items=[line])
        super().advance(2 * DAY)
        self._opened = True

    def post(self, path: str, body: Any = None) -> Any:
        return super().post(path, self.unique(body or {}))

    def advance(self, seconds: int) -> int:
        return 0 if self._opened else super().advance(seconds)

    def rotate(self) -> str:
        """Make another API key of the same company."""
        made: str = (
            self.http.post("/api_keys", json={"role": "private"})
            .raise_for_status()
            .json()["authentication_token"]
        )
        return made

    def shut_old_key(self, new: str) -> None:
        """Shut the keys that were there before `new`, as whoever rotates keys does in the end."""
        self.http.headers["Authorization"] = f"Bearer {new}"
        for one in self.get("/api_keys")["data"]:
            if one["prefix"] == "key_":
                self.put(f"/api_keys/{one['id']}", {"active": False})

    def make_as_somebody(self, method: str, path: str, body: Json) -> None:
        """Do what another program of the merchant does; whether a fault strikes it does not matter."""
        with contextlib.suppress(httpx.HTTPError):
            self.http.request(method, path, json=body, headers={"User-Agent": SOMEBODY})

    def pass_time(self, seconds: float) -> None:
        """Move the account's clock."""
        super().advance(int(seconds))

    def unique(self, body: Json) -> Json:
        """Give a scene's plans and rules names of this intent alone."""
        return {name: self._named(name, value) for name, value in body.items()}

    def _named(self, name: str, value: Any) -> Any:
        if name in ("id", "plan_id") and value in ("gold", "silver"):
            return f"{value}_{self.stamp}"
        if name == "value" and "ana@" in str(value):
            return f"ana{self.stamp}@example.com"
        return value


def mark(stamp: int) -> str:
    """The text that only requests of this intent carry."""
    return f"soak{stamp}s"


def _lines(stamp: int) -> list[Json]:
    return [{"name": mark(stamp), "unit_price": 100_000 + stamp, "quantity": 1}]


def _order(stamp: int) -> Json:
    return {"line_items": _lines(stamp)}


MARKED: dict[str, Callable[[int], Json]] = {
    "create_customer": lambda stamp: {"custom_reference": mark(stamp)},
    "create_order": lambda stamp: {**_order(stamp), "tax_lines": None, "discount_lines": None},
    "create_order_reusing_clabe": _order,
    "create_card_order": _order,
    "create_payment_link": lambda stamp: {**_order(stamp), "name": mark(stamp)},
    "create_plan": lambda stamp: {"name": mark(stamp)},
    "create_payout": lambda stamp: {"reason": mark(stamp)},
    "create_company": lambda stamp: {"name": mark(stamp)},
    "create_api_key": lambda stamp: {"description": mark(stamp)},
    "create_webhook": lambda stamp: {"url": f"https://{mark(stamp)}.example.com/hook"},
    "create_whitelist_rule": lambda stamp: {"value": f"{mark(stamp)}@example.com"},
    "create_blacklist_rule": lambda stamp: {"field": "email", "value": f"{mark(stamp)}@example.com"},
}
"""What makes something out of nothing says whose it is; all else acts on an object that only it knows."""


def prepare(shop: Soaked, tool: str, stamp: int) -> Json:
    """Make what `tool` needs, and give the arguments of the intent."""
    shop.stamp = stamp
    scene = SCENES.get(tool)
    arguments = shop.unique(scene(shop)) if scene else {}
    marked = {**arguments, **(MARKED[tool](stamp) if tool in MARKED else {})}
    return {name: value for name, value in marked.items() if value is not None}
