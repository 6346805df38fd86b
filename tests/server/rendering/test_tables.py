"""Lists are columns and rows, with the requested length and fields."""

import json
from typing import Any

import httpx
import pytest
from mcp.types import CallToolResult

from conekta_mcp.catalog.fields import SpanishText
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.privacy.typed_fields import TYPED_NOTICE
from conekta_mcp.server.paging import NO_WAY_ON
from tests.tables import EMPTY_CUSTOMERS, rows_of

pytestmark = pytest.mark.anyio
API = "https://api.conekta.io"


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"cus_{number:017}",
        "livemode": False,
        "name": f"Cliente Número {number}",
        "email": f"cliente{number}@example.com",
        "phone": "+525555555555",
        "corporate": False,
        "created_at": 1768564855,
        "object": "customer",
        **more,
    }


def page(people: list[dict[str, Any]], *, more: bool = False) -> dict[str, Any]:
    onward = f"{API}/customers?limit=20&next={people[-1]['id']}" if more else None
    return {"object": "list", "has_more": more, "next_page_url": onward, "data": people}


class Conekta:
    """Pages through `most` customers, and fails from request number `failing` on."""

    def __init__(self, most: int, failing: int | None = None) -> None:
        self._people = [person(number) for number in range(1, most + 1)]
        self._failing = failing
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(dict(request.url.params))
        if self._failing and len(self.asked) >= self._failing:
            return httpx.Response(422, json={"details": [{"message": "No."}]})
        after, limit = request.url.params.get("next"), int(request.url.params["limit"])
        start = 0 if after is None else int(after.removeprefix("cus_"))
        part = self._people[start : start + limit]
        return httpx.Response(200, json=page(part, more=start + limit < len(self._people)))


async def listed(client_for: Any, conekta: Any, **given: Any) -> CallToolResult:
    async with client_for(conekta) as (client, _):
        result: CallToolResult = await client.call_tool("list_customers", given)
    return result


async def test_columns_are_said_once_and_absent_values_are_null(client_for: Any) -> None:
    people = [person(1), person(2, custom_reference="R-2"), {"id": "cus_3"}]
    result = await listed(client_for, httpx.Response(200, json=page(people)))
    assert result.structured_content == {
        "columns": ["id", "name", "email", "phone", "custom_reference"],
        "rows": [
            ["cus_00000000000000001", "Cliente Número 1", "cliente1@example.com", "+525555555555", None],
            ["cus_00000000000000002", "Cliente Número 2", "cliente2@example.com", "+525555555555", "R-2"],
            ["cus_3", None, None, None, None],
        ],
        "has_more": False,
        "livemode": False,
        "typed_text": TYPED_NOTICE.format("name, email, phone, custom_reference"),
    }  # fmt: skip


async def test_twenty_customers_cost_at_most_2600_bytes(client_for: Any) -> None:
    result = await listed(client_for, Conekta(21))
    assert len(rows_of(result.structured_content)) == 20
    assert len(result.content[0].text.encode()) <= 2600  # type: ignore[union-attr]


async def test_fields_choose_the_columns_of_conektas_own_object_too(client_for: Any) -> None:
    result = await listed(client_for, Conekta(1), fields=["corporate", "id"])
    assert result.structured_content == {
        "columns": ["corporate", "id"],
        "rows": [[False, "cus_00000000000000001"]],
        "has_more": False,
        "livemode": False,
    }


async def test_a_field_that_no_row_has_is_named_with_what_there_is(client_for: Any) -> None:
    result = await listed(client_for, Conekta(1), fields=["id", "balance"])
    error = result.structured_content["error"]  # type: ignore[index]
    assert (result.is_error, error["param"]) == (True, "fields")
    assert error["message"] == "fields: ninguna fila tiene eso; debug_message nombra lo que hay."
    assert error["debug_message"] == (
        "fields: no row has balance; there are: id, name, email, phone, "
        "corporate, created_at, livemode, object."
    )


async def test_fields_of_an_empty_list_are_not_wrong(client_for: Any) -> None:
    result = await listed(client_for, httpx.Response(200, json=page([])), fields=["id"])
    told = EMPTY_CUSTOMERS["es"]
    assert result.structured_content == {"columns": ["id"], "rows": [], "has_more": False, "empty": told}


async def test_only_a_list_that_ends_without_rows_says_how_far_it_looked(client_for: Any) -> None:
    goes_on = {**page([]), "has_more": True}
    for answer in (page([{"id": "cus_1"}]), goes_on):
        result = await listed(client_for, httpx.Response(200, json=answer))
        assert "empty" not in result.structured_content


async def test_detail_gives_the_whole_objects(client_for: Any) -> None:
    result = await listed(client_for, httpx.Response(200, json=page([person(1)])), detail="full")
    assert result.structured_content == {
        "conekta": page([person(1)]),
        "typed_text": TYPED_NOTICE.format("name, email, phone"),
    }


