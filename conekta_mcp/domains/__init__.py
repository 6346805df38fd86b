"""The tools: one file a domain, `default` the ones that are listed unasked, `whole` all of them.

The names of `default` are here too, and imported when they are asked for.
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
