"""The examples of docs/tools.md all succeed, and depend neither on chance nor on each other."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conekta_mcp.domains.customers.tools import get_customer
from conekta_mcp.domains.orders.tools import cancel_order, get_order
from conekta_mcp.domains.payouts.tools import get_payout
from conekta_mcp.sandbox.instruments.clabe import compute_control_digit

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("examples")


def written(script: Any, examples: dict[str, Any]) -> dict[str, str]:
    return {name: script.format_json(vars(example)) for name, example in examples.items()}


def test_every_example_is_a_success_and_does_not_depend_on_chance(script: Any) -> None:
    first, second = script.record_examples(1), script.record_examples(2)
    assert [name for name, example in first.items() if "error" in example.answer] == []
    assert written(script, first) == written(script, second)


def test_a_new_call_in_the_walk_changes_only_its_own_examples(
    script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(script, script.record_examples())
    first, *others = script.walk.STEPS

    async def begin(go: Any) -> None:
        made = await go.call_tool("create_customer", **script.walk.EVA)
        await go.call_tool("create_order", customer_id=made["id"], line_items=script.walk.LINES)
        await first(go)

    monkeypatch.setattr(script.walk, "STEPS", (begin, *others))
    after = written(script, script.record_examples())
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"create_customer", "create_order"}


def test_equal_ids_of_an_example_stay_equal_and_a_clabe_keeps_its_control_digit(script: Any) -> None:
    ids = script.StableIds("get_order")
    order, clabe = "ord_3hHMhZ11129Baroop", "646180111799499166"
    shown = ids.replace({"id": order, "url": f"/orders/{order}/cancel", "clabe": clabe}, "answer")
    assert shown == {"id": shown["id"], "url": f"/orders/{shown['id']}/cancel", "clabe": shown["clabe"]}
    assert (shown["id"] != order, len(shown["id"]), shown["id"][:4]) == (True, len(order), "ord_")
    assert (shown["clabe"] != clabe, shown["clabe"][:9]) == (True, clabe[:9])
    assert compute_control_digit(shown["clabe"][:17]) == shown["clabe"][17]


def test_a_tool_without_an_example_is_named_with_the_file_to_edit(
    script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.walk, "STEPS", script.walk.STEPS[:1])
    monkeypatch.setattr(script.walk, "SHOPS", {})
    with pytest.raises(
        LookupError, match=r"^scripts/walk\.py never calls get_order, cancel_order: add a step"
    ):
        script.collect_examples((get_customer, get_order, cancel_order))


def test_what_no_step_calls_is_called_with_its_example(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script.walk, "STEPS", ())
    monkeypatch.setattr(script, "ALL_TOOLS", (get_order, cancel_order, get_payout))
    made = script.record_examples()
    assert made.keys() == {"get_order", "cancel_order"}
    assert made["cancel_order"].answer["payment_status"] == "canceled"


def test_a_call_that_does_not_succeed_is_shown(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(go: Any) -> None:
        await go.call_tool("get_order", order_id="ord_1")

    monkeypatch.setattr(script.walk, "STEPS", (lost,))
    with pytest.raises(
        LookupError,
        match=r'^scripts/walk\.py: get_order fails: call it in a step .*: .*"http_status": 404',
    ):
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
    assert script.format_json(script.cut_value(value)) == text
