"""The listing of the default tools names the module of each declaration, and only that is imported."""

import json
import subprocess
import sys

import pytest

from conekta_mcp.domains.default_tools import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.deferred_tools import LISTING_FILE, load_tools

MODULES = sorted({one["module"] for one in json.loads(LISTING_FILE.read_bytes())})
LOAD = """
import sys
from conekta_mcp.domains.deferred_tools import load_tools

loaded = [tool.loaded for tool in load_tools(sandbox=True) if tool.name in sys.argv[1:]]
assert [tool.name for tool in loaded] == sys.argv[1:]
found = [name for name in sys.modules if name.startswith("conekta_mcp.domains.")]
print(*sorted(name.removeprefix("conekta_mcp.domains.") for name in found if name.endswith(".tools")))
"""


def list_loaded_modules(*names: str) -> list[str]:
    """Load tools in a process of their own, and name the modules of declarations that came with them."""
    command = [sys.executable, "-c", LOAD, *names]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return done.stdout.split()


def test_each_tool_is_the_one_that_is_declared() -> None:
    assert [tool.loaded for tool in load_tools(sandbox=True)] == [*TOOLS, *SANDBOX_TOOLS]


@pytest.mark.system
def test_a_call_imports_the_declarations_of_its_own_domain_only() -> None:
    assert list_loaded_modules("list_customers", "get_customer") == ["customers.tools"]


@pytest.mark.system
@pytest.mark.parametrize("module", MODULES)
def test_the_module_of_a_tool_can_be_imported_first(module: str) -> None:
    name = next(one["name"] for one in json.loads(LISTING_FILE.read_bytes()) if one["module"] == module)
    assert module in list_loaded_modules(name)
