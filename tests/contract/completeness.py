"""Collects what a new tool lacks besides its block, each piece with the file to edit."""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from conekta_mcp.catalog import Operation, Tool, Toolset
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.domains.deferred_tools import LISTING_FILE, format_listing
from conekta_mcp.sandbox.app import API, CONTROLS
from conekta_mcp.server.discovery import tools as discovery
from conekta_mcp.server.tools.client_habits import read_client_arguments
from tests.contract.declarations import (
    Declaration,
    list_own_tools,
    suggest_plan_file,
    to_file,
)
from tests.contract.result_fields import missing_in_sandbox, missing_rows, result_models
from tests.contract.text_completeness import check_argument_texts, check_description, check_sources
from tests.contract.vendor import Route, Vendor, anonymous, route
from tests.contract.write_calls import find_failing, find_refusal_in_scene, list_all_unused
from tests.domains.row import WITHOUT_ROW, load_rows
from tests.effects.creations import CREATIONS
from tests.effects.scenes import SCENES, UNPROVED, has_derived_scene

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import examples  # noqa: E402  scripts are no package
import snapshots  # noqa: E402

import docs  # noqa: E402


@dataclass(frozen=True, kw_only=True)
class Project:
    """What there is for tools: names of tools, if not said otherwise."""

    registered: Collection[str]
    routes: Mapping[Route, str]
    """The file that serves each route of the sandbox."""
    rows: Mapping[str, str]
    """The test file of each tool that has a row."""
    shown: Collection[Any]
    """The classes of the answers in rows."""
    walked: Collection[str] | None
    """None where a step of the walk failed, so that it is not known."""
    written: Collection[str]
    scenes: Collection[str]
    unused: Mapping[str, Collection[str]]
    """The arguments that the fullest calls of a tool leave out, where it needs such calls."""
    refused: Mapping[str, str]
    """What the sandbox says to a tool whose example cannot act on the object that there is for it."""
    published: Collection[str]
    """Those whose generated schema is that of the models."""
    vendor: Vendor | None
    """Conekta's OpenAPI file, where it is beside the checkout."""
    documented: Collection[str]
    """Those whose part of docs/tools.md is what `make docs` writes."""


def load_project(vendor: Vendor | None) -> tuple[Project, list[str]]:
    """Return what there is for tools, and other problems: text fields without a row, a step that fails."""
    models = result_models()
    problems: list[str] = [*missing_rows(models), *missing_in_sandbox(models)]
    found = len(problems)
    walked = examples.record_examples(problems=problems)
    failing = find_failing(problems)
    is_walked = len(problems) == found
    registered = (*ALL_TOOLS, *SANDBOX_TOOLS, *discovery.DISCOVERY_TOOLS)
    rows = {row.tool: to_file(name) for name, rows in load_rows().items() for row in rows}
    project = Project(
        registered={tool.name for tool in registered},
        routes={
            (one.method, anonymous(one.path)): to_file(one.handler.__module__) for one in (*API, *CONTROLS)
        },
        rows=rows,
        shown={tool.output for tool in registered if tool.name in rows},
        walked=walked if is_walked else None,
        written=WRITE_PLANS,
        scenes={*SCENES, *UNPROVED},
        unused=list_all_unused(),
        refused={name: text for name in failing if (text := find_refusal_in_scene(name))},
        published=_list_published(),
        vendor=vendor,
        documented=_list_documented(registered, walked),
    )
    unrouted = {
        tool.name for tool in ALL_TOOLS if isinstance(tool, Operation) and route(tool) not in project.routes
    }
    return project, [one for one in problems if not unrouted & {*find_failing([one])}]


def _list_published() -> set[str]:
    now, then = snapshots.load_current_tools(), snapshots.load_stored_tools()
    default = (*TOOLS, *SANDBOX_TOOLS)
    stale = LISTING_FILE.read_text(encoding="utf-8") != format_listing(default)
    unlisted = {tool.name for tool in default} if stale else set()
    return {name for name in now if now[name] == then.get(name)} - unlisted


def _list_documented(tools: Collection[Tool[Any]], walked: Mapping[str, Any]) -> set[str]:
    page, spanish = (file.read_text("utf-8") for file in (docs.TOOLS_PAGE, docs.SPANISH_TOOLS_PAGE))
    return {
        tool.name
        for tool in tools
        if tool.name in walked
        and docs.render_section(tool, walked[tool.name]) in page
        and f"#### {tool.name}\n" in spanish
    }