async def test_max_items_walks_the_pages_and_says_how_to_go_on(client_for: Any) -> None:
    conekta = Conekta(900)
    result = await listed(client_for, conekta, max_items=600, fields=["id"])
    answer = result.structured_content
    assert [row["id"] for row in rows_of(answer)] == [f"cus_{number:017}" for number in range(1, 601)]
    assert (answer["has_more"], answer["next"]) == (True, f"cus_{600:017}")  # type: ignore[index]
    assert conekta.asked == [
        {"limit": "250"},
        {"limit": "250", "next": f"cus_{250:017}"},
        {"limit": "100", "next": f"cus_{500:017}"},
    ]


async def test_a_walk_keeps_the_page_size_that_was_asked_for(client_for: Any) -> None:
    conekta = Conekta(7)
    result = await listed(client_for, conekta, max_items=50, limit=3, next=f"cus_{1:017}")
    assert [row["id"][-1] for row in rows_of(result.structured_content)] == ["2", "3", "4", "5", "6", "7"]
    assert [asked["limit"] for asked in conekta.asked] == ["3", "3"]


async def test_a_walk_that_fails_later_keeps_what_it_has_and_says_so(client_for: Any) -> None:
    result = await listed(client_for, Conekta(600, failing=3), max_items=600, fields=["id"])
    answer = result.structured_content
    assert len(rows_of(answer)) == 500
    assert answer is not None
    assert (answer["stopped"], answer["next"]) == ("No. Pass next to go on from here.", f"cus_{500:017}")


async def test_a_walk_that_fails_at_once_is_an_error(client_for: Any) -> None:
    result = await listed(client_for, Conekta(600, failing=1), max_items=600)
    assert (result.is_error, result.structured_content["error"]["message"]) == (True, "No.")  # type: ignore[index]


async def test_a_cursor_that_stands_still_ends_the_walk(client_for: Any) -> None:
    still = httpx.Response(200, json=page([person(1)], more=True))
    result = await listed(client_for, still, max_items=1000, fields=["id"])
    assert len(rows_of(result.structured_content)) == 1
    assert result.structured_content["stopped"] == NO_WAY_ON  # type: ignore[index]


async def test_a_walk_goes_forward_only(client_for: Any) -> None:
    conekta = Conekta(3)
    result = await listed(client_for, conekta, max_items=3, previous="cus_1")
    assert result.structured_content["error"]["param"] == "max_items"  # type: ignore[index]
    assert conekta.asked == []


async def test_a_walk_reports_its_progress(client_for: Any) -> None:
    told: list[tuple[float, float | None, str | None]] = []

    async def tell(done: float, of: float | None, message: str | None) -> None:
        told.append((done, of, message))

    async with client_for(Conekta(300)) as (client, _):
        await client.call_tool("list_customers", {"max_items": 300}, progress_callback=tell)
    assert told == [(250, 300, "Buscar clientes"), (300, 300, "Buscar clientes")]


async def test_a_list_that_is_too_long_ends_where_its_cursor_begins(client_for: Any) -> None:
    result = await listed(client_for, Conekta(900), max_items=900)
    answer = result.structured_content
    assert answer is not None
    rows = rows_of(answer)
    text = result.content[0].text  # type: ignore[union-attr]
    assert json.loads(text) == answer
    assert 30_000 < len(text.encode()) <= 40_000
    assert (answer["has_more"], answer["next"]) == (True, rows[-1]["id"])
    assert (
        answer["cut"]
        == f"{len(rows)} of 900 rows fit. Pass next for the rest, or ask for fewer fields or rows."
    )


async def test_a_long_list_without_ids_has_no_cursor_of_its_own(client_for: Any) -> None:
    answer = (
        await listed(client_for, Conekta(1000), max_items=1000, fields=["name", "email"])
    ).structured_content
    assert answer is not None
    assert ("next" in answer, answer["cut"].endswith("rows fit. Ask for fewer fields or rows.")) == (
        False,
        True,
    )


async def test_times_for_programs_are_columns_only_where_they_are_asked_for(client_for: Any) -> None:
    link = {"id": "1", "object": "checkout", "expires_at": 1_798_416_000}
    async with client_for(httpx.Response(200, json={"object": "list", "data": [link]})) as (client, _):
        usual = await client.call_tool("list_payment_links", {})
        chosen = await client.call_tool("list_payment_links", {"fields": ["id", "expires_at_iso"]})
    text = "27 dic 2026, 18:00 (Ciudad de México)"
    assert rows_of(usual.structured_content) == [
        {"id": "1", "expires_at": 1_798_416_000, "expires_at_text": text}
    ]
    assert rows_of(chosen.structured_content) == [{"id": "1", "expires_at_iso": "2026-12-27T18:00:00-06:00"}]


def test_what_a_search_covers_is_said_in_spanish_too() -> None:
    silent = [
        tool.name
        for tool in ALL_TOOLS
        if (search := tool.input.model_fields.get("search")) is not None
        and not any(isinstance(one, SpanishText) for one in search.metadata)
    ]
    assert silent == [], f"add SpanishText(...) beside the description of search in the tools.py of {silent}"
