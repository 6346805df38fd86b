"""Every operation for docs/es/tools.md: how people ask for it, its arguments, and whether it takes a yes."""

from collections.abc import Iterator
from typing import Any

from argument_tables import SPANISH, render_arguments
from reference_tables import RISKS, group_by_toolset

from conekta_mcp.catalog import Operation, Risk, Tool
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.policy.policy import find_consent_reason
from conekta_mcp.server.discovery.example_requests import read_example_requests
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS

MOST_REQUESTS = 3
LISTED = frozenset(tool.name for tool in (*TOOLS, *DISCOVERY_TOOLS))
ONLY_SANDBOX = frozenset(tool.name for tool in SANDBOX_TOOLS)


def render_operations() -> str:
    """Give every toolset with its operations."""
    requests = read_example_requests()
    lines: list[str] = []
    for toolset, tools in group_by_toolset().items():
        lines += [f"### {toolset}", ""]
        for tool in tools:
            lines += [*render_operation(tool, requests.get(tool.name, ())), ""]
    return "\n".join(lines[:-1])


def render_operation(tool: Tool[Any], requests: tuple[str, ...]) -> Iterator[str]:
    yield from (f"#### {tool.name}", "", f"**{tool.title_es}**{' (antigua)' if tool.deprecated else ''}", "")
    # Spanish requests come first in each file.
    said = ", ".join(f"«{one}»" for one in requests[:MOST_REQUESTS])
    if said:
        yield f"- Se pide así: {said}."
    where = f"{_tell_endpoint(tool)} · conjunto `{tool.toolset.value}`"
    yield f"- {where} · riesgo **{RISKS[tool.risk]}** · {_tell_listing(tool)}"
    if (care := _tell_care(tool)) is not None:
        yield f"- {care}"
    yield f"- [Qué significa cada argumento, y un ejemplo](../tools.md#{tool.name})"
    yield ""
    yield from render_arguments(tool, SPANISH)


def _tell_endpoint(tool: Tool[Any]) -> str:
    if isinstance(tool, Operation):
        return f"`{tool.endpoint.method} {tool.endpoint.template}`"
    return "varias lecturas"


def _tell_listing(tool: Tool[Any]) -> str:
    if tool.name in ONLY_SANDBOX:
        return "se lista solo con `--sandbox`"
    if tool.name in LISTED:
        return "se lista de entrada"
    if tool.risk is Risk.SECRET:
        return "apagada mientras no nombres su herramienta o su conjunto"
    caller = "call_read_operation" if tool.risk.read_only else "call_write_operation"
    return f"no se lista: se llega con `{caller}`"


def _tell_care(tool: Tool[Any]) -> str | None:
    """Say whether a person is asked and whether it can be undone, of a call with the example's arguments."""
    plan = WRITE_PLANS.get(tool.name)
    if plan is None:
        return None
    effect = plan.compute_effect(tool.input.model_validate(dict(tool.example)), None)
    is_change = isinstance(tool, Operation) and tool.endpoint.method == "PUT"
    if find_consent_reason("money", effect):
        asks = "sí"
    else:
        asks = "solo si cambia quién paga, a dónde va el dinero o un precio" if is_change else "no"
    undone = "sí, con otra llamada" if effect.is_reversible else "no"
    return f"Con dinero real se pregunta antes a una persona: {asks}. Se puede deshacer: {undone}."