def list_missing(declared: Declaration, project: Project) -> list[str]:
    """Say what a tool lacks, a line each: the file to edit and what to write there."""
    tool = declared.tool
    found = [*_check_block(declared, project), *_check_registration(declared, project)]
    if not declared.is_discovery:
        found += [*_check_sandbox(declared, project), *_check_vendor(declared, project)]
        found += _check_row(declared, project)
    if declared.needs_write_plan:
        found += _check_write_plan(declared, project)
    if project.walked is not None and tool.name not in project.walked:
        found.append("scripts/walk.py: a call of it in a step, which becomes its example in docs/tools.md")
    if tool.name not in project.published:
        found.append("make snapshot: its published schema")
    if project.walked is not None and tool.name not in project.documented:
        found.append("make docs: its part of docs/tools.md and docs/es/tools.md")
    return found


def _check_block(declared: Declaration, project: Project) -> Iterator[str]:
    tool = declared.tool
    texts = [*check_description(tool, project.registered), *check_argument_texts(tool)]
    for text in (*texts, *check_sources(tool, project.vendor)):
        yield f"{declared.file}: {text}"
    if tool.title_es.strip() in {"", tool.title}:
        yield f"{declared.file}: title_es, its title in Spanish"
    try:
        tool.input.model_validate(read_client_arguments(tool, tool.example).arguments)
    except ValidationError as invalid:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}".strip() for one in invalid.errors())
        yield f"{declared.file}: a valid example ({said})"


def _check_registration(declared: Declaration, project: Project) -> Iterator[str]:
    if declared.tool.name in project.registered:
        return
    listed = [tool.name for tool in getattr(declared.module, "TOOLS", ())]
    if declared.tool.name not in listed:
        yield f"{declared.file}: its name in TOOLS"
    if not project.registered & {*listed}:
        yield f"conekta_mcp/domains/all_tools.py: the TOOLS of {declared.file}"


def _check_sandbox(declared: Declaration, project: Project) -> Iterator[str]:
    if isinstance(declared.tool, Operation) and route(declared.tool) not in project.routes:
        endpoint = declared.tool.endpoint
        neighbour = max(project.routes, key=lambda one: _count_shared_segments(one[1], endpoint.template))
        yield f"{project.routes[neighbour]}: the sandbox's route {endpoint.method} {endpoint.template}"


def _check_vendor(declared: Declaration, project: Project) -> Iterator[str]:
    tool = declared.tool
    if not isinstance(tool, Operation) or tool.toolset is Toolset.SANDBOX or project.vendor is None:
        return
    if route(tool) not in project.vendor.operations and not tool.source:
        yield f"{declared.file}: source, who documents its route: Conekta's OpenAPI file does not have it"


def _count_shared_segments(path: str, template: str) -> tuple[int, int]:
    """Count the segments that two paths begin with; of equals the shorter path is nearer."""
    ours, theirs = anonymous(template).split("/"), path.split("/")
    shared = 0
    while shared < min(len(ours), len(theirs)) and ours[shared] == theirs[shared]:
        shared += 1
    return shared, -len(theirs)


def _check_row(declared: Declaration, project: Project) -> Iterator[str]:
    if declared.tool.name in {*project.rows, *WITHOUT_ROW}:
        return
    if declared.is_told_by_its_block and declared.tool.output in project.shown:
        return  # its request is its endpoint, and the rows of other tools have its answer
    own = f"tests/domains/test_{declared.domain}.py"
    others = [
        project.rows[tool.name] for tool in list_own_tools(declared.module) if tool.name in project.rows
    ]
    file = own if own in others or not others else others[0]
    yield f"{file}: a Row in ROWS, one call with its request and its answer"


def _check_write_plan(declared: Declaration, project: Project) -> Iterator[str]:
    if declared.tool.name not in project.written:
        file = suggest_plan_file(declared)
        own = "" if (ROOT / file).exists() else "; the new file also in conekta_mcp/domains/all_writes.py"
        yield f"{file}: its WritePlan in WRITE_PLANS{own}"
    if declared.tool.name not in project.scenes and not has_derived_scene(declared.tool):
        yield "tests/effects/scenes.py: a scene in SCENES, a shop in which it can act"
    elif refused := project.refused.get(declared.tool.name):
        yield f"tests/effects/scenes.py: a scene in SCENES; in the shop of SHOPS the sandbox says: {refused}"
    if unused := project.unused.get(declared.tool.name):
        file = "creations.py: CREATIONS" if declared.tool.name in CREATIONS else "changes.py: CHANGES"
        if declared.tool.name not in project.written:
            file += ", or creations.py: CREATIONS for what adds a row"
        names = ", ".join(sorted(unused))
        yield f"tests/effects/{file}: calls that together use every argument, also {names}"


def format_report(missing: Mapping[str, list[str]], problems: list[str]) -> str:
    """Write one message about all tools that lack something."""
    lines = [
        line
        for name, pieces in missing.items()
        if pieces
        for line in (f"{name} lacks:", *(f"  - {piece}" for piece in pieces))
    ]
    return "\n".join([*lines, *problems])
