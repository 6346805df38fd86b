"""conekta-mcp sandbox trigger"""

import json
from typing import Any

import httpx
import pytest

from conekta_mcp.cli.commands.sandbox_trigger import TRIGGERS
from conekta_mcp.sandbox.running import RunningSandbox
from tests.cli.conftest import Ended, Run

PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
ITEM = {"name": "Plan mensual", "unit_price": 50000, "quantity": 1}


class Shop:
    """An account of a sandbox that runs, and the commands that let something happen in it."""

    def __init__(self, conekta: RunningSandbox, run: Run) -> None:
        self.url, self._run = conekta.url, run

    def post(self, path: str, body: Any = None) -> Any:
        return self._ask("POST", path, body)

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": "Bearer key_shop"}
        answered = httpx.request(method, self.url + path, json=body, headers=headers, trust_env=False)
        return answered.raise_for_status().json()

    def order(self, method: str = "spei", **more: Any) -> Any:
        payment = {"type": method, **more}
        charges = [{"payment_method": payment}]
        return self.post(
            "/orders",
            {"currency": "MXN", "customer_info": PERSON, "line_items": [ITEM], "charges": charges},
        )

    def trigger(self, *words: str) -> Ended:
        more = ("--url", self.url, "--key", "key_shop", "--language", "en")
        return self._run("sandbox", "trigger", *words, *more)


@pytest.fixture
def shop(conekta: RunningSandbox, run: Run) -> Shop:
    return Shop(conekta, run)


def test_an_order_is_paid_by_its_id_or_its_clabe(shop: Shop) -> None:
    for find in (lambda one: one["id"], lambda one: one["charges"]["data"][0]["payment_method"]["clabe"]):
        order = shop.order()
        said = shop.trigger("order.paid", find(order))
        assert (said.code, said.err) == (0, "")
        assert said.out == f"order.paid: applied, {order['id']}, MXN 500.00\n"
        assert shop.get(f"/orders/{order['id']}")["payment_status"] == "paid"


def test_a_payment_of_another_amount_goes_back_to_its_payer(shop: Shop) -> None:
    order = shop.order()
    said = shop.trigger("order.paid", order["id"], "--amount", "49900")
    assert (said.code, said.out) == (1, "order.paid: returned to the payer (amount_mismatch)\n")
    assert shop.get(f"/orders/{order['id']}")["payment_status"] == "pending_payment"


def test_an_order_expires(shop: Shop) -> None:
    order = shop.order("cash")
    said = shop.trigger("order.expired", order["id"])
    assert (said.code, said.out.startswith("order.expired: done, now=")) == (0, True)
    assert shop.get(f"/orders/{order['id']}")["payment_status"] == "expired"
    assert said.out.endswith(" (Mexico City)\n")
    paid = shop.order()
    shop.trigger("order.paid", paid["id"])
    at = shop.get("/_sandbox/clock")["now"]
    for ended in (shop.order("card", token_id="tok_test_visa_4242"), paid, order):
        said = shop.trigger("order.expired", ended["id"])
        assert (said.code, said.err) == (
            1, f"conekta-mcp sandbox: order {ended['id']} has nothing that expires\n",
        )  # fmt: skip
    assert shop.get("/_sandbox/clock")["now"] - at < 3600


def test_a_link_is_paid(shop: Shop) -> None:
    link = {
        "name": "Plan mensual",
        "type": "PaymentLink",
        "recurrent": False,
        "expires_at": shop.get("/_sandbox/clock")["now"] + 86400,
        "allowed_payment_methods": ["card", "cash"],
        "order_template": {"currency": "MXN", "line_items": [ITEM]},
    }
    paid = shop.trigger("link.paid", shop.post("/checkouts", link)["id"], "--json")
    assert (paid.code, json.loads(paid.out)["payment_status"]) == (0, "paid")
    cash = shop.trigger("link.paid", shop.post("/checkouts", link)["id"], "--method", "cash", "--json")
    assert json.loads(cash.out)["payment_status"] == "pending_payment"


def test_a_chargeback_is_opened_and_ends(shop: Shop) -> None:
    order = shop.order("card", token_id="tok_test_visa_4242")
    opened = shop.trigger("charge.chargeback.created", order["id"], "--json")
    chargeback = json.loads(opened.out)["id"]
    won = shop.trigger("charge.chargeback.won", chargeback)
    assert (won.code, won.err.startswith("conekta-mcp sandbox: the sandbox refused it: ")) == (1, True)
    lost = shop.trigger("charge.chargeback.lost", chargeback)
    assert (lost.code, lost.out.startswith("charge.chargeback.lost: lost, ")) == (0, True)


def test_the_next_card_is_declined(shop: Shop) -> None:
    assert shop.trigger("card.declined", "--reason", "suspected_fraud").code == 0
    with pytest.raises(httpx.HTTPStatusError, match="402"):
        shop.order("card", token_id="tok_test_visa_4242")


