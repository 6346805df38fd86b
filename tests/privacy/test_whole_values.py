"""Under masking a search takes whole values, and shows only rows that have them."""

from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.privacy.whole_values import WholeValueSender, has_value, is_whole_value

pytestmark = pytest.mark.anyio
ANA = {"id": "cus_9", "email": "ana@example.com", "phone": "+525512345678"}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ana@example.com", True),
        (" Ana@Example.com ", True),
        ("+52 55 1234 5678", True),
        ("5512345678", True),
        ("cus_2tKcHxhTz7xU5SymF", True),
        ("6a0000000000000000000001", True),
        ("pedido-881", True),
        ("@example.com", False),
        ("ana@", False),
        ("55123", False),
        ("12345678", False),
        ("Ana", False),
        ("Ana Ruiz", False),
        ("z", False),
        ("", False),
    ],
)
def test_what_can_be_whole(text: str, whole: bool) -> None:
    assert is_whole_value(text) is whole


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ANA@example.com", True),
        ("55 1234 5678", True),
        ("cus_9", True),
        ("na@example.com", False),
        ("ana@example.co", False),
        ("125512345678", False),
        ("cus_", False),
    ],
)
def test_a_part_of_a_value_is_not_the_value(value: str, found: bool) -> None:
    assert has_value(ANA, value) is found


@pytest.mark.parametrize(
    "row",
    [
        {"url": "/customers/cus_9?x=1"},
        {"searchable_tags": ["cus_9"]},
        {"request_body": '{"customer": {"id": "cus_9"}}'},
        {"charges": {"data": [{"customer_id": "cus_9"}]}},
    ],
)
def test_a_value_is_found_in_lists_paths_and_json_text(row: dict[str, Any]) -> None:
    assert has_value(row, "cus_9") is True
    assert has_value({"request_body": '{"cut": "cus_'}, "cus_9") is False


class Upstream:
    def __init__(self, page: dict[str, Any]) -> None:
        self.page, self.asked = page, [{}]

    async def send(self, request: Request) -> dict[str, Any]:
        self.asked.append(dict(request.query))
        return self.page


def ask(limit: int) -> Request:
    return Request("GET", "/customers", query={"limit": limit, "search": "ana@example.com"})


async def test_rows_with_a_part_only_tell_nothing_by_counts_cursors_or_has_more() -> None:
    other = {"id": "cus_8", "email": "diana@example.com"}
    upstream = Upstream({"object": "list", "data": [other], "has_more": False, "total": 1})
    page = await WholeValueSender(upstream, "ana@example.com").send(ask(1))
    assert upstream.asked[-1] == {"limit": 250, "search": "ana@example.com"}
    assert page == {
        "object": "list",
        "data": [],
        "has_more": False,
        "total": 0,
        "next_page_url": None,
        "previous_page_url": None,
    }


async def test_a_page_is_as_long_as_was_asked_and_its_cursor_goes_on_after_it() -> None:
    rows = [{**ANA, "id": "cus_3"}, {"id": "cus_2", "email": "diana@example.com"}, {**ANA, "id": "cus_1"}]
    page = await WholeValueSender(Upstream({"data": rows}), "ana@example.com").send(ask(1))
    assert page == {
        "data": rows[:1],
        "has_more": True,
        "next_page_url": "?next=cus_3",
        "previous_page_url": None,
    }
