"""Reads the layout of the code and what the documents say about it, for test_architecture."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "conekta_mcp"
REFERENCE = re.compile(r"`(?P<file>[\w./<>-]+\.py): (?P<names>[\w., ]+)`")
PATH = re.compile(r"`(?P<path>[\w.<>-]*/[\w./<>-]*)(?:: [\w., ]+)?`")
STEP = re.compile(r"^\d+\. `(?P<file>[\w./]+\.py): (?P<name>[\w.]+)`", re.MULTILINE)
PREPOSITIONS = {
    "of", "by", "for", "from", "into", "onto", "over", "after", "before", "within", "without", "with", "to",
    "at", "in", "on", "as", "than", "under", "above", "below", "between", "beside", "against", "around",
    "beyond", "during", "until", "since",
}  # fmt: skip
"""A function whose last or only word is one of these does not say what it returns."""
ADVERBS = {
    "again", "alone", "apart", "away", "together", "anew", "once", "twice", "never", "always", "only", "both",
    "else", "then",
}  # fmt: skip
PARTICIPLES = {
    "done", "made", "known", "told", "said", "kept", "given", "taken", "left", "seen", "sent", "held", "met",
    "found", "shown", "written", "lost",
}  # fmt: skip
"""A function that is one of these, or one word that ends in -ed, has neither verb nor object."""
VERBS = {"seed", "feed", "embed", "exceed", "proceed", "need"}
"""Single words that end in -ed and are verbs."""


def list_references(text: str) -> list[tuple[str, str]]:
    """Return each `file.py: Name` of a document, one pair for each name."""
    return [
        (found["file"], name.strip())
        for found in REFERENCE.finditer(text)
        for name in found["names"].split(",")
    ]


def list_steps(text: str, heading: str) -> list[tuple[str, str]]:
    """Return the first name of each numbered step in one section: file and qualified name."""
    return [(found["file"], found["name"]) for found in STEP.finditer(get_section(text, heading))]


def get_section(text: str, heading: str) -> str:
    """Return what is below a heading of the second level."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def find_missing_references(text: str) -> list[str]:
    """Name the paths and names of a document that do not exist."""
    paths = [found["path"] for found in PATH.finditer(text)]
    missing = [path for path in dict.fromkeys(paths) if not list_matches(path)]
    missing += [
        f"{file}: {name}"
        for file, name in list_references(text)
        if any(name not in list_names(path) for path in list_matches(file))
    ]
    return missing


def list_matches(path: str) -> list[Path]:
    """Return the files or folders that a path of a document means; `<domain>` stands for any name."""
    pattern = re.sub("<[a-z_]+>", "*", path).rstrip("/")
    return [found for root in (PACKAGE, ROOT) for found in sorted(root.glob(pattern))]


def list_names(path: Path) -> set[str]:
    """Return the names that a module defines, and those inside its classes as `Class.name`."""
    return set(_list_definitions(ast.parse(path.read_text("utf-8")).body, ""))


def _list_definitions(body: Iterable[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from _list_definitions(node.body, f"{prefix}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        # Of `A, B = 1, 2` each name counts.
        names = [each for one in targets for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
        yield from (prefix + each.id for each in names if isinstance(each, ast.Name))


def list_table_packages(text: str) -> list[str]:
    """Return the first cells of the tables of "Layers", as they follow one another."""
    return re.findall(r"^\| `([\w/]+)` \|", get_section(text, "Layers"), re.MULTILINE)


def list_packages(root: Path = PACKAGE) -> list[str]:
    """Return every package below `root`, and the modules that stand beside them, as paths."""
    found = [path.parent.relative_to(root).as_posix() for path in root.rglob("__init__.py")]
    modules = [path.stem for path in root.glob("*.py") if path.name != "__init__.py"]
    return sorted([name for name in found if name != "."] + modules)


def list_undocumented_packages(root: Path = PACKAGE) -> list[str]:
    """Return the packages whose `__init__` has no docstring with a first line."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("__init__.py"))
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0].strip()
    ]


def count_files(root: Path = PACKAGE) -> dict[str, int]:
    """Return how many files, of code and of data, each folder holds itself."""
    folders = [root, *(path for path in sorted(root.rglob("*")) if path.is_dir())]
    return {
        folder.relative_to(root).as_posix(): sum(path.is_file() for path in folder.iterdir())
        for folder in folders
        if folder.name != "__pycache__"
    }


def count_lines(root: Path = PACKAGE) -> dict[str, int]:
    """Return the lines of each module."""
    return {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in sorted(root.rglob("*.py"))
    }


def list_functions(root: Path = PACKAGE) -> list[tuple[str, str]]:
    """Return each function with its file and line, without those that Python names itself."""
    return [
        (f"{path.relative_to(root.parent).as_posix()}:{node.lineno}", node.name)
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__")
    ]


def is_bare_name(name: str) -> bool:
    """Tell whether a function's name is a bare participle or adverb, or ends in a preposition."""
    words = name.strip("_").lower().split("_")
    if words[0] in {"is", "has", "can"}:
        return False
    only = words[0] if len(words) == 1 else ""
    participle = only in PARTICIPLES or (only.endswith("ed") and len(only) > 3)
    return words[-1] in PREPOSITIONS or only in ADVERBS or (participle and only not in VERBS)