def test_time_goes_by(shop: Shop) -> None:
    before = shop.get("/_sandbox/clock")["now"]
    assert shop.trigger("clock.advanced", "30d").code == 0
    assert shop.get("/_sandbox/clock")["now"] - before in range(30 * 86_400, 30 * 86_400 + 60)
    said = shop.trigger("clock.advanced", "soon")
    assert (said.code, said.err) == (
        2, "conekta-mcp: clock.advanced needs a time such as 90m, 12h or 30d\n",
    )  # fmt: skip


def test_what_is_due_is_transferred_and_delivered(shop: Shop) -> None:
    shop.trigger("order.paid", shop.order()["id"])
    shop.trigger("clock.advanced", "30d")
    assert shop.trigger("transfer.created").code == 0
    assert shop.trigger("webhooks.delivered").code == 0


@pytest.mark.parametrize("event", ["payout.paid", "refund.collected", "order.paid", "charge.chargeback.won"])
def test_what_the_sandbox_refuses_is_said_in_its_words(event: str, shop: Shop) -> None:
    said = shop.trigger(event, "ord_none")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("conekta-mcp sandbox: the sandbox refused it: ")
    assert "?" not in said.err


@pytest.mark.parametrize("event", [name for name, one in TRIGGERS.items() if one.needs])
def test_an_event_that_needs_something_says_what(event: str, run: Run) -> None:
    said = run("sandbox", "trigger", event, "--language", "en")
    assert said.code == 2
    assert said.err.startswith(f"conekta-mcp: {event} needs a")


def test_without_an_event_they_are_listed_and_a_misspelt_one_is_answered(run: Run) -> None:
    said = run("sandbox", "trigger", "--language", "en")
    assert (said.code, said.err) == (2, f"conekta-mcp: trigger needs {', '.join(TRIGGERS)}\n")
    said = run("sandbox", "trigger", "order.payed")
    assert (said.code, "did you mean order.paid?" in said.err) == (2, True)


def test_where_no_sandbox_runs_that_is_said_with_how_to_start_one(run: Run) -> None:
    said = run("sandbox", "trigger", "transfer.created", "--port", "9", "--language", "en")
    assert said.code == 1
    assert said.err == (
        "conekta-mcp sandbox: no sandbox answers at http://127.0.0.1:9; start one with "
        "conekta-mcp sandbox --port 9\n"
    )


@pytest.mark.parametrize("answer", [{"error": "Not Found"}, {"details": []}, {"details": ["no"]}, [], "no"])
def test_what_answers_and_is_no_sandbox_is_called_that(
    answer: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("httpx.request", lambda *_, **__: httpx.Response(404, json=answer))
    said = run("sandbox", "trigger", "order.paid", "ord_1", "--port", "8000", "--language", "en")
    told = "conekta-mcp sandbox: what answers at http://127.0.0.1:8000 is no sandbox of ours\n"
    assert (said.code, said.out, said.err) == (1, "", told)


@pytest.mark.parametrize("url", ["https://api.conekta.io", "http://example.com", "ftp://127.0.0.1", "x"])
def test_nothing_is_sent_beyond_this_machine(url: str, run: Run) -> None:
    said = run("sandbox", "trigger", "transfer.created", "--url", url, "--language", "en")
    assert (said.code, said.err) == (
        2, "conekta-mcp: --url: a sandbox on this machine, such as http://127.0.0.1:8200\n",
    )  # fmt: skip


def test_a_key_that_is_none_is_refused_without_being_repeated(run: Run) -> None:
    said = run("sandbox", "trigger", "transfer.created", "--key", "SECRET")
    assert (said.code, "SECRET" in said.err) == (2, False)


def test_flags_of_trigger_do_nothing_alone_so_they_are_refused(run: Run) -> None:
    said = run("sandbox", "--amount", "5", "--method", "card", "--language", "en")
    assert (said.code, said.err) == (2, "conekta-mcp: --amount, --method: only with sandbox trigger\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["card.declined", "--reason", "broke"],
            "--reason: expected one of card_declined, insufficient_funds, suspected_fraud",
        ),
        (
            ["charge.chargeback.created", "ord_1", "--reason", "broke"],
            "--reason: expected one of unrecognized, unauthorized",
        ),
        (["order.expired", "ord_1", "--amount", "5"], "--amount: only with order.paid\n"),
        (["order.paid", "ord_1", "--method", "card"], "--method: only with link.paid\n"),
        (
            ["link.paid", "lnk", "--reason", "broke"],
            "--reason: only with card.declined, charge.chargeback.created\n",
        ),
    ],
)
def test_a_flag_that_the_event_does_not_take_is_refused_by_its_name(
    words: list[str], told: str, run: Run
) -> None:
    said = run("sandbox", "trigger", *words, "--language", "en")
    assert (said.code, said.out, said.err.startswith(f"conekta-mcp: {told}")) == (2, "", True)
