"""Tools that do the same by two routes: a key is one intent for both, and what closes one closes both."""

from typing import Any

import pytest

from conekta_mcp.catalog import Effect, EffectKind, Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.policy.policy import Policy
from conekta_mcp.server.tools.selection import ToolSelection
from tests.policy.test_policy import TOOLS, rules
from tests.writes.wire import LINES, ORDER, PERSON, ask, error, scene

anyio = pytest.mark.anyio


TWIN_CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("create_charge", "create_charges", {"payment_method": "card", "token_id": "tok_test_visa_4242"}),
    ("create_charges", "create_charge", {"payment_method": "spei"}),
)


@anyio
@pytest.mark.parametrize(("first", "second", "call"), TWIN_CALLS)
async def test_one_key_is_one_intent_for_two_tools_that_do_the_same(
    first: str, second: str, call: dict[str, Any]
) -> None:
    async with scene("memory") as one:
        app = one.server()
        order = await ask(app, "create_order", {**ORDER, "payment_method": "none"})
        given = {**call, "order_id": order["id"], "idempotency_key": "k-1"}
        assert "error" not in await ask(app, first, given)
        sent = len(one.wire.posts())
        again = await ask(app, second, given)
        assert error(again) == ("idempotency_conflict", "not_applied")
        assert first in again["error"]["message"]
        # Not by other arguments either, and however late.
        one.clock.now += 86_400 * 20
        assert error(await ask(app, second, {**given, "reference_id": "R"}))[0] == "idempotency_conflict"
        assert len(one.wire.posts()) == sent


@anyio
async def test_one_key_makes_one_order_on_a_clabe_and_one_subscription() -> None:
    async with scene("memory") as one:
        app = one.server()
        person = {**PERSON, "payment_sources": [{"type": "spei_recurrent"}]}
        who = (await ask(app, "create_customer", person))["id"]
        order = {"customer_id": who, "line_items": LINES, "idempotency_key": "k-1"}
        assert "error" not in await ask(app, "create_order_reusing_clabe", order)
        reusing = {**order, "payment_method": "spei", "reuse_customer_clabe": True}
        assert error(await ask(app, "create_order", reusing))[0] == "idempotency_conflict"
        plan = {"name": "Mensual", "plan_id": "gold", "amount": 9900, "interval": "month"}
        card = {"customer_id": who, "token_id": "tok_test_visa_4242"}
        await ask(app, "create_plan", plan)
        source = await ask(app, "add_card_source", card)
        given = {"customer_id": who, "plan_id": "gold", "card_id": source["id"], "idempotency_key": "k-2"}
        made = await ask(app, "create_customer_subscription", given)
        assert "error" not in made, made
        assert error(await ask(app, "create_subscription", given))[0] == "idempotency_conflict"


@anyio
async def test_a_key_that_was_refused_at_one_twin_may_be_used_at_the_other() -> None:
    async with scene("memory") as one:
        app = one.server()
        who = (await ask(app, "create_customer", PERSON))["id"]
        order = {"customer_id": who, "line_items": LINES, "idempotency_key": "k-1"}
        assert error(await ask(app, "create_order_reusing_clabe", order))[1] == "not_applied"
        assert "error" not in await ask(app, "create_order", {**order, "payment_method": "spei"})


def test_each_deprecated_tool_names_its_twin_and_keys_are_shared() -> None:
    names = {tool.name for tool in ALL_TOOLS}
    for tool in ALL_TOOLS:
        assert tool.twin_of in {None, *names - {tool.name}}
        if tool.deprecated or (isinstance(tool, Operation) and tool.equal_endpoint):
            assert tool.twin_of, f"{tool.name} does the same as another tool: name it as twin_of"
            if tool.changes:
                assert WRITE_HANDLERS[tool.name].twins == (tool.twin_of,)
                assert tool.name in WRITE_HANDLERS[tool.twin_of].twins


TWINS = [tool for tool in ALL_TOOLS if tool.twin_of]


@pytest.mark.parametrize("tool", TWINS, ids=lambda tool: tool.name)
def test_excluding_a_tool_excludes_its_twin(tool: Any) -> None:
    assert ToolSelection(exclude=(tool.twin_of,)).excludes(tool)
    assert not ToolSelection(exclude=(tool.name,)).excludes(TOOLS[tool.twin_of])


@pytest.mark.parametrize("effect", ["deny", "confirm"])
@pytest.mark.parametrize("tool", [tool for tool in TWINS if tool.changes], ids=lambda tool: tool.name)
def test_a_rule_that_names_a_tool_holds_for_its_twin(tool: Any, effect: str) -> None:
    policy = Policy(rules=rules({"effect": effect, "tools": [tool.twin_of]}).rule)
    change = Effect(kind=EffectKind.CHANGE)
    assert policy.decide(tool, change, profile="default", livemode=False, at=0).verdict == effect
    closed = rules({"effect": "allow", "tools": [tool.twin_of]}, default="deny")
    policy = Policy(rules=closed.rule, closed=True)
    assert policy.decide(tool, change, profile="default", livemode=False, at=0).verdict == "deny"
