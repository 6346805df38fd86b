"""Which tools there are for whom: what the operator allows, what is listed, what a request narrows it to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from conekta_mcp.catalog import Risk, Tool, Toolset
from conekta_mcp.errors import ConfigurationError

ALL = "all"
TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class ToolSelection:
    """What somebody asks to have: toolsets and tools by name, what to leave out, whether to read only."""

    toolsets: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    read_only: bool = False

    @classmethod
    def from_request(cls, headers: Mapping[str, str], query: Mapping[str, str]) -> Self:
        """Read what a request asks for: X-Conekta-Toolsets, -Read-Only, or ?toolsets= and ?read_only=."""
        named = headers.get("x-conekta-toolsets") or query.get("toolsets") or ""
        read_only = headers.get("x-conekta-read-only") or query.get("read_only") or ""
        toolsets = tuple(name.strip() for name in named.split(",") if name.strip())
        return cls(toolsets=toolsets, read_only=read_only.strip().lower() in TRUE)

    @property
    def names_tools(self) -> bool:
        """Whether it names toolsets or tools, in place of the default."""
        return bool(self.toolsets or self.tools)

    def includes(self, tool: Tool[Any]) -> bool:
        """Whether it asks for `tool`; what is secret must be named, "all" does not name it."""
        if tool.name in self.exclude or tool.toolset.value in self.exclude:
            return False
        if self.read_only and not tool.risk.read_only:
            return False
        if tool.name in self.tools or tool.toolset.value in self.toolsets:
            return True
        return tool.risk is not Risk.SECRET and (ALL in self.toolsets or not self.names_tools)

    def check_names(self, tools: Iterable[Tool[Any]]) -> None:
        """Refuse a name that means nothing.

        Raises:
            ConfigurationError: naming it and what there is.
        """
        toolsets = {toolset.value for toolset in Toolset}
        names = {tool.name for tool in tools}
        for name in self.toolsets:
            if name not in toolsets | {ALL}:
                raise ConfigurationError(
                    f"--toolsets: there is no {name}; there are {', '.join(sorted(toolsets))}"
                )
        for name in (*self.tools, *self.exclude):
            if name not in names | toolsets:
                raise ConfigurationError(
                    f"--tools, --exclude: there is no {name}; conekta-mcp tools --all names all"
                )


DEFAULT_SELECTION = ToolSelection()


@dataclass(frozen=True)
class Surface:
    """The tools that are allowed, by name, and those of them that are listed unasked."""

    allowed: Mapping[str, Tool[Any]]
    listed: frozenset[str]
    finders: tuple[Tool[Any], ...] = ()
    """The tools that find and call the unlisted ones."""
    more: bool = False
    """Whether there are others, not loaded yet."""

    @classmethod
    def from_selection(
        cls,
        tools: Sequence[Tool[Any]],
        wish: ToolSelection,
        default: Iterable[Tool[Any]],
        finders: Iterable[Tool[Any]],
    ) -> Self:
        """Give what `wish` allows of `tools`; where it names none, all is allowed and `default` is listed.

        Raises:
            ConfigurationError: the wish names what there is not.
        """
        wish.check_names(tools)
        allowed = {tool.name: tool for tool in tools if wish.includes(tool)}
        unasked = allowed if wish.names_tools else {tool.name for tool in default}
        kept = tuple(tool for tool in finders if tool.risk.read_only or not wish.read_only)
        return cls(allowed, frozenset(allowed) & frozenset(unasked), kept)

    def narrow(self, wish: ToolSelection) -> "Surface":
        """Give what is left for a request with this wish: never more than before."""
        if wish == DEFAULT_SELECTION:
            return self
        allowed = {name: tool for name, tool in self.allowed.items() if wish.includes(tool)}
        listed = frozenset(allowed) if wish.names_tools else self.listed & frozenset(allowed)
        kept = tuple(tool for tool in self.finders if tool.risk.read_only or not wish.read_only)
        return Surface(allowed, listed, kept)

    def list_visible(self) -> list[Tool[Any]]:
        """Give the tools that are listed, and the finders where something is not."""
        listed = [tool for tool in self.allowed.values() if tool.name in self.listed]
        return [*listed, *self._list_finders()]

    def find_tool(self, name: str) -> Tool[Any] | None:
        """Give the tool of that name, listed or not, if it is allowed."""
        return self.allowed.get(name) or next(
            (tool for tool in self._list_finders() if tool.name == name), None
        )

    def _list_finders(self) -> tuple[Tool[Any], ...]:
        hidden = self.more or len(self.allowed) > len(self.listed) or self._has_hidden_arguments
        return self.finders if hidden else ()

    @cached_property
    def _has_hidden_arguments(self) -> bool:
        """Whether a listed tool has arguments that only describe_operation shows."""
        return any(self.allowed[name].shortened for name in self.listed)


class OperatorTools:
    """The operator's choice among all tools, loaded as far as it is asked for: all pay for start-up."""

    def __init__(
        self,
        tools: Sequence[Tool[Any]],
        more: Callable[[], Sequence[Tool[Any]]],
        wish: ToolSelection,
        finders: Sequence[Tool[Any]],
    ) -> None:
        self._tools, self._more, self._wish, self._finders = tools, more, wish, finders

    @cached_property
    def default_surface(self) -> Surface:
        """What is there for a request that asks for nothing special.

        Raises:
            ConfigurationError: the operator's wish names what there is not.
        """
        if self._wish.names_tools or self._wish.exclude:
            return self.full_surface
        return replace(Surface.from_selection(self._tools, self._wish, self._tools, self._finders), more=True)

    @cached_property
    def full_surface(self) -> Surface:
        """What is there of all tools."""
        return Surface.from_selection([*self._tools, *self._more()], self._wish, self._tools, self._finders)

    def narrow(self, wish: ToolSelection) -> Surface:
        """Give what is there for a request with this wish."""
        return self.default_surface if wish == DEFAULT_SELECTION else self.full_surface.narrow(wish)

    def find_tool(self, name: str, wish: ToolSelection) -> Tool[Any] | None:
        """Give the tool of that name, listed or not, if it is allowed."""
        return self.narrow(wish).find_tool(name) or self.full_surface.narrow(wish).find_tool(name)

    def find_known_tool(self, name: str) -> Tool[Any] | None:
        """Give the tool of that name, allowed or not."""
        return next((tool for tool in (*self._tools, *self._more()) if tool.name == name), None)
