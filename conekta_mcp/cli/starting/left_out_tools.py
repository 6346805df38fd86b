"""Finds the tools that one setting names and another one takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conekta_mcp.settings import Settings


def find_left_out(settings: Settings) -> Iterator[tuple[str, list[str]]]:
    """Yield what takes a named tool or toolset away, and its flag and name."""
    if not (settings.read_only or settings.exclude) or not (settings.tools or settings.toolsets):
        return
    # All declarations: a start that names tools needs them anyway.
    from conekta_mcp.domains import SANDBOX_TOOLS
    from conekta_mcp.domains.all_tools import ALL_TOOLS
    from conekta_mcp.server.tools.selection import ToolSelection

    reading = ToolSelection(read_only=settings.read_only)
    chosen = ToolSelection(exclude=settings.exclude, read_only=settings.read_only)
    for flag, names in (("--tools", settings.tools), ("--toolsets", settings.toolsets)):
        for name in names:
            tools = [tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS) if name in (tool.name, tool.toolset.value)]
            if tools and all(map(chosen.excludes, tools)):
                why = "read_only" if all(map(reading.excludes, tools)) else "exclude"
                yield why, [f"{flag} {name}"]
