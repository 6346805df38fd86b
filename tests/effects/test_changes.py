"""A change: a person is told of every argument, and a lost one is found only where all fields are as sent."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.effects.question_text import find_spanish_name
from conekta_mcp.errors import Failure
from conekta_mcp.policy.policy import find_consent_reason
from conekta_mcp.sandbox import Ledger
from tests.contract.declarations import find_plan_file, to_file
from tests.contract.fields import leaves
from tests.contract.sent_arguments import list_unsent
from tests.effects.changes import CHANGES, argument_paths, list_changing_tools
from tests.effects.other_values import find_other
from tests.effects.scenes import START, Scene
from tests.effects.test_new_rows import Place, list_leaves, path_of, sandbox_file_of
from tests.effects.world import TOOLS, World

pytestmark = pytest.mark.anyio
CASES = [(tool, scene) for tool, scenes in CHANGES.items() for scene in scenes]
each_change = pytest.mark.parametrize(
    ("tool", "scene"), CASES, ids=[f"{tool}-{place}" for place, (tool, _) in enumerate(CASES)]
)


@pytest.fixture
def make_world() -> Iterator[Any]:
    """Make worlds that are all alike, so that the same scene makes the same ids."""
    ledgers: list[Ledger] = []

    def make() -> World:
        ledgers.append(Ledger(clock=lambda: START, seed=1))
        return World(ledgers[-1])

    yield make
    for ledger in ledgers:
        ledger.close()


def list_arguments(tool: str, given: Mapping[str, Any]) -> list[str]:
    """The arguments of a call besides the ids of its path."""
    return [name for name in given if name not in TOOLS[tool].endpoint.path_fields]


def test_every_tool_that_changes_something_has_a_call() -> None:
    missing = set(list_changing_tools()) - CHANGES.keys()
    assert not missing, f"tests/effects/changes.py: CHANGES, a shop and every argument of {sorted(missing)}"
    assert CHANGES.keys() <= set(list_changing_tools()), "tests/effects/changes.py: CHANGES names other tools"


@pytest.mark.parametrize("tool", sorted(CHANGES))
async def test_the_changes_use_and_send_every_argument_of_their_tool(tool: str, world: World) -> None:
    calls = [make(world.shop) for make in CHANGES[tool]]
    unused = {leaf.path for leaf in leaves(TOOLS[tool].input)} - TOOLS[tool].input.server_fields
    unused -= {path for given in calls for path in argument_paths(given)}
    assert not unused, f"tests/effects/changes.py: CHANGES: no call of {tool} uses {sorted(unused)}"
    unsent = list_unsent(TOOLS[tool], calls)
    assert not unsent, "\n".join(unsent)


@each_change
async def test_the_question_names_every_argument(tool: str, scene: Scene, make_world: Any) -> None:
    world = make_world()
    given = scene(world.shop)
    question = (await world.read_effect(tool, given)).question
    unnamed = []
    for name in list_arguments(tool, given):
        try:
            less = await world.read_effect(tool, {key: given[key] for key in given if key != name})
        except ValidationError:  # it is required, or another argument needs it
            continue
        unnamed += [name] if less.question == question else []
    assert not unnamed, f"{find_plan_file(tool)}: the question of {tool} does not name {unnamed}"


@each_change
async def test_the_spanish_question_names_no_argument_in_english(
    tool: str, scene: Scene, world: World
) -> None:
    given, model = scene(world.shop), TOOLS[tool].input
    english = (await world.read_effect(tool, given)).question["en"]
    words = {name: name.replace("_", " ") for name in list_arguments(tool, given)}
    named = [name for name, label in words.items() if re.search(rf"[:,] {label}\b", english)]
    unknown = [name for name in named if find_spanish_name(name, model) is None]
    assert not unknown, f"{to_file(model.__module__)}, or where it has them from: SpanishName of {unknown}"


async def look_after(world: World, tool: str, asked: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """What the proof says of `asked` where `made` was done in its place."""
    witness = (await world.read_effect(tool, asked)).state_before
    await world.act(tool, made)
    return (await world.prove(tool, asked, witness)).outcome


def change_one(world: World, tool: str, given: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The same call with another value at `place`."""
    changed = copy.deepcopy(dict(given))
    inner: Any = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = find_other(tool, path_of(place), inner[place[-1]], world.shop)
    return changed


