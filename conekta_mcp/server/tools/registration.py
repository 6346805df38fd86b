"""Converts declarations to the SDK's tools; the only module that uses private names of the SDK."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver import server as sdk_server
from mcp.server.mcpserver.tools import Tool as SdkTool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from mcp.types import Tool as WireTool
from pydantic import ConfigDict

from conekta_mcp.catalog import Tool, Toolset
from conekta_mcp.server.tools.absent_tools import mark_closed_names
from conekta_mcp.server.tools.published_schemas import Schemas, load_schemas

RunTool = Callable[
    [Tool[Any], dict[str, Any], Context[Any, Any]], Awaitable[CallToolResult | InputRequiredResult]
]


def leave_logging(_: str = "INFO") -> None:
    """Leave logging as the program set it up (cli/starting/stderr_log.py).

    The SDK would do it once more, to no effect, and import rich for it wherever that is installed: a
    twentieth of a start.
    """


sdk_server.configure_logging = leave_logging  # type: ignore[attr-defined,assignment]  # a name it imports, for its use


class RawArguments(ArgModelBase):
    """Passes arguments on unchanged: arguments.py validates them, without the SDK's coercion and echo."""

    model_config = ConfigDict(extra="allow")

    def model_dump_one_level(self) -> dict[str, Any]:
        # The SDK calls the tool's function with these as keywords: all arguments as a single one.
        return {"arguments": dict(self.model_extra or {})}


def derive_annotations(tool: Tool[Any]) -> ToolAnnotations:
    return ToolAnnotations(
        read_only_hint=tool.risk.read_only,
        destructive_hint=tool.risk.destructive,
        idempotent_hint=tool.risk.read_only or tool.idempotent,
        # The sandbox's controls reach nothing outside this process.
        open_world_hint=tool.toolset is not Toolset.SANDBOX,
    )


def build_sdk_tool(
    tool: Tool[Any], call: RunTool, schemas: Callable[[Tool[Any]], Schemas] = load_schemas
) -> SdkTool:
    async def run(
        arguments: dict[str, Any], context: Context[Any, Any]
    ) -> CallToolResult | InputRequiredResult:
        return await call(tool, arguments, context)

    known = schemas(tool)
    return SdkTool(
        fn=run,
        name=tool.name,
        title=tool.title,
        description=tool.description,
        parameters=known.input,
        # Without an output model the SDK publishes the schema and does not validate answers by it.
        fn_metadata=FuncMetadata(arg_model=RawArguments, output_schema=known.output),
        is_async=True,
        context_kwarg="context",
        annotations=derive_annotations(tool),
    )


def to_wire_tool(
    tool: SdkTool, title: str, arguments: dict[str, Any], closed: frozenset[str] = frozenset()
) -> WireTool:
    """Return the entry of a tool in tools/list; names of closed tools in its texts are marked."""
    return WireTool(
        name=tool.name,
        title=title,
        description=mark_closed_names(tool.description, closed),
        input_schema=json.loads(mark_closed_names(json.dumps(arguments), closed)) if closed else arguments,
        output_schema=tool.output_schema,
        annotations=tool.annotations,
    )
