"""Walks over pages: how far they came, what ended them, and what a failure leaves."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.domains.support.walking import HIDDEN_ROWS, Walk, collect_rows, iter_pages
from conekta_mcp.errors import Detail, RequestRefused
from tests.domains.support.asking import VISA, Desk

pytestmark = pytest.mark.anyio


class Pages:
    """A reader of made-up pages of one row each; a number that fails has no page."""

    def __init__(self, count: int, *, room: int = 100, failing: int | None = None) -> None:
        self.count, self.room, self.failing = count, room, failing
        self.asked: list[Request] = []

    def has_budget(self, _requests: int = 1) -> bool:
        return len(self.asked) < self.room

    async def send(self, request: Request) -> dict[str, Any]:
        self.asked.append(request)
        number = int(str(request.query.get("next", "ord_0")).removeprefix("ord_")) + 1
        if number == self.failing:
            detail = Detail(message="Conekta fell over.")
            raise RequestRefused(type="api_error", details=(detail,), http_status=500)
        last = number >= self.count
        return {
            "object": "list",
            "data": [{"id": f"ord_{number}", "object": "order", "created_at": 1000 - number}],
            "has_more": not last,
            "next_page_url": None if last else f"https://api.conekta.io/orders?next=ord_{number}",
        }


async def walk(pages: Any, **asked: Any) -> Walk:
    done = Walk()
    async for rows in iter_pages(pages, list_orders, done, **asked):
        done.found += rows
    return done


async def test_a_whole_walk_is_complete_and_repeats_its_filters() -> None:
    pages = Pages(3)
    done = await walk(pages, amount=500)
    assert (done.rows, done.complete, done.next, done.stopped) == (3, True, None, "")
    assert [dict(one.query) for one in pages.asked] == [
        {"limit": 250, "amount": 500},
        {"limit": 250, "amount": 500, "next": "ord_1"},
        {"limit": 250, "amount": 500, "next": "ord_2"},
    ]


async def test_a_walk_without_room_tells_from_where_to_go_on() -> None:
    done = await walk(Pages(3, room=2))
    assert (done.rows, done.complete, done.next) == (2, False, "ord_2")


async def test_a_later_failure_ends_the_walk_and_is_told() -> None:
    done = await walk(Pages(3, failing=2))
    assert (done.rows, done.complete, done.next, done.stopped) == (1, False, "ord_1", "Conekta fell over.")


async def test_the_first_failure_is_raised() -> None:
    with pytest.raises(RequestRefused):
        await walk(Pages(3, failing=1))


async def test_a_cursor_that_does_not_move_ends_the_walk() -> None:
    class Circle(Pages):
        async def send(self, request: Request) -> dict[str, Any]:
            page = await super().send(request)
            return {**page, "has_more": True, "next_page_url": "https://api.conekta.io/orders?next=ord_1"}

    done = await walk(Circle(9))
    assert (done.rows, done.complete, done.next, done.stopped) == (2, False, None, HIDDEN_ROWS[0])


class Altered(Pages):
    """Pages that come otherwise than Conekta says."""

    def __init__(self, count: int, alter: Callable[[dict[str, Any], int], dict[str, Any]]) -> None:
        super().__init__(count)
        self.alter = alter

    async def send(self, request: Request) -> dict[str, Any]:
        return self.alter(await super().send(request), len(self.asked))


ORDERS = "https://api.conekta.io/orders"


@pytest.mark.parametrize(
    ("alter", "rows", "complete"),
    [
        (lambda page, _: {**page, "has_more": None}, 3, True),
        (lambda page, _: {**page, "has_more": str(page["has_more"]).lower()}, 3, True),
        (lambda page, _: {**page, "has_more": True, "next_page_url": None}, 1, False),
        (lambda page, _: {**page, "has_more": True, "next_page_url": "/orders"}, 1, False),
        (lambda page, many: {**page, "has_more": True, "next_page_url": f"{ORDERS}?next=ord_{many % 2}"}, 2,
         False),
        (lambda page, _: {**page, "data": page["data"] * 2}, 3, False),
        (lambda page, _: {**page, "data": [*page["data"], None]}, 3, False),
        (lambda page, _: {**page, "total": 7, "has_more": False}, 1, False),
        (lambda page, many: {**page, "data": [{"id": "ord_1"}, *page["data"][many == 1:]]}, 3, True),
    ],
    ids=["no has_more", "has_more as text", "no cursor", "no cursor in it", "in a circle", "a row twice",
         "a row that is none", "fewer than its total", "a row of the page before"],
)  # fmt: skip
async def test_a_walk_is_complete_only_where_every_page_showed_all_it_has(
    alter: Any, rows: int, complete: bool
) -> None:
    """No row is told or summed twice, and nothing is called complete that hides some."""
    done = await walk(Altered(3, alter))
    assert ([row["id"] for row in done.found], done.complete) == (
        [f"ord_{number}" for number in range(1, rows + 1)],
        complete,
    )
    assert (done.next, bool(done.stopped)) == (None, not complete)


async def test_rows_are_collected_up_to_the_first_that_is_past() -> None:
    pages: Any = Pages(9)
    done = await collect_rows(pages, list_orders, is_past=lambda row: row["created_at"] < 998)
    assert [row["id"] for row in done.found] == ["ord_1", "ord_2"]
    assert (done.complete, len(pages.asked)) == (True, 3)


def test_a_search_that_conekta_does_not_take_is_told_and_the_walk_goes_on() -> None:
    desk = Desk()
    order = desk.shop.order(None, VISA)
    refusal = {"status": 422, "count": 1}
    desk.shop.post("/_sandbox/faults", refusal)
    answer = desk.ask("find_payment", amount=50000)
    assert answer["searched"][0]["stopped"]
    assert [one["id"] for one in answer["payments"]] == [order["id"]]
    assert answer["complete"] is False


def test_a_search_that_fails_otherwise_is_a_failure() -> None:
    desk = Desk()
    desk.shop.post("/_sandbox/faults", {"status": 401, "count": 1})
    with pytest.raises(RequestRefused):
        desk.ask("find_payment", amount=50000)
