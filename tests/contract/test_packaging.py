"""The wheel has what the server needs and nothing else, with one version, for every system."""

import ast
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

from conekta_mcp import __version__

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "conekta_mcp").rglob("*.py"))
ONLY_POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "crypt", "nis", "spwd", "syslog"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    built = list(WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel"))))
    [path] = [Path(one) for one in built]
    assert path.name == f"conekta_mcp-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_every_module_prompt_snapshot_and_the_vocabulary(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if name.startswith("conekta_mcp/")}
    prompts = {f"conekta_mcp/prompts/{file.name}" for file in (ROOT / "prompts").glob("*.md")}
    package = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "conekta_mcp").rglob("*")
        if file.suffix in {".py", ".typed", ".json", ".txt", ".html", ".css", ".js"}
    }
    assert len(prompts) == 5
    assert "conekta_mcp/py.typed" in package
    assert names == prompts | package


def test_the_wheel_holds_neither_tests_nor_anything_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"conekta_mcp", f"conekta_mcp-{__version__}.dist-info"}


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = wheel.read(f"conekta_mcp-{__version__}.dist-info/entry_points.txt").decode()
    assert "conekta-mcp = conekta_mcp.__main__:main" in entry_points


def test_prompts_in_the_wheel_are_those_of_the_checkout(wheel: zipfile.ZipFile) -> None:
    for file in (ROOT / "prompts").glob("*.md"):
        assert wheel.read(f"conekta_mcp/prompts/{file.name}") == file.read_bytes()


def test_all_versions_agree() -> None:
    manifest: dict[str, Any] = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    versions = {manifest["version"], *(one["version"] for one in manifest["packages"])}
    assert versions == {__version__}


def imported(module: Path) -> set[str]:
    """The first names of everything that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
        if isinstance(node, ast.Call) and (name := named_in(node)):
            found.add(name)
    return found


def named_in(call: ast.Call) -> str | None:
    """The module that a call such as `import_module("termios")` names."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    is_import = function in {"import_module", "load_module", "__import__"}
    text = first.value if is_import and isinstance(first, ast.Constant) else None
    return text.split(".")[0] if isinstance(text, str) else None


BRANCHED = {
    "cli/terminal.py": {"termios"},
    "cli/approving/answers.py": {"pwd"},
    "server/http/listening.py": {"resource"},
}
"""What does without them where they are missing; tests/cli/test_other_systems.py runs the terminal so."""


def test_no_module_imports_what_only_posix_has() -> None:
    assert {
        module.relative_to(ROOT / "conekta_mcp").as_posix(): names
        for module in MODULES
        if (names := imported(module) & ONLY_POSIX)
    } == BRANCHED
    assert any("mcp" in imported(module) for module in MODULES)


def test_every_script_refuses_a_flag_that_it_does_not_have() -> None:
    """A misspelt --check would write files; argparse answers --help too."""
    scripts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "scripts").glob("*.py")}
    careless = [
        file.name
        for file, text in scripts.items()
        if '__name__ == "__main__"' in text
        and not re.search(r"\.parse_(?:known_)?args\(", text)  # the latter for what pytest reads
    ]
    assert careless == [], "scripts/: read the words of the command line with argparse"
