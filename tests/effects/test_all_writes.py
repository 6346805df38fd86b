"""Every writing tool: it only reads before it acts, and a lost answer is proved rightly."""

import json
from typing import Any

import pytest

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_writes import WRITE_HANDLERS, WRITE_PLANS
from tests.contract.declarations import find_plan_file
from tests.effects.scenes import SCENES, UNPROVED
from tests.effects.world import TOOLS, World, act_in_scene

pytestmark = pytest.mark.anyio
proved = pytest.mark.parametrize("tool", sorted(SCENES.keys() & WRITE_HANDLERS.keys()))


def test_every_handled_tool_has_a_proof_but_those_that_leave_nothing_to_prove() -> None:
    without = {name for name, care in WRITE_HANDLERS.items() if care.verify is None}
    assert without <= UNPROVED.keys(), "\n".join(
        f"{find_plan_file(name)}: verifier of {name}, or unproved, the reason why it has none"
        for name in without - UNPROVED.keys()
    )
    both = [name for name, plan in WRITE_PLANS.items() if plan.verifier and plan.unproved]
    assert not both, f"unproved of {both}, which have a verifier"


@proved
async def test_before_it_acts_it_only_reads_and_says_what_will_happen(tool: str, world: World) -> None:
    stakes = await world.read_effect(tool, SCENES[tool](world.shop))
    assert [request.path for request in world.asked if request.writes] == []
    assert set(stakes.question) == {"es", "en"}
    assert stakes.question["es"].startswith("¿")
    assert "?" in stakes.question["en"]
    assert not [text for text in stakes.question.values() if "{" in text or "None" in text or "\n" in text]


@proved
async def test_what_was_applied_is_found_with_its_object(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = json.loads(json.dumps((await world.read_effect(tool, given)).state_before))
    answer = await act_in_scene(tool, given, world)
    proof = await world.prove(tool, given, witness)
    assert proof.outcome == "applied", (
        f"{find_plan_file(tool)}: the verifier of {tool} does not find what was done"
    )
    assert proof.answer is not None
    same = {name for name in ("id", "status", "payment_status", "amount") if name in answer}
    expected = {name: answer[name] for name in same}
    if tool.startswith("delete_"):
        assert (proof.answer["id"], proof.answer["deleted"]) == (answer["id"], True)
    else:
        assert {name: proof.answer.get(name) for name in same} == expected, (
            f"{find_plan_file(tool)}: the verifier of {tool} answers with another object than its call"
        )


@proved
async def test_what_was_not_applied_is_not_claimed(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = (await world.read_effect(tool, given)).state_before
    proof = await world.prove(tool, given, witness)
    assert (proof.outcome, proof.answer) == ("not_applied", None), (
        f"{find_plan_file(tool)}: {tool} was not called, and its verifier says {proof.outcome}. Either the "
        "verifier is wrong, or the arguments change nothing: give the example in its block, or its scene in "
        f"tests/effects/scenes.py, values that the object does not have yet: {given}"
    )


@proved
async def test_a_proof_only_reads(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = (await world.read_effect(tool, given)).state_before
    world.asked.clear()
    await world.prove(tool, given, witness)
    assert world.asked
    assert not [request.path for request in world.asked if request.writes]


def test_a_write_on_an_object_names_it_as_its_subject() -> None:
    """The subject is what the audit log and a person's question are about."""
    for name, plan in WRITE_PLANS.items():
        tool = TOOLS[name]
        if isinstance(tool, Operation) and tool.endpoint.path_fields:
            ids = " or ".join(tool.endpoint.path_fields)
            assert plan.subject in tool.endpoint.path_fields, (
                f"{find_plan_file(name)}: subject of {name}: {ids}"
            )


MONEY = [name for name in SCENES if TOOLS[name].risk.value in ("money", "destructive")]


@pytest.mark.parametrize(
    "tool", [name for name in MONEY if "customer_id" not in TOOLS[name].input.model_fields]
)
async def test_what_moves_or_removes_names_a_subject_or_makes_a_new_one(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    stakes = await world.read_effect(tool, given)
    assert stakes.subject in given.values()


@pytest.mark.parametrize("tool", sorted(UNPROVED))
async def test_what_shows_a_secret_asks_nothing_before(tool: str, world: World, arguments: Any) -> None:
    stakes = await world.read_effect(tool, arguments[tool])
    assert (stakes.amount, dict(stakes.state_before), world.asked) == (None, {}, [])
