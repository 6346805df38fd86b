"""Search by what developers paste, a method and a route, and by words that are spelt as they sound."""

import pytest

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.sounds import spell_sound
from conekta_mcp.server.discovery.ranking import Finder
from conekta_mcp.server.discovery.routes import find_by_route, split_route

FINDER = Finder(ALL_TOOLS)
OPERATIONS = [tool for tool in ALL_TOOLS if isinstance(tool, Operation)]


def find_names(query: str) -> list[str]:
    return [tool.name for tool in FINDER.find(query, 3)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_each_operation_is_found_by_its_method_and_route(operation: Operation) -> None:
    route = f"{operation.endpoint.method} {operation.endpoint.template}"
    assert operation.name in find_names(route)
    assert operation.name in find_names(f"how do I call `{route.lower()}`?")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("POST /orders/ord_2x/capture", "capture_order"),
        ("put plans/gold", "update_plan"),
        ("GET /companies/current", "get_current_company"),
        ("what does DELETE /webhook_keys/:id do", "delete_webhook_key"),
        ("PATCH /orders/{id}/cancel", "cancel_order"),
        ("/customers/{id}/subscriptions/{id}/pause?x=1", "pause_subscription"),
    ],
)
def test_a_route_with_ids_or_a_wrong_method_is_found_too(query: str, first: str) -> None:
    assert find_names(query)[0] == first


@pytest.mark.parametrize(
    "query",
    [
        "create a webhook for https://shop.example.com/orders",
        "and/or",
        "24/7",
        "/",
        "//",
        "GET",
        "3/1 500",
        "",
    ],
)
def test_what_is_no_route_of_conekta_names_no_operation(query: str) -> None:
    assert find_by_route(query, ALL_TOOLS) == frozenset()


def test_an_address_of_the_shop_does_not_decide() -> None:
    assert find_names("send my webhooks to https://shop.example.com/orders")[0] in {
        "create_webhook",
        "update_webhook",
    }


def test_segments_of_a_route() -> None:
    assert split_route("(/orders/{order_id}/void),") == ["orders", "{order_id}", "void"]
    assert split_route("orders") == split_route("https://x.example/orders") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [("kovrar", "cobrar"), ("debolver", "devolver"), ("suscripsion", "suscripción"), ("oi", "hoy"),
     ("conpra", "compra"), ("yave", "llave"), ("qiero", "kiero")],
)  # fmt: skip
def test_words_that_sound_alike_are_alike(written: str, meant: str) -> None:
    assert spell_sound(written) == spell_sound(meant.replace("ó", "o"))


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("debolberle el dinero ala cenora", "refund_order"),
        ("kanselar la suskripsion", "cancel_subscription"),
        ("jenera una yave nueva", "create_api_key"),
        ("kuanto bendimos oi", "summarize_sales"),
    ],
)
def test_requests_written_as_they_sound_are_found(query: str, right: str) -> None:
    assert right in find_names(query)
