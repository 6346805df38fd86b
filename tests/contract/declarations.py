"""Finds the block of every tool, registered or not."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from conekta_mcp import domains
from conekta_mcp.catalog import Input, Operation, Tool, Toolset
from conekta_mcp.server.discovery import tools as discovery

ROOT = Path(__file__).parents[2]
COLLECTING_MODULES = {"all_tools", "all_writes", "default_tools", "deferred_tools"}


@dataclass(frozen=True)
class Declaration:
    """A tool and the module of its block."""

    tool: Tool[Any]
    module: ModuleType

    @property
    def file(self) -> str:
        return to_file(self.module.__name__)

    @property
    def domain(self) -> str:
        """The name of the folder, for an operation that its domain's files have to know."""
        return self.module.__name__.split(".")[-2]

    @property
    def is_discovery(self) -> bool:
        return self.tool.toolset is Toolset.DISCOVERY

    @property
    def is_told_by_its_block(self) -> bool:
        """Whether its request is method and path with the ids in place, and a body of fields by their names.

        What a write sends is proved by its fullest calls; what a read sends in its query, by a row alone.
        """
        tool = self.tool
        if not isinstance(tool, Operation):
            return False
        sent = tool.input.model_fields.keys() - tool.input.server_fields
        is_plain = tool.input.payload is Input.payload
        return is_plain and (tool.changes or sent == {*tool.endpoint.path_fields})

    @property
    def needs_write_plan(self) -> bool:
        special = {Toolset.DISCOVERY, Toolset.SANDBOX}
        return not self.tool.risk.read_only and self.tool.toolset not in special


def list_declarations() -> list[Declaration]:
    """Give every tool that stands in a module of tools, whether it is registered or not."""
    modules = [*import_domain_modules("tools"), discovery]
    return [Declaration(tool, module) for module in modules for tool in list_own_tools(module)]


def import_domain_modules(ending: str) -> list[ModuleType]:
    """Import the modules of domains whose names end in `ending`, but for those that collect them."""
    names = (found.name for found in pkgutil.walk_packages(domains.__path__, f"{domains.__name__}."))
    chosen = [
        name for name in names if name.endswith(ending) and name.rpartition(".")[2] not in COLLECTING_MODULES
    ]
    return [importlib.import_module(name) for name in chosen]


def list_own_tools(module: ModuleType) -> list[Tool[Any]]:
    """Give the tools whose block is in `module`, not those that it imports."""
    source = inspect.getsource(module)
    found = [value for value in vars(module).values() if isinstance(value, Tool)]
    return [tool for tool in found if f'\n    name="{tool.name}",\n' in source]


def to_file(module: str) -> str:
    """Give the path of a module in the repository."""
    return module.replace(".", "/") + ".py"


def find_plan_file(tool: str) -> str:
    """Give the file that has a tool's write plan, or that is to have it: the one beside its block."""
    for module in import_domain_modules("writes"):
        if tool in getattr(module, "WRITE_PLANS", ()):
            return to_file(module.__name__)
    return suggest_plan_file(next(one for one in list_declarations() if one.tool.name == tool))


def suggest_plan_file(declared: Declaration) -> str:
    """Give the file where a plan belongs: `change_writes.py` for `change_tools.py`, else `writes.py`."""
    beside = declared.file.replace("tools.py", "writes.py")
    folder, _, _ = declared.file.rpartition("/")
    return beside if (ROOT / beside).exists() else f"{folder}/writes.py"
