"""The tools, one package per domain; `default_tools` has the listed ones, `all_tools` all of them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conekta_mcp.domains.default_tools import FOUNDATION, SANDBOX_TOOLS, TOOLS

__all__ = ["FOUNDATION", "SANDBOX_TOOLS", "TOOLS"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from conekta_mcp.domains import default_tools

    return getattr(default_tools, name)
