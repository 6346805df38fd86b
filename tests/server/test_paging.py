"""A walk over pages repeats no row, follows no cursor twice, and says where Conekta leads no further."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.domains.customers.tools import ListCustomersInput, list_customers
from conekta_mcp.server.paging import NO_WAY_ON, walk_pages

pytestmark = pytest.mark.anyio
Page = dict[str, Any]
ADDRESS = "https://api.conekta.io/customers"


class Pages:
    """Three pages of one customer each, altered."""

    def __init__(self, alter: Callable[[Page, int], Page]) -> None:
        self.alter, self.asked = alter, 0

    async def send(self, request: Request) -> Page:
        self.asked += 1
        number = int(str(request.query.get("next", "cus_0")).removeprefix("cus_")) + 1
        last = number >= 3
        page = {
            "object": "list",
            "data": [{"id": f"cus_{number}", "object": "customer"}],
            "has_more": not last,
            "next_page_url": None if last else f"{ADDRESS}?next=cus_{number}",
        }
        return self.alter(page, self.asked)


async def tell(_done: int, _of: int) -> None:
    """Nobody waits for progress."""


@pytest.mark.parametrize(
    ("alter", "rows", "stopped"),
    [
        (lambda page, _: page, 3, None),
        (lambda page, _: {**page, "has_more": None}, 3, None),
        (lambda page, _: {**page, "data": [{"id": "cus_1"}, *page["data"]]}, 3, None),
        (lambda page, _: {**page, "has_more": True, "next_page_url": None}, 1, NO_WAY_ON),
        (lambda page, _: {**page, "has_more": True, "next_page_url": f"{ADDRESS}?next=cus_1"}, 2, NO_WAY_ON),
        (
            lambda page, many: {**page, "has_more": True, "next_page_url": f"{ADDRESS}?next=cus_{many % 2}"},
            2,
            NO_WAY_ON,
        ),
    ],
    ids=["as it is", "no has_more", "a row again", "no cursor", "the same cursor", "a circle"],
)
async def test_a_walk_ends_where_no_new_page_follows(
    alter: Callable[[Page, int], Page], rows: int, stopped: str | None
) -> None:
    pages = Pages(alter)
    answer = await walk_pages(list_customers, pages, ListCustomersInput(), 50, tell)
    assert [row["id"] for row in answer["data"]] == [f"cus_{number}" for number in range(1, rows + 1)]
    assert (answer.get("stopped"), answer["next_page_url"]) == (stopped, None)
    assert pages.asked <= 3
