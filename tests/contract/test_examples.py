"""The examples of docs/tools.md: one of each tool, a success, and the same ones every time."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.customers.tools import get_customer
from conekta_mcp.domains.orders.tools import cancel_order, get_order
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS

SCRIPTS = Path(__file__).parents[2] / "scripts"
EVERY = (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("examples")


def test_every_tool_has_an_example_that_is_a_success_and_the_same_every_time(script: Any) -> None:
    first, second = script.collect_examples(EVERY), script.collect_examples(EVERY)
    assert sorted(first) == sorted(tool.name for tool in EVERY)
    assert [name for name, example in first.items() if "error" in example.answer] == []
    assert {name: script.format_json(vars(example)) for name, example in first.items()} == {
        name: script.format_json(vars(example)) for name, example in second.items()
    }


def test_a_tool_without_an_example_is_named(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script.walk, "STEPS", script.walk.STEPS[:1])
    with pytest.raises(LookupError, match=r"^scripts/walk\.py has no example of get_order, cancel_order$"):
        script.collect_examples((get_customer, get_order, cancel_order))


def test_a_call_that_does_not_succeed_is_shown(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(go: Any) -> None:
        await go.call_tool("get_order", order_id="ord_1")

    monkeypatch.setattr(script.walk, "STEPS", (lost,))
    with pytest.raises(LookupError, match=r'^scripts/walk\.py: get_order answered .*"http_status": 404'):
        script.collect_examples((get_order,))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"rows": [[1, "é"], [2, "b"], [3, "c"]]}, '{"rows": [[1, "é"], [2, "b"]]}'),
        ({"data": [{"id": 1}, {"id": 2}, {"id": 3}]}, '{"data": [{"id": 1}, {"id": 2}]}'),
        ({"columns": ["a", "b", "c"]}, '{"columns": ["a", "b", "c"]}'),
        ("a" * 120, f'"{"a" * 120}"'),
        ({"inner": ["a" * 121]}, f'{{"inner": ["{"a" * 60}…"]}}'),
    ],
)
def test_lists_are_cut_to_two_rows_and_long_texts_to_their_beginning(
    value: Any, text: str, script: Any
) -> None:
    assert script.format_json(value) == text
