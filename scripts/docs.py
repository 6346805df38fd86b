"""Writes the generated parts of the pages in docs/; --check compares."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from argument_tables import ENGLISH, render_arguments
from card_table import render_cards
from client_table import render_files_table, render_shapes_table
from examples import Example, collect_examples, format_json
from protection_tables import (
    render_limits_table,
    render_promises_list,
    render_proof_table,
    render_terms_table,
    render_unasked_table,
)
from reference_tables import (
    EVERY_TOOL,
    group_by_toolset,
    render_commands_table,
    render_prompts_table,
    render_settings,
    render_tools_table,
)
from spanish_operations import render_operations

from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.domains.support.explaining.failures import CAUSES
from conekta_mcp.domains.support.tools import TOOLS as REPORTS
from conekta_mcp.server.rendering.titles import Titles

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
        *render_arguments(tool, ENGLISH),
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
        "operations": render_operations,
    },
    DOCS / "configuration.md": {"commands": render_commands_table, "settings": render_settings},
    DOCS / "es" / "configuration.md": {
        "commands": partial(render_commands_table, "es"),
        "settings": partial(render_settings, "es"),
    },
    DOCS / "cards.md": {"cards": partial(render_cards, "en")},
    DOCS / "es" / "cards.md": {"cards": partial(render_cards, "es")},
    DOCS / "policy.md": {"unasked": render_unasked_table, "limits": render_limits_table},
    DOCS / "es" / "policy.md": {
        "unasked": partial(render_unasked_table, "es"),
        "limits": partial(render_limits_table, "es"),
    },
    DOCS / "safety.md": {"promises": render_promises_list, "proof": render_proof_table},
    DOCS / "es" / "safety.md": {
        "promises": partial(render_promises_list, "es"),
        "proof": partial(render_proof_table, "es"),
    },
    DOCS / "how-a-write-works.md": {"terms": render_terms_table},
    DOCS / "es" / "how-a-write-works.md": {"terms": partial(render_terms_table, "es")},
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
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="write nothing; name the pages out of step")
    given = parser.parse_args()
    pages = {page: replace_parts(page, parts) for page, parts in PARTS.items()}
    stale = [
        page for page, text in pages.items() if not page.exists() or page.read_text(encoding="utf-8") != text
    ]
    if not given.check:
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
