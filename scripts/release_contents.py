"""Lists what is in a wheel and a sdist, and compares it with release_contents.toml and with the checkout."""

import re
import tarfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

DECLARED = Path(__file__).with_name("release_contents.toml")
TAKEN = ("conekta_mcp", "prompts")
"""Folders of the checkout whose every file is in both."""


def load_lists(version: str) -> dict[str, dict[str, str]]:
    """Return the declared patterns of "wheel" and "sdist", with what each stands for."""
    declared = tomllib.loads(DECLARED.read_text(encoding="utf-8"))
    return {
        kind: {pattern.replace("{version}", version): meaning for pattern, meaning in lines.items()}
        for kind, lines in declared.items()
    }


def list_files(artifact: Path) -> list[str]:
    """Return the names of the files in a wheel or a sdist, those of a sdist without its first folder."""
    if artifact.suffix == ".whl":
        with zipfile.ZipFile(artifact) as wheel:
            return sorted(name for name in wheel.namelist() if not name.endswith("/"))
    with tarfile.open(artifact) as sdist:
        return sorted(member.name.partition("/")[2] for member in sdist if member.isfile())


def get_kind(artifact: Path) -> str:
    return "wheel" if artifact.suffix == ".whl" else "sdist"


def is_match(pattern: str, name: str) -> bool:
    """Tell whether a name fits: * is part of one name, **/ is any number of folders."""
    pieces = re.split(r"(\*\*/|\*)", pattern)
    spelled = {"**/": "(?:[^/]+/)*", "*": "[^/]*"}
    return re.fullmatch("".join(spelled.get(piece, re.escape(piece)) for piece in pieces), name) is not None


def find_problems(names: list[str], declared: Mapping[str, str], kind: str) -> Iterator[str]:
    """Yield files that no pattern declares, and patterns that no file fits."""
    for name in names:
        if not any(is_match(pattern, name) for pattern in declared):
            yield f"{kind}: {name} is in it, and release_contents.toml does not declare it"
    for pattern, meaning in declared.items():
        if not any(is_match(pattern, name) for name in names):
            yield f"{kind}: nothing in it fits {pattern} ({meaning})"


def find_missing(names: list[str], checkout: Path, kind: str) -> Iterator[str]:
    """Yield the files of the checkout's package and prompts that are not in it."""
    for folder in TAKEN:
        for file in sorted((checkout / folder).rglob("*")):
            name = file.relative_to(checkout).as_posix()
            if not file.is_file() or "__pycache__" in file.parts:
                continue
            if kind == "wheel" and folder == "prompts":
                name = f"conekta_mcp/{name}"
            if name not in names:
                yield f"{kind}: {name} is missing"


def check_artifact(artifact: Path, checkout: Path, version: str) -> list[str]:
    """Return all that is wrong with what a wheel or a sdist holds."""
    kind, names = get_kind(artifact), list_files(artifact)
    declared = load_lists(version)[kind]
    return [*find_problems(names, declared, kind), *find_missing(names, checkout, kind)]


def count_by_pattern(artifact: Path, version: str) -> Counter[str]:
    """Return how many files fit each declared pattern first."""
    declared = load_lists(version)[get_kind(artifact)]
    found = (next((one for one in declared if is_match(one, name)), "") for name in list_files(artifact))
    return Counter(found)


def list_folders(artifact: Path) -> set[str]:
    """Return the first folders and the files beside them."""
    return {PurePosixPath(name).parts[0] for name in list_files(artifact)}
