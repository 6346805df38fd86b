"""Balance, transactions and transfers: every cent is somewhere, and only the clock and the tester move it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.sandbox import Ledger
from tests.depth import tries
from tests.sandbox.shop import OpenShop, Shop

START = 1_768_564_855
DAY = 86_400
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}
CARD_FEE = 2320  # (3.4 % of 50000 + 300) * 1.16
ZERO = [{"amount": 0, "currency": "MXN"}]


def funded(shop: Shop, orders: int = 1) -> Shop:
    """Return a shop that was paid by card, 500.00 an order, long enough ago."""
    for _ in range(orders):
        shop.order(None, VISA)
    shop.advance(2 * DAY)
    return shop


def amounts(shop: Shop, currency: str = "MXN") -> tuple[int, int, int]:
    """Return the available, pending and retained centavos."""
    balance = shop.get("/balance")
    found = [
        {row["currency"]: row["amount"] for row in balance[name]}
        for name in ("available", "pending", "retained")
    ]
    return found[0][currency], found[1][currency], found[2][currency]


def test_a_new_account_has_nothing(shop: Shop) -> None:
    assert shop.get("/balance") == {
        "available": ZERO,
        "pending": ZERO,
        "retained": ZERO,
        "cashout_retention_amount": ZERO,
        "temporarily_retained": ZERO,
        "retention_amount": ZERO,
        "target_retention_amount": ZERO,
        "conekta_retention": ZERO,
        "gateway": ZERO,
        "target_collateral_amount": {},
    }
    assert (shop.get("/transactions")["data"], shop.get("/transfers")["data"]) == ([], [])


def test_a_capture_is_booked_with_its_fee_and_waits_two_days(shop: Shop) -> None:
    order = shop.order(None, VISA)
    (row,) = shop.get("/transactions")["data"]
    assert row == {
        "id": row["id"],
        "amount": 50000,
        "charge": order["charges"]["data"][0]["id"],
        "created_at": START,
        "currency": "MXN",
        "fee": CARD_FEE,
        "livemode": False,
        "net": 50000 - CARD_FEE,
        "object": "transaction",
        "status": "pending",
        "type": "capture",
    }
    assert shop.get(f"/transactions/{row['id']}") == row
    assert amounts(shop) == (0, 47680, 0)
    shop.advance(2 * DAY - 1)
    assert amounts(shop) == (0, 47680, 0)
    shop.advance(1)
    assert amounts(shop) == (47680, 0, 0)
    assert shop.get(f"/transactions/{row['id']}") == {**row, "status": "available"}


def test_an_unpaid_order_books_nothing_until_it_is_paid(shop: Shop) -> None:
    order = shop.order(None, {"type": "spei"})
    assert shop.get("/transactions")["data"] == []
    shop.pay(order_id=order["id"])
    (row,) = shop.get("/transactions")["data"]
    assert (row["amount"], row["fee"], row["net"]) == (50000, 1450, 48550)


def test_a_refund_of_what_still_waits_is_owed(shop: Shop) -> None:
    order = shop.order(None, VISA)
    shop.post(f"/orders/{order['id']}/refunds", {"amount": 20000, "reason": "requested_by_client"})
    refund, capture = shop.get("/transactions")["data"]
    assert (refund["type"], refund["amount"], refund["fee"], refund["net"]) == ("refund", -20000, 0, -20000)
    assert refund["charge"] == capture["charge"]
    assert amounts(shop) == (-20000, 47680, 0)
    assert shop.refusal("POST", "/_sandbox/transfers") == (
        422,
        ["parameter_validation.transfer.amount.invalid"],
    )


def test_transactions_are_filtered_and_paged(shop: Shop) -> None:
    orders = [shop.order(None, VISA) for _ in range(3)]
    shop.post(f"/orders/{orders[0]['id']}/refunds", {"amount": 100, "reason": "requested_by_client"})
    charge = orders[0]["charges"]["data"][0]["id"]
    newest = shop.get("/transactions")["data"]
    assert [row["type"] for row in newest] == ["refund", "capture", "capture", "capture"]
    assert shop.get("/transactions", type="refund")["data"] == newest[:1]
    assert shop.get("/transactions", charge_id=charge)["data"] == [newest[0], newest[3]]
    assert shop.get("/transactions", charge_id=charge, type="capture")["data"] == newest[3:]
    assert shop.get("/transactions", id=newest[1]["id"])["data"] == newest[1:2]
    assert shop.get("/transactions", currency="USD")["data"] == []
    page = shop.get("/transactions", limit=2, next=newest[1]["id"])
    assert (page["data"], page["has_more"]) == (newest[2:], False)


def test_a_transfer_takes_what_is_available_to_the_bank_in_a_day(shop: Shop) -> None:
    funded(shop, orders=2)
    shop.order(None, VISA)
    made = shop.post("/_sandbox/transfers")
    number = shop.get("/companies/current")["fiscal_info"]["bank_account"]["account_number"]
    assert made == {
        "amount": 95360,
        "created_at": START + 2 * DAY,
        "currency": "MXN",
        "id": made["id"],
        "livemode": False,
        "method": {
            "account_holder": "Comercio de Prueba",
            "account_number": number,
            "bank": "BBVA Bancomer",
            "created_at": START + 2 * DAY,
            "id": made["method"]["id"],
            "object": "bank_transfer_payout_method",
            "payee_id": made["method"]["payee_id"],
            "type": "BankTransferPayoutMethod",
        },
        "object": "transfer",
        "statement_description": f"Conekta {made['statement_reference']}",
        "statement_reference": made["statement_reference"],
        "status": "pending",
    }
    assert (len(number), len(made["id"]), len(made["statement_reference"])) == (18, 24, 7)
    assert amounts(shop) == (0, 47680, 0)
    assert [row["status"] for row in shop.get("/transactions")["data"]] == ["pending", "paid_out", "paid_out"]
    assert shop.get("/transfers")["data"] == [made]
    shop.advance(DAY - 1)
    assert shop.get(f"/transfers/{made['id']}")["status"] == "pending"
    shop.advance(1)
    method = {name: value for name, value in made["method"].items() if name != "account_number"}
    arrived = {name: value for name, value in made.items() if name != "method"}
    assert shop.get(f"/transfers/{made['id']}") == {
        **arrived,
        "status": "paid_out",
        "destination": {**method, "last4": number[-4:]},
    }


def test_transfers_are_searched_and_there_is_nothing_to_transfer_twice(shop: Shop) -> None:
    funded(shop)
    made = shop.post("/_sandbox/transfers", {"currency": "MXN"})
    assert shop.get("/transfers", search=made["statement_reference"])["data"] == [made]
    assert shop.get("/transfers", search="nobody")["data"] == []
    nothing = (422, ["parameter_validation.transfer.amount.invalid"])
    assert shop.refusal("POST", "/_sandbox/transfers") == nothing
    assert shop.refusal("POST", "/_sandbox/transfers", {"currency": "USD"}) == nothing
    assert shop.refusal("POST", "/_sandbox/transfers", {"currency": "EUR"}) == (
        422,
        ["parameter_validation.currency.invalid"],
    )


@pytest.mark.parametrize(
    "path", ["/transactions/6a0000000000000000000001", "/transfers/6a0000000000000000000001"]
)
def test_what_does_not_exist_is_not_found(shop: Shop, path: str) -> None:
    assert shop.refusal("GET", path) == (404, ["resource_not_found.entity"])


def test_two_accounts_have_two_balances(ledger: Ledger, open_shop: OpenShop) -> None:
    mine, other = funded(open_shop(ledger)), open_shop(ledger, "key_other")
    transfer = mine.post("/_sandbox/transfers")
    (row,) = mine.get("/transactions")["data"]
    assert amounts(other) == (0, 0, 0)
    assert other.get("/transfers")["data"] == []
    assert other.refusal("GET", f"/transfers/{transfer['id']}")[0] == 404
    assert other.refusal("GET", f"/transactions/{row['id']}")[0] == 404


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.sampled_from(["card", "spei", "cash"]), st.integers(300, 9_999_999)),
        st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 9_999_999)),
        st.tuples(st.just("pay out"), st.integers(1, 9_999_999), st.integers(1, 5 * DAY)),
        st.tuples(st.just("end payout"), st.sampled_from(["pay", "cancel"]), st.integers(0, 9)),
        st.tuples(st.just("transfer")),
        st.tuples(st.just("dispute"), st.integers(0, 9)),
        st.tuples(st.just("prove"), st.integers(0, 9)),
        st.tuples(st.just("decide"), st.integers(0, 9), st.sampled_from(["won", "lost"])),
        st.tuples(st.just("advance"), st.integers(0, 4 * DAY)),
    ),
    max_size=16,
)
MANY = tries(30)


class Merchant:
    """Makes the request of a step; a refusal is as good as a success."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.customer = shop.customer()["id"]
        self.orders: list[Any] = []
        self.payouts: list[str] = []
        self.chargebacks: list[Any] = []

    def do(self, name: str, *how: Any) -> None:
        getattr(self, name.replace(" ", "_"))(*how)

    def sell(self, kind: str, price: int) -> None:
        line = {"name": "Producto 1", "unit_price": price, "quantity": 1}
        order = self.shop.order(None, VISA if kind == "card" else {"type": kind}, line_items=[line])
        if kind != "card":
            self.shop.pay(order_id=order["id"])
        self.orders.append(order)

    def refund(self, which: int, amount: int) -> None:
        body = {"amount": amount, "reason": "requested_by_client"}
        for order in self.orders[which : which + 1]:
            self.shop.http.post(f"/orders/{order['id']}/refunds", json=body)

    def pay_out(self, amount: int, lifetime: int) -> None:
        now = self.shop.get("/_sandbox/clock")["now"]
        answer = self.shop.http.post(
            "/payout_orders",
            json={
                "amount": amount,
                "currency": "MXN",
                "reason": "Devolución",
                "expires_at": now + lifetime,
                "allowed_payout_methods": ["cashout"],
                "customer_info": {"customer_id": self.customer},
                "payout": {"payout_method": {"type": "cashout"}},
            },
        )
        if answer.is_success:
            self.payouts.append(answer.json()["id"])

    def end_payout(self, how: str, which: int) -> None:
        for payout in self.payouts[which : which + 1]:
            if how == "pay":
                self.shop.http.post(f"/_sandbox/payouts/{payout}/pay")
            else:
                self.shop.http.put(f"/payout_orders/{payout}/cancel")

    def transfer(self) -> None:
        self.shop.http.post("/_sandbox/transfers")

    def dispute(self, which: int) -> None:
        for order in self.orders[which : which + 1]:
            answer = self.shop.http.post("/_sandbox/chargebacks", json={"order_id": order["id"]})
            if answer.is_success:
                self.chargebacks.append(answer.json())

    def prove(self, which: int) -> None:
        for one in self.chargebacks[which : which + 1]:
            path = f"/charges/{one['charge_id']}/chargebacks/{one['id']}/files/batch"
            file = ("nota.pdf", b"%PDF-1.7", "application/pdf")
            self.shop.http.post(path, files={"order_details": file})

    def decide(self, which: int, status: str) -> None:
        for one in self.chargebacks[which : which + 1]:
            self.shop.http.post(f"/_sandbox/chargebacks/{one['id']}/resolve", json={"status": status})

    def advance(self, seconds: int) -> None:
        self.shop.advance(seconds)


@MANY
@given(steps=STEPS)
def test_what_was_booked_is_what_there_is_and_what_left(open_shop: OpenShop, steps: list[Any]) -> None:
    shop = open_shop()
    merchant = Merchant(shop)
    for step in steps:
        merchant.do(*step)
        rows = shop.get("/transactions", limit=250)["data"]
        sent = sum(row["amount"] for row in shop.get("/transfers", limit=250)["data"])
        assert sum(row["net"] for row in rows) == sum(amounts(shop)) + sent
        assert [row for row in rows if row["net"] != row["amount"] - row["fee"]] == []
    shop.ledger.close()
