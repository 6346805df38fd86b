"""Selects tools: what the operator allows, what is listed, what a request narrows it to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from conekta_mcp.catalog import Risk, Tool, Toolset
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.redaction import name_in_error

ALL, NONE = "all", "none"
"""In place of the name of a toolset."""
TRUE = {"1", "true", "yes", "on"}
OPENING_WISH = "conekta_mcp.opening_wish"
"""Where the scope of an HTTP request has the wish of the request that opened its session."""
CALLERS = {True: "call_read_operation", False: "call_write_operation"}
"""The tools that call the unlisted ones: those that only read, and those that do not."""


@dataclass(frozen=True)
class ToolSelection:
    """What somebody asks for: toolsets and tools by name, what to leave out, whether to read only."""

    toolsets: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    read_only: bool = False

    within: "ToolSelection | None" = None
    """A second selection that has to include a tool too: of two wishes the stricter one holds."""

    @classmethod
    def from_request(cls, headers: Mapping[str, str], query: Mapping[str, str]) -> "ToolSelection":
        """Read what a request asks for: X-Conekta-Toolsets, -Read-Only, and ?toolsets= and ?read_only=."""
        said = (
            headers.get("x-conekta-toolsets"),
            headers.get("x-conekta-read-only"),
            query.get("toolsets"),
            query.get("read_only"),
        )
        if not any(said):  # most requests narrow nothing
            return DEFAULT_SELECTION
        return cls._from_texts(*said[:2]).restrict(cls._from_texts(*said[2:]))

    @classmethod
    def _from_texts(cls, toolsets: str | None, read_only: str | None) -> "ToolSelection":
        return cls(toolsets=split_names(toolsets or ""), read_only=(read_only or "").strip().lower() in TRUE)

    def restrict(self, other: "ToolSelection") -> "ToolSelection":
        """Return what both ask for: of two wishes the stricter one holds."""
        if other in (self, DEFAULT_SELECTION):
            return self
        if self == DEFAULT_SELECTION:
            return other
        within = self.within.restrict(other) if self.within else other
        return replace(self, within=within, read_only=self.read_only or other.read_only)

    @property
    def names_toolsets(self) -> bool:
        """Whether it names toolsets, in place of the default; tools that it names come besides."""
        return bool(self.toolsets or (self.within and self.within.names_toolsets))

    def includes(self, tool: Tool[Any]) -> bool:
        """Whether it asks for `tool`; what is secret must be named, "all" does not name it."""
        if self.within is not None and not self.within.includes(tool):
            return False
        if self.excludes(tool):
            return False
        if tool.name in self.tools or tool.toolset.value in self.toolsets:
            return True
        return tool.risk is not Risk.SECRET and (ALL in self.toolsets or not self.names_toolsets)

    def excludes(self, tool: Tool[Any]) -> bool:
        """Whether it leaves `tool` out, whatever else it asks for."""
        names = {tool.name, tool.toolset.value, tool.twin_of}
        named = not names.isdisjoint(self.exclude)
        return named or (self.read_only and not tool.risk.read_only)

    def check_names(self, tools: Iterable[Tool[Any]]) -> None:
        """Raise ConfigurationError for a name that is no toolset and no tool, and for none beside others."""
        if NONE in self.toolsets and set(self.toolsets) != {NONE}:
            raise ConfigurationError("--toolsets: none stands alone")
        toolsets = {toolset.value for toolset in Toolset}
        names = {tool.name for tool in tools} | toolsets
        for flag, given, known in (
            ("--toolsets", self.toolsets, toolsets | {ALL, NONE}),
            ("--tools", self.tools, names),
            ("--exclude", self.exclude, names),
        ):
            for name in given:
                if name not in known:
                    raise ConfigurationError(f"{flag}: {_describe_missing(name, known)}")


DEFAULT_SELECTION = ToolSelection()
NOTHING_LEFT = "--toolsets, --tools, --exclude and --read-only together leave no tool"


def _describe_missing(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    import difflib  # only where something is wrong

    near = difflib.get_close_matches(name, names, n=1)
    listed = ", ".join(names) if len(names) <= len(Toolset) + 2 else "conekta-mcp tools --all names all"
    more = f"did you mean {near[0]}?" if near else f"there are {listed}" if "," in listed else listed
    return f"there is no {name_in_error(name)}; {more}"


def split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@dataclass(frozen=True)
class Surface:
    """The tools that are allowed, by name, and those of them that are listed."""

    allowed: Mapping[str, Tool[Any]]
    listed: frozenset[str]
    finders: tuple[Tool[Any], ...] = ()
    """The tools that find and call the unlisted ones."""
    more: bool = False
    """Whether there are others that are not loaded yet."""

    @classmethod
    def from_selection(
        cls,
        tools: Sequence[Tool[Any]],
        wish: ToolSelection,
        default: Iterable[Tool[Any]],
        finders: Iterable[Tool[Any]],
    ) -> Self:
        """Return what `wish` allows of `tools`; without toolsets all are allowed and `default` is listed.

        Raises:
            ConfigurationError: the wish has an unknown name.
        """
        finders = tuple(finders)
        wish.check_names((*tools, *finders))
        listed = {tool.name for tool in default} | set(wish.tools)
        closed = {tool.name for tool in finders if wish.excludes(tool)}
        allowed = {
            tool.name: tool
            for tool in tools
            if wish.includes(tool)
            # Without the tool that calls it, what is not listed is not there either.
            and (wish.names_toolsets or tool.name in listed or CALLERS[tool.risk.read_only] not in closed)
        }
        unasked = allowed if wish.names_toolsets else listed
        kept = tuple(tool for tool in finders if not wish.excludes(tool))
        return cls(allowed, frozenset(allowed) & frozenset(unasked), kept)

    def narrow(self, wish: ToolSelection) -> "Surface":
        """Return what is left for a request with this wish: never more than before."""
        if wish == DEFAULT_SELECTION:
            return self
        allowed = {name: tool for name, tool in self.allowed.items() if wish.includes(tool)}
        listed = frozenset(allowed) if wish.names_toolsets else self.listed & frozenset(allowed)
        kept = tuple(tool for tool in self.finders if tool.risk.read_only or not wish.read_only)
        return Surface(allowed, listed, kept)

    def list_visible(self) -> list[Tool[Any]]:
        """Return the listed tools, and the finders if there is something that is not listed."""
        listed = [tool for tool in self.allowed.values() if tool.name in self.listed]
        return [*listed, *self._list_finders()]

    def find_tool(self, name: str) -> Tool[Any] | None:
        return self.allowed.get(name) or next(
            (tool for tool in self._list_finders() if tool.name == name), None
        )

    def _list_finders(self) -> tuple[Tool[Any], ...]:
        hidden = self.more or len(self.allowed) > len(self.listed) or self._has_hidden_arguments
        return self.finders if hidden else ()

    @cached_property
    def _has_hidden_arguments(self) -> bool:
        """Return whether a listed tool has arguments that only describe_operation shows."""
        return any(self.allowed[name].shortened for name in self.listed)


class OperatorTools:
    """The operator's choice among all tools; those that are not listed are loaded when needed."""

    def __init__(
        self,
        tools: Sequence[Tool[Any]],
        more: Callable[[], Sequence[Tool[Any]]],
        wish: ToolSelection,
        finders: Sequence[Tool[Any]],
    ) -> None:
        self._tools, self._more, self.wish, self.finders = tools, more, wish, finders

    @cached_property
    def default_surface(self) -> Surface:
        """Return the tools for a request without wishes; raise ConfigurationError for an unknown name."""
        # Only all tools together show whether a name is known.
        if self.is_named:
            if not self.full_surface.list_visible():
                raise ConfigurationError(NOTHING_LEFT)
            return self.full_surface
        return replace(Surface.from_selection(self._tools, self.wish, self._tools, self.finders), more=True)

    @property
    def is_named(self) -> bool:
        """Whether the operator named toolsets or tools, to open or to leave out."""
        return bool(self.wish.names_toolsets or self.wish.tools or self.wish.exclude)

    @cached_property
    def full_surface(self) -> Surface:
        return Surface.from_selection([*self._tools, *self._more()], self.wish, self._tools, self.finders)

    def narrow(self, wish: ToolSelection) -> Surface:
        return self.default_surface if wish == DEFAULT_SELECTION else self.full_surface.narrow(wish)

    def find_tool(self, name: str, wish: ToolSelection) -> Tool[Any] | None:
        # An allowed tool can be called by its name, listed or not.
        return self.narrow(wish).find_tool(name) or self.full_surface.narrow(wish).find_tool(name)

    def list_known_tools(self) -> tuple[Tool[Any], ...]:
        """Return all tools, whether they are allowed or not."""
        return (*self._tools, *self._more())

    def find_known_tool(self, name: str) -> Tool[Any] | None:
        """Return the tool of that name, whether it is allowed or not."""
        known = (*self.finders, *self.list_known_tools())
        return next((tool for tool in known if tool.name == name), None)

    def excludes(self, tool: Tool[Any]) -> bool:
        """Whether the operator leaves `tool` out by its name or toolset."""
        return self.wish.excludes(tool)

    def is_default(self, wish: ToolSelection) -> bool:
        """Whether neither the operator nor a request with this wish narrows anything."""
        return self.wish == wish == DEFAULT_SELECTION
