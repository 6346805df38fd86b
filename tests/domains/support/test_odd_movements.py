"""Movements that Conekta writes in another form are summed or told as unread, never taken for nothing."""

from typing import Any

import anyio
import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.domains.support.fields import SummarizeSalesInput
from conekta_mcp.domains.support.sales.summing import summarize_sales
from conekta_mcp.results.times import use_times
from tests.domains.support.asking import DAY, MEXICO_CITY, START

CAPTURE = {"id": "t1", "object": "transaction", "type": "capture", "amount": 50_000, "fee": 2000,
           "currency": "MXN", "created_at": START}  # fmt: skip


class Movements:
    """A reader of one page of movements and of no orders."""

    is_time_known, now = True, float(START + 60)

    def __init__(self, *rows: Any) -> None:
        self.rows = rows

    def has_budget(self, _requests: int = 1) -> bool:
        return True

    async def send(self, request: Request) -> dict[str, Any]:
        rows = list(self.rows) if "transactions" in request.path else []
        return {"object": "list", "data": rows, "has_more": False}

    async def tell(self, _done: int, _of: int) -> None:
        """Nobody waits for progress."""


def summarize(*rows: Any) -> dict[str, Any]:
    asked = SummarizeSalesInput(from_day=str(START - DAY))
    with use_times(MEXICO_CITY, "en"):
        reader: Any = Movements(*rows)
        return anyio.run(summarize_sales, reader, asked)


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({"amount": 50_000.0, "fee": 2000.0}, 50_000),
        ({"created_at": float(START)}, 50_000),
        ({"fee": None}, 50_000),
        ({}, 50_000),
    ],
    ids=str,
)
def test_a_whole_number_written_as_a_fraction_is_that_number(changed: dict[str, Any], taken: int) -> None:
    told = summarize({**CAPTURE, **changed})
    assert [one["taken"] for one in told["totals"]] == [taken]
    assert (told["complete"], told["left_out"]) == (True, [])


@pytest.mark.parametrize(
    "changed",
    [{"amount": "50000"}, {"amount": None}, {"amount": 0.5}, {"fee": "x"}, {"created_at": "hoy"}],
    ids=str,
)
def test_a_movement_that_cannot_be_read_is_told_and_nothing_is_called_complete(
    changed: dict[str, Any],
) -> None:
    told = summarize(CAPTURE, {**CAPTURE, "id": "t2", **changed})
    assert (told["complete"], told["left_out"]) == (
        False,
        ["The amount or the time of 1 movement cannot be read."],
    )
    assert "(incomplete)" in told["found"]


@pytest.mark.parametrize(("written", "told"), [(None, "?"), ("", "?"), ("usd", "USD"), ("US$", "«US$»")])
def test_a_movement_without_a_currency_is_not_one_in_pesos(written: str | None, told: str) -> None:
    sums = summarize(CAPTURE, {**CAPTURE, "id": "t2", "currency": written})["totals"]
    assert sorted(one["currency"] for one in sums) == sorted(["MXN", told])
    assert [one["taken"] for one in sums] == [50_000, 50_000]


def test_a_movement_that_is_listed_twice_is_summed_once() -> None:
    told = summarize(CAPTURE, CAPTURE)
    assert ([one["taken"] for one in told["totals"]], told["complete"]) == ([50_000], False)
