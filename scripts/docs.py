"""Writes the generated parts of the pages in docs/; --check compares."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from client_table import render_files_table, render_shapes_table
from examples import Example, collect_examples, format_json
from promises import load_promises
from reference_tables import (
    EVERY_TOOL,
    group_by_toolset,
    render_commands_table,
    render_operations,
    render_prompts_table,
    render_settings,
    render_tools_table,
)

from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.domains.support.explaining.failures import CAUSES
from conekta_mcp.domains.support.tools import TOOLS as REPORTS
from conekta_mcp.server.rendering.titles import Titles
from conekta_mcp.server.tools.published_schemas import build_full_input_schema, list_rare_arguments
from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.reading import list_settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
TOOLS_PAGE, SPANISH_TOOLS_PAGE = DOCS / "tools.md", DOCS / "es" / "tools.md"
TITLES = Titles("es")


def render_sections() -> str:
    """Give the last part of docs/tools.md: a table of contents, then every tool, with an example."""
    called = collect_examples(EVERY_TOOL)
    grouped = group_by_toolset()
    page = ["| toolset | tools |", "|---|---|"]
    page += [f"| [{toolset}](#{toolset}) | {_render_links(tools)} |" for toolset, tools in grouped.items()]
    for toolset, tools in grouped.items():
        page += ["", f"## {toolset}", "", *(render_section(tool, called[tool.name]) for tool in tools)]
    return "\n".join(page).rstrip("\n")


def _render_links(tools: Iterable[Tool[Any]]) -> str:
    return ", ".join(f"[{tool.name}](#{tool.name})" for tool in tools)


def render_section(tool: Tool[Any], example: Example) -> str:
    """Give a tool's section of docs/tools.md."""
    lines = [
        f"### {tool.name}",
        "",
        f"**{tool.title}** · {TITLES.get_title(tool)}",
        "",
        f"{tool.description}",
        "",
        f"`{_format_endpoint(tool)}` · toolset `{tool.toolset.value}` · risk **{tool.risk.value}**",
        "",
        *_render_arguments(tool),
        "",
    ]
    if tool.deprecated:
        lines += ["Conekta keeps it for old clients only.", ""]
    if tool.settled_by:
        lines += [f"If the answer is lost (`outcome: unknown`): {tool.settled_by}.", ""]
    return "\n".join([*lines, *_render_example(example), ""])


def _render_example(example: Example) -> list[str]:
    call = ["```json", format_json(example.arguments), "```"]
    return [*call, "", "answers", "", "```json", format_json(example.answer), "```"]


def _format_endpoint(tool: Tool[Any]) -> str:
    return (
        f"{tool.endpoint.method} {tool.endpoint.template}"
        if isinstance(tool, Operation)
        else "several requests"
    )


def _render_arguments(tool: Tool[Any]) -> Iterator[str]:
    schema, hidden = build_full_input_schema(tool), list_rare_arguments(tool)
    if not schema["properties"]:
        yield "No arguments."
        return
    yield "| argument | type | meaning |"
    yield "|---|---|---|"
    for name, node in schema["properties"].items():
        mark = "**" if name in schema.get("required", []) else "*" if name in hidden else ""
        yield f"| {mark}{name}{mark} | {_format_type(node)} | {_escape_cell(node.get('description', ''))} |"


def _format_type(node: dict[str, Any]) -> str:
    if "enum" in node:
        return _escape_cell(" or ".join(f"`{json.dumps(value)}`" for value in node["enum"]))
    kind = str(node.get("type", "any"))
    of = f" of {node['items']['type']}" if "type" in node.get("items", {}) else ""
    bounds = [f"{word} {_format_bound(node[key])}" for key, word in BOUNDS.items() if key in node]
    return _escape_cell(", ".join([kind + of, *bounds]))


