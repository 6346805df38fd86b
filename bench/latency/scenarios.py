"""The calls whose round trips are measured, and the plain request that each of them stands for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from bench.latency.slow_sandbox import SlowSandbox

PERSON = {"email": "ana@example.com", "phone": "+525555555555"}
EXPIRES_AT = int(time.time()) + 30 * 86_400
PRICES = count(50_001)
"""No two calls are equal: the server would take the second for the first one again."""


@dataclass(frozen=True)
class Step:
    """One call of a tool, and the request of Conekta's API that does the same."""

    arguments: dict[str, Any]
    path: str
    body: dict[str, Any] | None


@dataclass(frozen=True)
class Scenario:
    tool: str
    prepare: Callable[[SlowSandbox], Step]
    goal: float
    """The most times a plain request at 200 ms."""
    is_asked: bool = False
    """Whether it is measured a second time with a server that asks a person."""


def list_lines() -> list[dict[str, Any]]:
    return [{"name": "Plan anual", "unit_price": next(PRICES), "quantity": 1}]


def create_customer(sandbox: SlowSandbox, **more: Any) -> str:
    body = {"name": f"Ana Ruiz {next(PRICES)}", **PERSON, **more}
    return str(sandbox.send("POST", "/customers", body)["id"])


def prepare_listing(_: SlowSandbox) -> Step:
    return Step({"limit": 20}, "/customers?limit=20", None)


def prepare_reading(sandbox: SlowSandbox) -> Step:
    order = create_order(sandbox)
    return Step({"order_id": order}, f"/orders/{order}", None)


def create_order(sandbox: SlowSandbox) -> str:
    spei = [{"payment_method": {"type": "spei"}}]
    who = {"name": "Ana Ruiz", **PERSON}
    body = {"currency": "MXN", "customer_info": who, "line_items": list_lines(), "charges": spei}
    return str(sandbox.send("POST", "/orders", body)["id"])


def prepare_clabe_order(sandbox: SlowSandbox) -> Step:
    mine = create_customer(sandbox, payment_sources=[{"type": "spei_recurrent"}])
    charge = {"payment_method": {"type": "spei"}}
    step = _order(mine, {}, charge)
    return replace(step, body={**(step.body or {}), "reuse_customer_clabe": True})


def prepare_order(sandbox: SlowSandbox) -> Step:
    return _order(create_customer(sandbox), {}, None)


def prepare_card_order(sandbox: SlowSandbox) -> Step:
    card = {"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}
    return _order(create_customer(sandbox), {"token_id": "tok_test_visa_4242"}, card)


def _order(customer: str, more: dict[str, Any], charge: dict[str, Any] | None) -> Step:
    ours, plain = list_lines(), list_lines()
    body: dict[str, Any] = {
        "currency": "MXN",
        "customer_info": {"customer_id": customer},
        "line_items": plain,
    }
    if charge:
        body["charges"] = [charge]
    return Step({"customer_id": customer, "line_items": ours, **more}, "/orders", body)


def prepare_customer(_: SlowSandbox) -> Step:
    ours = {"name": f"Ana Ruiz {next(PRICES)}", **PERSON}
    return Step(ours, "/customers", {**ours, "name": f"Ana Ruiz {next(PRICES)}"})


def prepare_source(sandbox: SlowSandbox) -> Step:
    ours, plain = create_customer(sandbox), create_customer(sandbox)
    return Step({"customer_id": ours}, f"/customers/{plain}/payment_sources", {"type": "spei_recurrent"})


def prepare_link(_: SlowSandbox) -> Step:
    template = {"currency": "MXN", "line_items": list_lines()}
    body = {
        "name": "Plan anual",
        "type": "PaymentLink",
        "recurrent": False,
        "expires_at": EXPIRES_AT,
        "allowed_payment_methods": ["card", "cash", "bank_transfer"],
        "needs_shipping_contact": False,
        "order_template": template,
    }
    ours = {"name": "Plan anual", "line_items": list_lines(), "expires_at": EXPIRES_AT}
    return Step(ours, "/checkouts", body)


def prepare_refund(sandbox: SlowSandbox) -> Step:
    ours, plain = (create_order(sandbox) for _ in range(2))
    for order in (ours, plain):
        sandbox.send("POST", "/_sandbox/payments", {"order_id": order})
    asked = {"amount": 500, "reason": "requested_by_client"}
    return Step({"order_id": ours, **asked}, f"/orders/{plain}/refunds", asked)


SCENARIOS = (
    Scenario("list_customers", prepare_listing, 1.1),
    Scenario("get_order", prepare_reading, 1.1),
    Scenario("create_order_reusing_clabe", prepare_clabe_order, 1.1, is_asked=True),
    Scenario("create_order", prepare_order, 1.1, is_asked=True),
    Scenario("create_card_order", prepare_card_order, 1.1),
    Scenario("create_customer", prepare_customer, 1.1),
    Scenario("add_spei_recurrent_source", prepare_source, 1.1),
    Scenario("create_payment_link", prepare_link, 1.1, is_asked=True),
    Scenario("refund_order", prepare_refund, 2.1, is_asked=True),
)
