"""A creation: every field that it sends is compared, or its write says why Conekta's row does not show it."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.effects.comparison import is_consistent
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.app import API
from tests.contract.declarations import find_plan_file, to_file
from tests.contract.fields import leaves
from tests.contract.sent_arguments import list_unsent
from tests.contract.vendor import anonymous, route
from tests.effects.changes import argument_paths
from tests.effects.creations import CREATIONS, has_body
from tests.effects.other_values import find_other
from tests.effects.scenes import START
from tests.effects.world import TOOLS, World, witness_of

pytestmark = pytest.mark.anyio
Place = tuple[str | int, ...]


def new_rows() -> Mapping[str, NewRow]:
    found = {name: plan.verifier.new_row for name, plan in WRITE_PLANS.items() if plan.verifier}
    return {name: new_row for name, new_row in found.items() if new_row}


def body_of(tool: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The body that the arguments make, as JSON has it."""
    body = NEW_ROWS[tool].tool.build_request(TOOLS[tool].input.model_validate(given)).body
    return copy.deepcopy(dict(body or {}))


def list_leaves(value: Any, before: Place = ()) -> Iterator[Place]:
    """The places of the single values of a body; a list of texts or numbers is one of them."""
    if isinstance(value, Mapping):
        for name in value:
            yield from list_leaves(value[name], (*before, name))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value):
            yield from list_leaves(one, (*before, number))
    else:
        yield before


def path_of(place: Place) -> str:
    return ".".join(name for name in place if isinstance(name, str))


def paths_above(path: str) -> Iterator[str]:
    names = path.split(".")
    return (".".join(names[: count + 1]) for count in range(len(names)))


NEW_ROWS = new_rows()
every_creation = pytest.mark.parametrize("tool", sorted(NEW_ROWS))


def test_every_tool_that_adds_a_row_with_a_body_has_a_call() -> None:
    missing = {tool for tool in NEW_ROWS if has_body(TOOLS[tool])} - CREATIONS.keys()
    assert not missing, (
        f"tests/effects/creations.py: CREATIONS, a shop and every argument of {sorted(missing)}"
    )
    assert CREATIONS.keys() <= NEW_ROWS.keys(), "tests/effects/creations.py: CREATIONS names other tools"


@pytest.mark.parametrize("tool", sorted(CREATIONS))
async def test_the_creations_use_every_field_of_their_tool(tool: str, world: World) -> None:
    used = {path for make in CREATIONS[tool] for path in argument_paths(make(world.shop))}
    assert {leaf.path for leaf in leaves(TOOLS[tool].input)} <= used, (
        f"edit tests/effects/creations.py: {tool}"
    )


@pytest.mark.parametrize("tool", sorted(CREATIONS))
async def test_the_creations_send_every_field_of_their_tool(tool: str, world: World) -> None:
    unsent = list_unsent(TOOLS[tool], [make(world.shop) for make in CREATIONS[tool]])
    assert not unsent, "\n".join(unsent)


@every_creation
async def test_what_is_declared_as_shown_differently_is_sent_and_says_why(tool: str, world: World) -> None:
    new_row = NEW_ROWS[tool]
    assert all(other.why for other in new_row.shown.values())
    bodies = [body_of(tool, make(world.shop)) for make in CREATIONS.get(tool, [])]
    sent = {path for body in bodies for place in list_leaves(body) for path in paths_above(path_of(place))}
    assert set(new_row.shown) <= sent, f"{find_plan_file(tool)} declares fields that {tool} does not send"


def sandbox_file_of(tool: str) -> str:
    """The file of the sandbox that handles a tool's route, which has or imports the Shape of its body."""
    found = {(one.method, anonymous(one.path)): one.handler.__module__ for one in API}
    return f"{to_file(found[route(TOOLS[tool])])}, or where it imports it from"


async def look_at_a_row(tool: str, number: int, place: Place | None) -> str:
    """What the proof says of a row that somebody made of the same body, or of one that differs at `place`."""
    ledger = Ledger(clock=lambda: START, seed=1)
    world = World(ledger)
    given = CREATIONS[tool][number](world.shop)
    witness = await witness_of(world, tool, given)
    request = NEW_ROWS[tool].tool.build_request(TOOLS[tool].input.model_validate(given))
    body = body_of(tool, given)
    if place:
        inner: Any = body
        for name in place[:-1]:
            inner = inner[name]
        inner[place[-1]] = find_other(tool, path_of(place), inner[place[-1]], world.shop)
    answer = world.shop.http.request(request.method, request.path, json=body)
    declined = answer.status_code == 402 and "data" in answer.json()
    assert place or declined or not answer.is_error, (
        f"the sandbox refuses {tool}: its Shape in {sandbox_file_of(tool)}: {answer.text}"
    )
    found = (await world.prove(tool, given, witness)).outcome
    if answer.is_error and not declined:  # so the sandbox has no such row: what it would show is compared
        new_row, arguments = NEW_ROWS[tool], TOOLS[tool].input.model_validate(given)
        fits = is_consistent(new_row.show_body(body), new_row.build_expected(arguments))
        found = "applied" if fits else "not_applied"
    await world.conekta.close()
    ledger.close()
    return found


CASES = [(tool, number) for tool in CREATIONS for number in range(len(CREATIONS[tool]))]


@pytest.mark.parametrize(("tool", "number"), CASES)
async def test_a_row_that_differs_in_one_field_is_not_taken_for_ours(
    tool: str, number: int, world: World
) -> None:
    own = await look_at_a_row(tool, number, None)
    assert own == "applied", (
        f"{tool} does not know its own row: convert what it shows in {find_plan_file(tool)}"
    )
    hidden = {path for path, other in NEW_ROWS[tool].shown.items() if other.convert is None}
    body = body_of(tool, CREATIONS[tool][number](world.shop))
    compared = [place for place in list_leaves(body) if hidden.isdisjoint(paths_above(path_of(place)))]
    found = {path_of(place): await look_at_a_row(tool, number, place) for place in compared}
    wrong = {path: outcome for path, outcome in found.items() if outcome == "applied"}
    assert not wrong, (
        f"{tool} takes a row for its own that differs in {sorted(wrong)}: answer it in the sandbox, "
        f"{sandbox_file_of(tool)}, or declare in {find_plan_file(tool)} why Conekta's row does not show it"
    )
