"""summarize_sales: sums that equal the balance's movements to the centavo, whatever happened."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.domains.support.sales.sums import classify
from tests.depth import tries
from tests.domains.support.asking import DAY, START, VISA, Desk

CASH, SPEI = {"type": "cash"}, {"type": "spei"}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.sampled_from([VISA, CASH, SPEI]), st.integers(300, 900_000)),
        st.tuples(st.just("sell_dollars"), st.just(VISA), st.integers(300, 900_000)),
        st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 900_000)),
        st.tuples(st.just("dispute"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("wait"), st.integers(0, 3 * DAY), st.none()),
    ),
    min_size=1,
    max_size=12,
)


def play(desk: Desk, steps: list[Any]) -> None:
    """Do the steps; what Conekta refuses, such as a refund of too much, changes nothing."""
    http, orders = desk.shop.http, []
    for name, what, more in steps:
        if name.startswith("sell"):
            currency = "USD" if name == "sell_dollars" else "MXN"
            item = {"name": "Plan anual", "unit_price": more, "quantity": 1}
            order = desk.shop.order(None, what, line_items=[item], currency=currency)
            orders.append(order["id"])
            if what is not VISA:
                desk.shop.pay(order_id=order["id"])
        elif name == "wait":
            desk.shop.advance(what)
        elif orders and name == "refund":
            order_id = orders[what % len(orders)]
            http.post(f"/orders/{order_id}/refunds", json={"amount": more, "reason": "requested_by_client"})
        elif orders:
            order_id = orders[what % len(orders)]
            opened = http.post("/_sandbox/chargebacks", json={"order_id": order_id}).json()
            if more and "id" in opened:
                http.post(f"/_sandbox/chargebacks/{opened['id']}/resolve", json={"status": "lost"})


def list_movements(desk: Desk) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.shop.get("/transactions", limit=250)["data"]
    return rows


@tries(10)
@given(STEPS, st.sampled_from(["day", "week", "method", "status"]))
def test_sums_equal_the_movements_of_the_balance_to_the_centavo(steps: list[Any], by: str) -> None:
    desk = Desk()
    play(desk, steps)
    answer = desk.ask("summarize_sales", from_day=str(START), by=by)
    rows = list_movements(desk)
    nets = {row["currency"]: 0 for row in rows}
    for row in rows:
        nets[row["currency"]] += row["net"]
    assert {one["currency"]: one["balance_change"] for one in answer["totals"]} == nets
    for total in answer["totals"]:
        assert total["net"] == total["taken"] - total["fees"] - total["refunds"] - total["chargebacks"]
        groups = [one for one in answer.get("groups", []) if one["currency"] == total["currency"]]
        for name in ("taken", "fees", "refunds", "chargebacks", "net", "payments"):
            assert sum(one.get(name, 0) for one in groups) == total[name]
    balance = desk.shop.get("/balance")
    for currency, net in nets.items():
        held = [one["amount"] for part in ("available", "pending", "retained") for one in balance[part]
                if one["currency"] == currency]  # fmt: skip
        assert sum(held) == net
    assert answer["complete"]
    desk.ledger.close()


@tries(6)
@given(STEPS, st.integers(0, 6), st.integers(0, 6))
def test_a_range_has_the_movements_of_its_days_and_no_others(steps: list[Any], first: int, days: int) -> None:
    desk = Desk()
    play(desk, steps)
    start, end = START + first * DAY, START + (first + days) * DAY
    answer = desk.ask("summarize_sales", from_day=str(start), to_day=str(end))
    nets: dict[str, int] = {}
    for row in list_movements(desk):
        if start <= row["created_at"] < end:
            nets[row["currency"]] = nets.get(row["currency"], 0) + row["net"]
    assert {one["currency"]: one["balance_change"] for one in answer["totals"]} == nets
    desk.ledger.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_day_is_one_of_the_merchants_zone(desk: Desk) -> None:
    play(desk, [("sell", VISA, 50000), ("wait", 13 * 3600, None), ("sell", VISA, 10000)])
    # 12:00 UTC and 01:00 UTC of the next day are one day in Mexico City.
    (day,) = desk.ask("summarize_sales", from_day="2026-01-16")["groups"]
    assert (day["group"], day["taken"], day["payments"]) == ("2026-01-16", 60000, 2)
    play(desk, [("wait", 6 * 3600, None), ("sell", VISA, 700)])
    answer = desk.ask("summarize_sales", from_day="2026-01-16", to_day="2026-01-16")
    assert [one["group"] for one in answer["groups"]] == ["2026-01-16"]


def test_the_answer_says_in_a_sentence_what_was_sold(desk: Desk) -> None:
    play(desk, [("sell", VISA, 50000), ("refund", 0, 20000)])
    answer = desk.ask("summarize_sales", from_day="hoy")
    assert answer["found"] == (
        "From 16 Jan 2026, 00:00 (Mexico City) to 16 Jan 2026, 06:00 (Mexico City): "
        "MXN 500.00 taken in 1 payment, MXN 23.20 fees, MXN 200.00 refunded, MXN 276.80 net."
    )
    assert answer["totals"] == [
        {
            "currency": "MXN",
            "taken": 50000,
            "fees": 2320,
            "refunds": 20000,
            "chargebacks": 0,
            "net": 27680,
            "other": 0,
            "balance_change": 27680,
            "payments": 1,
            "refund_count": 1,
            "chargeback_count": 0,
            "taken_text": "MXN 500.00",
            "fees_text": "MXN 23.20",
            "refunds_text": "MXN 200.00",
            "net_text": "MXN 276.80",
        }
    ]


def test_what_still_waits_for_its_payment_is_told_apart(desk: Desk) -> None:
    desk.shop.order(None, SPEI)
    answer = desk.ask("summarize_sales", from_day="hoy")
    assert answer["totals"] == []
    assert answer["pending"] == [
        {"currency": "MXN", "amount": 50000, "orders": 1, "amount_text": "MXN 500.00"}
    ]


def test_sums_by_method_and_status(desk: Desk) -> None:
    play(desk, [("sell", VISA, 50000), ("sell", SPEI, 20000), ("refund", 0, 50000)])
    by_method = desk.ask("summarize_sales", from_day="hoy", by="method")["groups"]
    assert {one["group"]: one.get("taken") for one in by_method} == {"card": 50000, "spei": 20000}
    by_status = desk.ask("summarize_sales", from_day="hoy", by="status")["groups"]
    assert {one["group"]: one["taken"] for one in by_status} == {"refunded": 50000, "paid": 20000}


def test_a_budget_that_ends_is_told_and_nothing_is_called_complete(desk: Desk) -> None:
    play(desk, [("sell", VISA, 1000)] * 260)
    answer = desk.ask("summarize_sales", from_day="hoy", budget=2)
    assert answer["complete"] is False
    assert answer["left_out"][0].startswith("So far: movements before 16 Jan 2026")
    assert "(incomplete)" in answer["found"]
    assert desk.ask("summarize_sales", from_day="hoy")["totals"][0]["payments"] == 260


def test_progress_only_grows(desk: Desk) -> None:
    play(desk, [("sell", VISA, 1000)] * 3)
    desk.ask("summarize_sales", from_day="hoy", by="method")
    assert [done for done, _ in desk.told] == sorted(done for done, _ in desk.told)
    assert all(done < of for done, of in desk.told)


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("capture", "taken"),
        ("capture_reversal", "taken"),
        ("refund", "refunds"),
        ("refund_reversal", "refunds"),
        ("chargeback", "chargebacks"),
        ("chargeback_reversal", "chargebacks"),
        ("won_chargeback", "chargebacks"),
        ("payout", "other"),
        ("rounding_adjustment", "other"),
        ("", "other"),
    ],
)
def test_each_type_of_movement_is_counted_once(kind: str, counted: str) -> None:
    assert classify(kind) == counted


def test_the_sentence_adds_up_and_a_week_or_month_is_one_argument() -> None:
    desk = Desk(language="es")
    desk.shop.advance(2 * DAY)  # a Sunday
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 12345, "reason": "requested_by_client"})
    lost = desk.shop.order(None, VISA)["id"]
    desk.shop.post("/_sandbox/chargebacks", {"order_id": lost, "reason": "fraudulent"})
    desk.shop.advance(DAY)
    desk.shop.order(None, VISA)
    answer = desk.ask("summarize_sales", from_day="la semana pasada")
    (sums,) = answer["totals"]
    assert answer["found"] == (
        "De 12 ene 2026, 00:00 (Ciudad de México) a 18 ene 2026, 23:59 (Ciudad de México): MXN 1,000.00 "
        f"cobrados en 2 pagos, {sums['fees_text']} de comisiones, MXN 123.45 devueltos, "
        f"MXN 500.00 de contracargos, {sums['net_text']} netos."
    )
    assert sums["taken"] - sums["fees"] - 12345 - 50000 == sums["net"]
    whole = desk.ask("summarize_sales", from_day="enero")["totals"][0]
    assert (
        whole["taken"] == desk.ask("summarize_sales", from_day="2026-01-01")["totals"][0]["taken"] == 150000
    )
    assert desk.ask("summarize_sales", from_day="la semana pasada", to_day="hoy")["totals"][0] == whole


def test_one_day_in_words_is_told_alone_beside_the_sums_until_now(desk: Desk) -> None:
    desk.shop.order(None, VISA)
    desk.shop.advance(DAY)
    desk.shop.order(None, VISA)
    answer = desk.ask("summarize_sales", from_day="ayer")
    assert "MXN 1,000.00 taken in 2 payments" in answer["found"]
    assert " That first day alone: MXN 500.00 taken in 1 payment, " in answer["found"]
    for asked in (
        {"from_day": "ayer", "to_day": "ayer"}, {"from_day": "hoy"}, {"from_day": "2026-01-16"},
        {"from_day": "desde ayer"}, {"from_day": "esta semana"},
    ):  # fmt: skip
        assert "That first day" not in desk.ask("summarize_sales", **asked)["found"]


@pytest.mark.parametrize("year", ["2026", "este año", "this year"])
def test_a_year_is_all_of_it(desk: Desk, year: str) -> None:
    desk.shop.order(None, VISA)
    (sums,) = desk.ask("summarize_sales", from_day=year)["totals"]
    assert sums["taken"] == 50000
    assert desk.ask("summarize_sales", from_day="el año pasado")["totals"] == []


def test_days_further_back_than_the_budget_reaches_are_not_told_as_days_without_sales(desk: Desk) -> None:
    play(desk, [("sell", VISA, 1000), ("wait", 3 * DAY, None), *[("sell", VISA, 1000)] * 260])
    answer = desk.ask("summarize_sales", from_day="2026-01-16", to_day="2026-01-16", budget=2)
    assert answer["found"].endswith("(incomplete): nothing of those days was reached.")
    assert "Those days are further back than can be reached: ask for newer ones" in answer["left_out"][0]
    assert "Ask for fewer days" in desk.ask("summarize_sales", from_day="2026-01-16", budget=2)["left_out"][0]


def test_a_month_that_is_not_over_is_summed_until_now(desk: Desk) -> None:
    play(desk, [("sell", VISA, 50000)])
    answer = desk.ask("summarize_sales", from_day="2026-01-01", to_day="2026-01-31")
    assert answer["found"].startswith(
        "From 1 Jan 2026, 00:00 (Mexico City) to 16 Jan 2026, 06:00 (Mexico City): MXN 500.00 taken"
    )
    answer = desk.ask("summarize_sales", from_day="2026-02-01", to_day="2026-02-28")
    assert answer["found"].endswith(": it has not come yet.")