@each_change
async def test_a_change_that_differs_in_one_field_is_not_taken_for_ours(
    tool: str, scene: Scene, make_world: Any
) -> None:
    world, verifier = make_world(), WRITE_PLANS[tool].verifier
    given = scene(world.shop)
    try:
        own = await look_after(world, tool, given, given)
    except Failure as refused:
        pytest.fail(
            f"the sandbox refuses {tool}: {refused} Either a fit object: tests/effects/scenes.py: "
            f"SCENES, or changes.py: CHANGES; or its Shape: {sandbox_file_of(tool)}"
        )
    assert own == "applied", (
        f"{tool} does not know its own change: shown of its verifier in {find_plan_file(tool)}, "
        "or the sandbox"
    )
    assert verifier
    hidden = {path for path, other in verifier.shown.items() if other.convert is None}
    places = [place for place in list_leaves(given) if place[0] in list_arguments(tool, given)]
    wrong = []
    for place in places:
        if path_of(place) in hidden:
            continue
        world = make_world()
        given = scene(world.shop)
        found = await look_after(world, tool, given, change_one(world, tool, given, place))
        wrong += [path_of(place)] if found == "applied" else []
    assert not wrong, (
        f"{tool} takes a change for its own that differs in {wrong}: answer it in the sandbox, compare it in "
        f"the verifier in {find_plan_file(tool)}, or say there in its `shown` why Conekta does not show it"
    )


@pytest.mark.parametrize("tool", sorted(CHANGES))
async def test_what_is_declared_as_hidden_is_sent_and_says_why(tool: str, world: World) -> None:
    verifier = WRITE_PLANS[tool].verifier
    assert verifier
    sent = {path_of(place) for make in CHANGES[tool] for place in list_leaves(make(world.shop))}
    assert all(other.why for other in verifier.shown.values())
    assert verifier.shown.keys() <= sent, f"{find_plan_file(tool)} declares fields that {tool} does not send"


@each_change
async def test_a_person_is_asked_about_exactly_the_arguments_that_the_plan_names(
    tool: str, scene: Scene, make_world: Any
) -> None:
    """An argument alone: where the plan says that nobody is asked, it is one that the plan does not name."""
    world, plan = make_world(), WRITE_PLANS[tool]
    given, fields = scene(world.shop), TOOLS[tool].input.model_fields
    needed = {
        name for name in given if name in TOOLS[tool].endpoint.path_fields or fields[name].is_required()
    }
    if needed & set(plan.asked_about):  # so no argument can be sent without that one
        return
    wrong = []
    for name in list_arguments(tool, given):
        try:
            effect = await world.read_effect(
                tool, {key: given[key] for key in given if key in {*needed, name}}
            )
        except ValidationError:  # others belong to it, such as a payer's name and e-mail
            continue
        is_asked = find_consent_reason("money", effect) is not None
        wrong += [name] if is_asked is (plan.unasked is not None and name not in plan.asked_about) else []
    assert not wrong, (
        f"{find_plan_file(tool)}: {tool}: {wrong} alone: a person is asked although `unasked` is set and "
        "`asked_about` does not name it, or is not asked without a reason in `unasked`"
    )


def test_what_is_asked_about_all_the_same_are_arguments() -> None:
    for tool, plan in WRITE_PLANS.items():
        assert set(plan.asked_about) <= TOOLS[tool].input.model_fields.keys(), find_plan_file(tool)
        assert plan.unasked or not plan.asked_about, find_plan_file(tool)
