"""Pages and cursors."""

import pytest

from tests.sandbox.shop import Shop

BASE = "https://api.example.com/customers"


@pytest.fixture
def ids(shop: Shop) -> list[str]:
    """Create five customers and return their ids, newest first."""
    return [shop.customer(name=f"Cliente {n}")["id"] for n in range(5)][::-1]


def test_ids_sort_by_age_and_lists_start_with_the_newest(shop: Shop, ids: list[str]) -> None:
    assert sorted(ids, reverse=True) == ids
    listed = shop.get("/customers")
    assert [row["id"] for row in listed["data"]] == ids
    assert {name: listed[name] for name in listed if name != "data"} == {
        "next_page_url": None,
        "previous_page_url": None,
        "has_more": False,
        "object": "list",
    }


def test_pages_lead_forward_and_back(shop: Shop, ids: list[str]) -> None:
    first = shop.get("/customers", limit=2)
    assert first["next_page_url"] == f"{BASE}?limit=2&next={ids[1]}"
    assert (first["previous_page_url"], first["has_more"]) == (None, True)
    second = shop.http.get(first["next_page_url"]).json()
    assert [row["id"] for row in second["data"]] == ids[2:4]
    assert second["previous_page_url"] == f"{BASE}?limit=2&previous={ids[2]}"
    last = shop.http.get(second["next_page_url"]).json()
    assert ([row["id"] for row in last["data"]], last["has_more"], last["next_page_url"]) == (
        ids[4:],
        False,
        None,
    )
    back = shop.http.get(last["previous_page_url"]).json()
    assert ([row["id"] for row in back["data"]], back["has_more"]) == (ids[2:4], True)
    start = shop.http.get(back["previous_page_url"]).json()
    assert ([row["id"] for row in start["data"]], start["has_more"]) == (ids[:2], False)
    assert start["previous_page_url"] is None


def test_the_page_url_repeats_the_limit_only_if_it_was_sent(shop: Shop, ids: list[str]) -> None:
    for n in range(16):
        shop.customer(name=f"Otro {n}")
    listed = shop.get("/customers")
    assert len(listed["data"]) == 20
    assert listed["next_page_url"] == f"{BASE}?next={ids[3]}"


def test_an_empty_page_has_no_links(shop: Shop, ids: list[str]) -> None:
    empty = shop.get("/customers", next=ids[-1])
    assert (empty["data"], empty["next_page_url"], empty["previous_page_url"]) == ([], None, None)


def test_a_page_walks_over_rows_the_search_leaves_out(shop: Shop, ids: list[str]) -> None:
    page = shop.get("/customers", search="cliente 0", next=ids[1])
    assert [row["id"] for row in page["data"]] == [ids[4]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "limit.invalid"),
        ({"limit": "251"}, "limit.invalid"),
        ({"limit": "many"}, "limit.invalid_datatype"),
        ({"limit": "-1"}, "limit.invalid_datatype"),
        ({"next": "cus_unknown"}, "next.invalid"),
        ({"previous": "cus_unknown"}, "previous.invalid"),
        ({"next": "cus_a", "previous": "cus_b"}, "previous.invalid"),
    ],
)
def test_a_page_that_cannot_be_is_refused(shop: Shop, query: dict[str, str], code: str) -> None:
    answer = shop.http.get("/customers", params=query)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["code"] == f"conekta.errors.parameter_validation.{code}"


def test_250_rows_are_the_most_one_page_holds(shop: Shop) -> None:
    assert shop.get("/customers", limit=250)["data"] == []
