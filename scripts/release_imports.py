"""Imports each name that an installed conekta_mcp takes from its dependencies, with an environment's Python.

The package imports much of what it needs at the first use, so a demo does not notice every name that an old
version of a dependency lacks. Arguments are modules that are not there, as those of extras; it ends with 1
and names what is missing.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

NOT_FOREIGN = {*sys.stdlib_module_names, "conekta_mcp"}


def main(absent: set[str]) -> int:
    spec = find_spec("conekta_mcp")
    if spec is None or spec.origin is None:
        print("conekta_mcp is not installed")
        return 1
    taken = {one for file in Path(spec.origin).parent.rglob("*.py") for one in _iter_imports(file)}
    foreign = sorted(one for one in taken if one[0].split(".")[0] not in {*absent, *NOT_FOREIGN})
    missing = [f"{module}: {name or 'the module'}" for module, name in foreign if not _exists(module, name)]
    print("\n".join(missing))
    return 1 if missing or not foreign else 0


def _iter_imports(file: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import, the name empty for the module itself."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, one.name) for one in node.names)


def _exists(module: str, name: str) -> bool:
    try:
        found = import_module(module)
        return not name or hasattr(found, name) or bool(import_module(f"{module}.{name}"))
    except ImportError:
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("absent", nargs="*", help="a module that is not there, as those of extras")
    sys.exit(main(set(parser.parse_args().absent)))
