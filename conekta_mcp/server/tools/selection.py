"""Selects tools: what the operator allows, what is listed, how a request narrows it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from conekta_mcp.catalog import Risk, Tool, Toolset
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.redaction import name_in_error
from conekta_mcp.settings.parsing import split_names

ALL, NONE = "all", "none"
"""Words in place of a toolset."""
TRUE = {"1", "true", "yes", "on"}
OPENING_SELECTION = "conekta_mcp.opening_selection"
"""The key in the scope of an HTTP request with the choice of its session's first request."""
CALLERS = {True: "call_read_operation", False: "call_write_operation"}
"""The tools that call unlisted tools: one for reads, one for writes."""


@dataclass(frozen=True)
class ToolSelection:
    """A choice of tools: toolsets and tools by name, exclusions, and read-only."""

    toolsets: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    read_only: bool = False

    within: "ToolSelection | None" = None
    """A second selection that has to include a tool too."""

    @classmethod
    def from_request(cls, headers: Mapping[str, str], query: Mapping[str, str]) -> "ToolSelection":
        """Parse the choice of a request: X-Conekta-Toolsets, -Read-Only, ?toolsets= and ?read_only=."""
        texts = (
            headers.get("x-conekta-toolsets"),
            headers.get("x-conekta-read-only"),
            query.get("toolsets"),
            query.get("read_only"),
        )
        if not any(texts):  # most requests narrow nothing
            return DEFAULT_SELECTION
        return cls._from_texts(*texts[:2]).restrict(cls._from_texts(*texts[2:]))

    @classmethod
    def _from_texts(cls, toolsets: str | None, read_only: str | None) -> "ToolSelection":
        return cls(toolsets=split_names(toolsets or ""), read_only=(read_only or "").strip().lower() in TRUE)

    def restrict(self, other: "ToolSelection") -> "ToolSelection":
        """Return the intersection of both choices."""
        if other in (self, DEFAULT_SELECTION):
            return self
        if self == DEFAULT_SELECTION:
            return other
        within = self.within.restrict(other) if self.within else other
        return replace(self, within=within, read_only=self.read_only or other.read_only)

    @property
    def names_toolsets(self) -> bool:
        """Whether it names toolsets instead of the default; named tools are added."""
        return bool(self.toolsets or (self.within and self.within.names_toolsets))

    def includes(self, tool: Tool[Any]) -> bool:
        """Tell whether it includes `tool`; secret tools must be named, "all" does not include them."""
        if self.within is not None and not self.within.includes(tool):
            return False
        if self.excludes(tool):
            return False
        if tool.name in self.tools or tool.toolset.value in self.toolsets:
            return True
        return tool.risk is not Risk.SECRET and (ALL in self.toolsets or not self.names_toolsets)

    def excludes(self, tool: Tool[Any]) -> bool:
        """Tell whether it excludes `tool`, which overrides everything else."""
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


@dataclass(frozen=True)
class Surface:
    """The allowed tools by name, and the listed ones among them."""

    allowed: Mapping[str, Tool[Any]]
    listed: frozenset[str]
    finders: tuple[Tool[Any], ...] = ()
    """The discovery tools."""
    more: bool = False
    """Whether there are tools that are not loaded yet."""

    @classmethod
    def from_selection(
        cls,
        tools: Sequence[Tool[Any]],
        selection: ToolSelection,
        default: Iterable[Tool[Any]],
        finders: Iterable[Tool[Any]],
    ) -> Self:
        """Return the tools that `selection` allows; without toolsets all, and `default` is the list.

        Raises:
            ConfigurationError: the selection has an unknown name.
        """
        finders = tuple(finders)
        selection.check_names((*tools, *finders))
        listed = {tool.name for tool in default} | set(selection.tools)
        closed = {tool.name for tool in finders if selection.excludes(tool)}
        allowed = {
            tool.name: tool
            for tool in tools
            if selection.includes(tool)
            # An unlisted tool is out of reach without the tool that calls it.
            and (
                selection.names_toolsets or tool.name in listed or CALLERS[tool.risk.read_only] not in closed
            )
        }
        unasked = allowed if selection.names_toolsets else listed
        kept = tuple(tool for tool in finders if not selection.excludes(tool))
        return cls(allowed, frozenset(allowed) & frozenset(unasked), kept)

    def narrow(self, selection: ToolSelection) -> "Surface":
        """Return the tools that remain with this choice; never more than before."""
        if selection == DEFAULT_SELECTION:
            return self
        allowed = {name: tool for name, tool in self.allowed.items() if selection.includes(tool)}
        listed = frozenset(allowed) if selection.names_toolsets else self.listed & frozenset(allowed)
        kept = tuple(tool for tool in self.finders if tool.risk.read_only or not selection.read_only)
        return Surface(allowed, listed, kept)

    def list_visible(self) -> list[Tool[Any]]:
        """Return the listed tools, and the discovery tools if something is not listed."""
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
    """The operator's choice among all tools; unlisted tools are loaded on first use."""

    def __init__(
        self,
        tools: Sequence[Tool[Any]],
        more: Callable[[], Sequence[Tool[Any]]],
        selection: ToolSelection,
        finders: Sequence[Tool[Any]],
    ) -> None:
        self._tools, self._more, self.selection, self.finders = tools, more, selection, finders

    @cached_property
    def default_surface(self) -> Surface:
        """The tools of a request that narrows nothing; raises ConfigurationError for an unknown name."""
        # Only all tools together show whether a name is known.
        if self.is_named:
            if not self.full_surface.list_visible():
                raise ConfigurationError(NOTHING_LEFT)
            return self.full_surface
        return replace(
            Surface.from_selection(self._tools, self.selection, self._tools, self.finders), more=True
        )

    @property
    def is_named(self) -> bool:
        """Whether the operator named toolsets or tools, to include or to exclude."""
        return bool(self.selection.names_toolsets or self.selection.tools or self.selection.exclude)

    @cached_property
    def full_surface(self) -> Surface:
        return Surface.from_selection(
            [*self._tools, *self._more()], self.selection, self._tools, self.finders
        )

    def narrow(self, selection: ToolSelection) -> Surface:
        return self.default_surface if selection == DEFAULT_SELECTION else self.full_surface.narrow(selection)

    def find_tool(self, name: str, selection: ToolSelection) -> Tool[Any] | None:
        # An allowed tool can be called by its name, listed or not.
        return self.narrow(selection).find_tool(name) or self.full_surface.narrow(selection).find_tool(name)

    def list_known_tools(self) -> tuple[Tool[Any], ...]:
        """Return all tools, whether they are allowed or not."""
        return (*self._tools, *self._more())

    def find_known_tool(self, name: str) -> Tool[Any] | None:
        """Return the tool of this name, whether it is allowed or not."""
        known = (*self.finders, *self.list_known_tools())
        return next((tool for tool in known if tool.name == name), None)

    def excludes(self, tool: Tool[Any]) -> bool:
        """Tell whether the operator excludes `tool` by its name or toolset."""
        return self.selection.excludes(tool)

    def is_default(self, selection: ToolSelection) -> bool:
        """Tell whether neither the operator nor this request narrows anything."""
        return self.selection == selection == DEFAULT_SELECTION
