"""Tells whether a client shows cards, without loading the SDK's module for MCP Apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import Context

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

EXTENSION_ID = "io.modelcontextprotocol/ui"
"""As in the SDK; a test compares them."""


def supports_cards(context: Context[Any, Any] | ServerRequestContext[Any, Any]) -> bool:
    """Return the result of the SDK's client_supports_apps; raise ValueError if there is no client."""
    source = context if isinstance(context, Context) else context.session
    capabilities = source.client_capabilities
    if capabilities is None or EXTENSION_ID not in (capabilities.extensions or {}):
        return False
    from mcp.server.apps import client_supports_apps

    return client_supports_apps(context)