def _format_bound(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


BOUNDS = {
    "minimum": "from",
    "maximum": "to",
    "minLength": "at least",
    "maxLength": "at most",
    "pattern": "like",
    "minItems": "at least",
    "default": "default",
}


def _escape_cell(text: str) -> str:
    return text.replace("|", "\\|")


def render_limits_table() -> str:
    """Return the table of limits of docs/policy.md."""
    rows = [
        f"| `{one.name}` | `{one.metadata['flag']}` | `{one.metadata['env']}` | {one.metadata['help']} |"
        for one in fields(Limits)
    ]
    return "\n".join(["| in the file | flag | variable | limits |", "|---|---|---|---|", *rows])


SET_TERMS = {"key_days": "days", "duplicate_window": "s", "approval_seconds": "s"}
"""The terms that are settings, with the unit of each."""
FIXED_TERMS = {
    "storage/serialization.py: TOMBSTONE_SECONDS": "a key that is too old for its answer is refused",
    "writes/equal_calls.py: LOST_SECONDS": "a lost write that is not settled holds equal ones back",
    "writes/intents.py: WAIT_SECONDS": "a call waits for another with the same key, or on the same object",
    "writes/intent_sender.py: FENCE_SECONDS": "a confirmation of the fence holds",
    "writes/intent_sender.py: MAX_WAIT_SECONDS": "a call may be held up before its request leaves",
    "writes/settling.py: QUIET_SECONDS": "absence: from the last attempt to the first reading that counts",
    "writes/settling.py: ABSENCE_SECONDS": "absence: from that reading to the second one",
    "writes/settling.py: EARLY_SECONDS": "a row may be a lost write's from so long before its first attempt",
    "writes/settling.py: LATE_SECONDS": "a row may be a lost write's until so long after its last attempt",
    "writes/settling.py: KEY_SECONDS": "Conekta is trusted to remember an `Idempotency-Key`",
    "consent/pauses.py: PAUSE_SECONDS": "after five refusals or silences, nobody is asked",
}
"""The terms that nobody sets, with what each is."""


def render_terms_table() -> str:
    """Return the table of terms of docs/how-a-write-works.md."""
    settings = {one.name: one for one in list_settings()}
    rows = [
        f"| {(one := settings[name]).metadata['help']} | {one.default} {unit} | `{one.metadata['flag']}` |"
        for name, unit in SET_TERMS.items()
    ]
    rows += [f"| {what} | {_read_seconds(where)} | `{where}` |" for where, what in FIXED_TERMS.items()]
    return "\n".join(["| term | length | where it is set |", "|---|---|---|", *rows])


def _read_seconds(where: str) -> str:
    file, name = where.split(": ")
    module = import_module(f"conekta_mcp.{file.removesuffix('.py').replace('/', '.')}")
    seconds = getattr(module, name)
    days = seconds / 86_400
    return (
        f"{days:g} {'day' if days == 1 else 'days'}" if days >= 1 and days.is_integer() else f"{seconds:g} s"
    )


def render_promises_list() -> str:
    """Give the promises of docs/safety.md, by group."""
    lines: list[str] = []
    for promise in load_promises():
        if f"**{promise.group}**" not in lines:
            lines += ["", f"**{promise.group}**", ""]
        lines.append(f"- **{promise.id}** {promise.says}")
    return "\n".join(lines[1:])


def render_proof_table() -> str:
    """Give the tests that each promise is held by."""
    rows = [f"| {one.id} | {'<br>'.join(f'`{test}`' for test in one.tests)} |" for one in load_promises()]
    return "\n".join(["| promise | tests |", "|---|---|", *rows])


FAILURE_HEADS = {
    "es": "| código | causa | quién puede actuar | qué decirle al cliente |",
    "en": "| code | cause | who can act | what to tell the customer |",
}
SPANISH_ACTORS = {"bank": "banco", "cardholder": "titular", "shop": "comercio", "conekta": "Conekta"}


def render_failures_table(language: str = "en") -> str:
    """Give the table of codes of docs/support.md."""
    place = tuple(FAILURE_HEADS).index(language)
    rows = [
        f"| {', '.join(f'`{code}`' for code in one.codes)} | {one.cause[place]} "
        f"| {SPANISH_ACTORS[one.actor] if language == 'es' else one.actor} | {one.tell[place]} |"
        for one in CAUSES
    ]
    return "\n".join([FAILURE_HEADS[language], "|---|---|---|---|", *rows])


def _render_report_example(name: str) -> str:
    return "\n".join(["", *_render_example(_collect_report_examples()[name]), ""])


@cache
def _collect_report_examples() -> dict[str, Example]:
    return collect_examples(REPORTS)


Parts = Mapping[str, Callable[[], str]]
PARTS: Mapping[Path, Parts] = {
    TOOLS_PAGE: {
        "listed": render_tools_table,
        "prompts": render_prompts_table,
        "operations": render_sections,
    },
    SPANISH_TOOLS_PAGE: {
        "listed": partial(render_tools_table, "es"),
        "prompts": partial(render_prompts_table, "es"),
        "operations": partial(render_operations, "es"),
    },
    DOCS / "configuration.md": {"commands": render_commands_table, "settings": render_settings},
    DOCS / "es" / "configuration.md": {
        "commands": partial(render_commands_table, "es"),
        "settings": partial(render_settings, "es"),
    },
    DOCS / "policy.md": {"limits": render_limits_table},
    DOCS / "safety.md": {"promises": render_promises_list, "proof": render_proof_table},
    DOCS / "how-a-write-works.md": {"terms": render_terms_table},
    DOCS / "support.md": {
        **{tool.name: partial(_render_report_example, tool.name) for tool in REPORTS},
        "codes": render_failures_table,
    },
    DOCS / "es" / "support.md": {"codes": partial(render_failures_table, "es")},
    DOCS / "install.md": {
        "files": partial(render_files_table, "en"),
        "shapes": partial(render_shapes_table, "en"),
    },
    DOCS / "es" / "install.md": {
        "files": partial(render_files_table, "es"),
        "shapes": partial(render_shapes_table, "es"),
    },
}


def replace_parts(page: Path, parts: Parts) -> str:
    """Give a page with what stands between the markers of each generated part made anew."""
    text = page.read_text(encoding="utf-8")
    for name, make in parts.items():
        start, end = f"<!-- {name}: generated by make docs -->", f"<!-- end of {name} -->"
        before, rest = text.split(start)
        text = f"{before}{start}\n{make()}\n{end}{rest.split(end)[1]}"
    return text


def main() -> int:
    """Write, or check."""
    pages = {page: replace_parts(page, parts) for page, parts in PARTS.items()}
    stale = [
        page for page, text in pages.items() if not page.exists() or page.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv:
        for page in stale:
            page.write_text(pages[page], encoding="utf-8")
        return 0
    for page in stale:
        print(f"{page.relative_to(ROOT)} is out of step with the code; run make docs")
    return 1 if stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LookupError as problem:  # of an example; a traceback would hide what it says
        sys.exit(str(problem))
