"""Plays the calls that prove a write: what the sandbox refuses, and which arguments no call uses."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import anyio

from conekta_mcp.catalog import Tool
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.errors import Failure
from conekta_mcp.sandbox import Ledger
from tests.contract.declarations import list_declarations
from tests.contract.fields import leaves
from tests.effects.changes import CHANGES, argument_paths, list_fullest_calls
from tests.effects.creations import CREATIONS
from tests.effects.scenes import DERIVED, SCENES, START
from tests.effects.scenes import TOOLS as TOOLS_BY_NAME
from tests.effects.world import World


def find_failing(problems: list[str]) -> list[str]:
    """Return the tools that fail where the walk calls them."""
    return [hit[1] for problem in problems if (hit := re.match(r"scripts/walk\.py: (\w+) fails", problem))]


def find_refusal_in_scene(name: str) -> str:
    """Return the refusal of a tool whose scene is derived from its example; empty if it succeeds."""
    tool = TOOLS_BY_NAME.get(name)
    if tool is None or name not in WRITE_PLANS or name not in DERIVED:
        return ""
    ledger = Ledger(clock=lambda: START, seed=1)
    world = World(ledger)
    try:
        anyio.run(world.act, name, SCENES[name](world.shop))
    except Failure as refused:
        return str(refused)
    finally:
        ledger.close()
    return ""


def list_all_unused() -> dict[str, set[str]]:
    """Return the arguments that no call uses: of all tools that send a body, with a write plan or without."""
    unplanned = {
        one.tool.name: one.tool
        for one in list_declarations()
        if one.needs_write_plan and one.tool.name not in WRITE_PLANS
    }
    planned = {name: TOOLS_BY_NAME[name] for name in {*CHANGES, *CREATIONS}}
    return {
        **{name: _list_unused(tool, [tool.example]) for name, tool in unplanned.items()},
        **{name: _list_unused(tool, list_fullest_calls(name)) for name, tool in planned.items()},
    }


def _list_unused(tool: Tool[Any], calls: Sequence[Mapping[str, Any]]) -> set[str]:
    used = {path for given in calls for path in argument_paths(given)}
    return {leaf.path for leaf in leaves(tool.input)} - used - tool.input.server_fields
