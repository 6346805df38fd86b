"""The tools, one package a domain; `default_tools` has those that are listed, `all_tools` every one.

The names of `default_tools` are here too, and imported when they are asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conekta_mcp.domains.default_tools import FOUNDATION, SANDBOX_TOOLS, TOOLS

__all__ = ["FOUNDATION", "SANDBOX_TOOLS", "TOOLS"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from conekta_mcp.domains import default_tools

    return getattr(default_tools, name)
