"""The ledger: state in a file, and repeatable chance."""

import gc
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.shop import OpenShop


def test_a_file_keeps_customers_orders_clock_and_faults_across_restarts(
    tmp_path: Path, open_shop: OpenShop, spei: dict[str, str]
) -> None:
    path = str(tmp_path / "ledger.db")
    ledger = Ledger(path, clock=lambda: 1768564855, seed=1)
    shop = open_shop(ledger)
    customer, clabe = shop.customer_with_clabe()
    order = shop.order(customer, spei, reuse_customer_clabe=True)
    now = shop.advance(3600)
    shop.post("/_sandbox/faults", {"status": 503, "path_prefix": "/never"})
    ledger.close()

    ledger = Ledger(path, clock=lambda: 1768564855, seed=1)
    again = open_shop(ledger)
    assert again.get("/_sandbox/clock")["now"] == now
    assert again.get(f"/orders/{order['id']}") == order
    assert again.get("/_sandbox/faults")["total"] == 1
    assert again.customer_with_clabe()[1] != clabe
    assert again.pay(reference=clabe)["order_id"] == order["id"]
    assert again.order(customer, spei)["id"] > order["id"]
    ledger.close()


def test_a_seed_repeats_every_id_and_no_seed_does_not(open_shop: OpenShop, spei: dict[str, str]) -> None:
    def journey(seed: int | None) -> object:
        ledger = Ledger(clock=lambda: 1768564855, seed=seed)
        shop = open_shop(ledger)
        order = shop.order(shop.customer_with_clabe()[0], spei)
        ledger.close()
        return order

    assert journey(7) == journey(7)
    assert journey(None) != journey(None)


def test_two_ledgers_share_one_file(tmp_path: Path, open_shop: OpenShop) -> None:
    path = str(tmp_path / "ledger.db")
    ledgers = [Ledger(path), Ledger(path)]
    one, two = (open_shop(ledger) for ledger in ledgers)
    ids = [shop.customer()["id"] for shop in (one, two, one, two)]
    assert len(set(ids)) == 4
    assert one.get("/customers") == two.get("/customers")
    for ledger in ledgers:
        ledger.close()


def test_what_raises_inside_a_transaction_leaves_no_trace(ledger: Ledger) -> None:
    def interrupted() -> None:
        with ledger.transaction():
            ledger.execute("INSERT INTO minted (reference) VALUES ('x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert ledger.execute("SELECT * FROM minted") == []


def test_a_ledger_that_nobody_closed_closes_its_database_when_it_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = []

    class Recorded(sqlite3.Connection):
        def close(self) -> None:
            closed.append(self.total_changes)
            super().close()

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Recorded))
    ledger = Ledger()
    assert ledger.execute("SELECT value FROM counter") == [(0,)]
    assert closed == []
    del ledger
    gc.collect()
    assert closed == [1]
