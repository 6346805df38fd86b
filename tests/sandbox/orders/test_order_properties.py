"""Rules that hold whatever is done to orders: sums, refunds, and transitions that never occur."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.sandbox import Ledger
from tests.depth import tries
from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.test_properties import JUNK

DAY = 86_400
START = 1_768_564_855
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
SPEI, CASH = {"type": "spei"}, {"type": "cash"}
CARD = {"type": "card", "token_id": "tok_test_visa_4242"}
DECLINED = {"type": "card", "token_id": "tok_test_card_declined"}
SIGNS = {"line_items": 1, "tax_lines": 1, "shipping_lines": 1, "discount_lines": -1}
MAY_BECOME = {
    None: {"pending_payment", "pre_authorized", "paid", "canceled"},
    "pending_payment": {"paid", "expired", "canceled"},
    "pre_authorized": {"paid", "voided"},
    "paid": {"partially_refunded", "refunded"},
    "partially_refunded": {"refunded", "paid"},
    "refunded": {"partially_refunded", "paid"},
    # An expired order may be charged again.
    "expired": {"pending_payment", "paid", "pre_authorized"},
    "canceled": set(),
    "voided": set(),
}
MONEY = st.integers(0, 60_000)
KINDS = st.sampled_from(list(SIGNS))
PLACE = st.integers(0, 9)
LINE_STEPS = st.one_of(
    st.tuples(st.just("add"), KINDS, MONEY, st.integers(1, 3)),
    st.tuples(st.just("change"), KINDS, MONEY, PLACE),
    st.tuples(st.just("take off"), KINDS, PLACE),
    st.tuples(st.just("replace"), KINDS, st.lists(MONEY, max_size=3)),
)
STEPS = st.one_of(
    LINE_STEPS,
    st.tuples(st.just("charge"), st.sampled_from([SPEI, CASH, CARD, DECLINED])),
    st.tuples(st.just("pay")),
    st.tuples(st.just("act"), st.sampled_from(["cancel", "void"])),
    st.tuples(st.just("capture"), st.none() | st.integers(1, 70_000)),
    st.tuples(st.just("refund"), st.integers(1, 70_000)),
    st.tuples(st.just("cancel refund"), PLACE),
    st.tuples(st.just("collect"), PLACE),
    st.tuples(st.just("advance"), st.integers(0, 40 * DAY)),
)
ROUTES = [
    ("PUT", "/orders/{id}"),
    ("POST", "/orders/{id}/charges"),
    ("POST", "/orders/{id}/add_charges"),
    ("PUT", "/charges/{charge}"),
    ("POST", "/orders/{hold}/capture"),
    ("POST", "/orders/{hold}/void"),
    ("POST", "/orders/{paid}/refunds"),
    *(
        (method, f"/orders/{{id}}/{kind}{end}")
        for kind in SIGNS
        for method, end in [("POST", ""), ("PUT", "/x")]
    ),
    ("PUT", "/orders/{id}/line_items/{line}"),
]
ALLOWED = (200, 402, 404, 422, 428)


def line(kind: str, amount: int, quantity: int = 1) -> dict[str, Any]:
    """Return the body of a line that is worth `amount` times `quantity`."""
    bodies: dict[str, dict[str, Any]] = {
        "line_items": {"name": "Producto", "unit_price": amount, "quantity": quantity},
        "tax_lines": {"amount": amount, "description": "IVA"},
        "shipping_lines": {"amount": amount},
        "discount_lines": {"amount": amount, "code": "A", "type": "coupon"},
    }
    return bodies[kind]


def rows(order: Any, kind: str) -> Any:
    return order.get(kind, {"data": []})["data"]


def worth(order: Any) -> int:
    """Compute the amount of an order a second time."""
    return sum(
        sign * row.get("unit_price", row.get("amount")) * row.get("quantity", 1)
        for kind, sign in SIGNS.items()
        for row in rows(order, kind)
    )


def refunds(order: Any) -> list[Any]:
    return [row for charge in rows(order, "charges") for row in charge.get("refunds", {"data": []})["data"]]


def one_of(found: list[Any], place: int) -> str:
    """Return the id of a row, or one that does not exist."""
    return found[place % len(found)]["id"] if found else "none"


def take(shop: Shop, path: str, step: Any) -> int:
    """Make one request and return its status."""
    order = shop.get(path)
    match step:
        case ("add", kind, amount, quantity):
            asked: tuple[Any, ...] = ("POST", f"{path}/{kind}", line(kind, amount, quantity))
        case ("change", kind, amount, place):
            name = "unit_price" if kind == "line_items" else "amount"
            asked = ("PUT", f"{path}/{kind}/{one_of(rows(order, kind), place)}", {name: amount})
        case ("take off", kind, place):
            asked = ("DELETE", f"{path}/{kind}/{one_of(rows(order, kind), place)}", None)
        case ("replace", kind, amounts):
            asked = ("PUT", path, {kind: [line(kind, amount) for amount in amounts]})
        case ("charge", method):
            asked = ("POST", f"{path}/charges", {"payment_method": method})
        case ("pay",):
            asked = ("POST", "/_sandbox/payments", {"order_id": order["id"]})
        case ("act", what):
            asked = ("POST", f"{path}/{what}", {})
        case ("capture", amount):
            asked = ("POST", f"{path}/capture", {"amount": amount} if amount else {})
        case ("refund", amount):
            asked = ("POST", f"{path}/refunds", {"amount": amount, "reason": "other"})
        case ("cancel refund", place):
            asked = ("DELETE", f"{path}/refunds/{one_of(refunds(order), place)}", None)
        case ("collect", place):
            asked = ("POST", f"/_sandbox/refunds/{one_of(refunds(order), place)}/collect", {})
        case ("advance", seconds):
            asked = ("POST", "/_sandbox/clock", {"advance_seconds": seconds})
    return shop.http.request(asked[0], asked[1], json=asked[2]).status_code


@tries(30)
@given(steps=st.lists(LINE_STEPS, max_size=12))
def test_the_amount_of_an_order_is_the_sum_of_its_lines(open_shop: OpenShop, steps: list[Any]) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = open_shop(ledger)
    path = f"/orders/{shop.order(shipping_contact={'address': ADDRESS})['id']}"
    before = shop.get(path)
    for step in steps:
        status = take(shop, path, step)
        order = shop.get(path)
        assert order["amount"] == worth(order) >= 0
        assert len(rows(order, "line_items")) >= 1
        assert status == 200 or order == before
        before = order
    ledger.close()


@tries(60)
@given(
    method=st.sampled_from([None, SPEI, CASH, CARD]),
    hold=st.booleans(),
    steps=st.lists(STEPS, max_size=14),
)
def test_no_order_makes_a_forbidden_step_or_gives_back_more_than_was_paid(
    open_shop: OpenShop, method: Any, hold: bool, steps: list[Any]
) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = open_shop(ledger)
    terms = {"pre_authorize": True} if hold and method in (None, CARD) else {}
    made = shop.order(None, *([method] if method else []), shipping_contact={"address": ADDRESS}, **terms)
    before, path = made, f"/orders/{made['id']}"
    for step in steps:
        assert take(shop, path, step) in ALLOWED
        order = shop.get(path)
        check_status(order, before)
        check_money(order)
        before = order
    check_books(shop, before)
    ledger.close()


def check_status(order: Any, before: Any) -> None:
    now, earlier = order.get("payment_status"), before.get("payment_status")
    assert now == earlier or now in MAY_BECOME[earlier]
    if earlier not in (None, "expired"):
        assert [order["amount"], order["line_items"]] == [before["amount"], before["line_items"]]
        assert len(rows(order, "charges")) == len(rows(before, "charges"))


def check_money(order: Any) -> None:
    counted = [row for row in refunds(order) if row["status"] in ("pending", "refunded")]
    taken = [
        charge
        for charge in rows(order, "charges")
        if charge["status"] in ("paid", "partially_refunded", "refunded")
    ]
    paid = sum(charge["amount"] for charge in taken)
    back = -sum(row["amount"] for row in counted)
    assert order["amount_refunded"] == back
    assert 0 <= back <= paid <= order["amount"] == worth(order)
    assert len(taken) <= 1
    assert order["is_refundable"] is (paid > back)
    part = "refunded" if back == paid else "partially_refunded"
    assert [charge["status"] for charge in taken] == ([part if back else "paid"] if taken else [])
    assert not taken or order["payment_status"] == taken[0]["status"]


def check_books(shop: Shop, order: Any) -> None:
    """Check that every capture, and every refund that was made, is booked once."""
    booked = [row["amount"] for row in shop.get("/transactions", limit=250)["data"]]
    taken = [charge["amount"] for charge in rows(order, "charges") if "paid_at" in charge]
    made = [row["amount"] for row in refunds(order) if row["status"] == "refunded"]
    assert sorted(booked) == sorted([*taken, *made])
    names = [event["type"] for event in shop.get("/events", limit=250)["data"]]
    assert names.count("order.paid") == names.count("charge.paid") == len(taken)
    assert names.count("charge.created") == len(rows(order, "charges"))


@tries(60)
@given(route=st.sampled_from(ROUTES), junk=JUNK)
def test_junk_is_refused_and_never_breaks_an_order(
    open_shop: OpenShop, route: tuple[str, str], junk: Any
) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = open_shop(ledger)
    bare, paid = shop.order(), shop.order(None, CARD)
    ids = {
        "id": bare["id"],
        "line": bare["line_items"]["data"][0]["id"],
        "paid": paid["id"],
        "charge": paid["charges"]["data"][0]["id"],
        "hold": shop.order(None, CARD, pre_authorize=True)["id"],
    }
    answer = shop.http.request(route[0], route[1].format(**ids), json=junk)
    assert answer.status_code in (*ALLOWED, 400)
    assert answer.json()["object"]
    ledger.close()
