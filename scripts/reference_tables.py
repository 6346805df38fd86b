"""The tables of docs/tools.md and docs/configuration.md in both languages, from the code they describe."""

from collections.abc import Iterable
from dataclasses import Field
from typing import Any

from conekta_mcp.catalog import Risk, Tool, Toolset
from conekta_mcp.cli.parser import COMMANDS
from conekta_mcp.cli.spanish.help_texts import GROUPS as SPANISH_GROUPS
from conekta_mcp.cli.spanish.help_texts import PURPOSES as SPANISH_PURPOSES
from conekta_mcp.cli.spanish.setting_texts import describe_in_spanish
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.prompts import load_prompts
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import FILE_SUFFIX, list_settings, may_be_in_file

EVERY_TOOL: tuple[Tool[Any], ...] = (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)
RISKS = {
    Risk.READ: "lectura",
    Risk.WRITE: "escritura",
    Risk.MONEY: "dinero",
    Risk.DESTRUCTIVE: "destructivo",
    Risk.SECRET: "secreto",
}
HEADS: dict[str, dict[str, tuple[str, ...]]] = {
    "tools": {"en": ("tool", "what it does", "risk"), "es": ("herramienta", "qué hace", "riesgo")},
    "prompts": {"en": ("prompt", "what for"), "es": ("prompt", "para qué")},
    "commands": {"en": ("command", "what it does"), "es": ("comando", "qué hace")},
    "cards": {
        "en": ("card", "shows", "tools of the default list"),
        "es": ("tarjeta", "muestra", "herramientas de la lista normal"),
    },
    "settings": {
        "en": ("variable", "flag", "default", "meaning"),
        "es": ("variable", "opción", "por omisión", "qué es"),
    },
}
GROUPS = {
    Group.ACCOUNT: "account and keys",
    Group.CONEKTA: "Conekta's API",
    Group.SANDBOX: "sandbox",
    Group.TOOLS: "tools",
    Group.HTTP: "HTTP",
    Group.APPROVAL: "a person's approval",
    Group.POLICY: "rules",
    Group.LIMITS: "limits",
    Group.STORAGE: "store and audit log",
    Group.OUTPUT: "output",
}


def render_tools_table(language: str = "en") -> str:
    """Give the table of the tools that are listed by default."""
    return render_table(
        "tools", language, map(_list_cells(language), (*TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS))
    )


def _list_cells(language: str) -> Any:
    spanish = language == "es"

    def cells(tool: Tool[Any]) -> tuple[str, ...]:
        link = f"[`{tool.name}`](#{tool.name})"
        title = tool.title_es if spanish else tool.title
        mark = ("antigua" if spanish else "old") if tool.deprecated else ""
        return link, f"{title} ({mark})" if mark else title, RISKS[tool.risk] if spanish else tool.risk.value

    return cells


def group_by_toolset() -> dict[str, list[Tool[Any]]]:
    """Give every tool by its toolset, in the order of the toolsets."""
    grouped = {one.value: [tool for tool in EVERY_TOOL if tool.toolset is one] for one in Toolset}
    return {toolset: tools for toolset, tools in grouped.items() if tools}


def render_prompts_table(language: str = "en") -> str:
    """Give the table of prompts."""
    rows = (
        (f"`{one.name}`", one.title.split(" · ")[0] if language == "es" else one.description)
        for one in load_prompts().values()
    )
    return render_table("prompts", language, rows)


def render_commands_table(language: str = "en") -> str:
    """Give the table of commands."""
    purposes = SPANISH_PURPOSES if language == "es" else COMMANDS
    return render_table(
        "commands", language, ((f"`conekta-mcp {name}`", what) for name, what in purposes.items())
    )


def render_settings(language: str = "en") -> str:
    """Give every setting, a table for each group."""
    lines: list[str] = []
    for group in Group:
        rows = [
            _list_setting_cells(one, language) for one in list_settings() if one.metadata["group"] is group
        ]
        title = SPANISH_GROUPS[group.value] if language == "es" else GROUPS[group]
        lines += [f"### {title[0].upper()}{title[1:]}", "", render_table("settings", language, rows), ""]
    return "\n".join(lines[:-1])


def _list_setting_cells(one: Field[Any], language: str) -> tuple[str, ...]:
    name, metadata, default = one.name, one.metadata, one.default
    shown = ",".join(default) if isinstance(default, tuple) else default
    shown = 1 if shown is True else shown
    said = f"`{shown}`" if shown not in (None, "", False) else ""
    none = "ninguna" if language == "es" else "none"
    flag = f"`{metadata['flag']}`" if metadata["flag"] else none
    meaning = describe_in_spanish(name) if language == "es" else metadata["help"]
    variable = f"`{metadata['env']}`"
    if may_be_in_file(one):
        variable += f", {'o' if language == 'es' else 'or'} `{metadata['env']}{FILE_SUFFIX}`"
    return variable, flag, said, meaning


def render_table(kind: str, language: str, rows: Iterable[tuple[str, ...]]) -> str:
    """Give a Markdown table under the heads of its kind."""
    heads = HEADS[kind][language]
    lines = (f"| {' | '.join(cells)} |" for cells in rows)
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines])
