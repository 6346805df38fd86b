"""Runs the tests that need nothing of another system than this one, and names those that are left out.

On Windows and macOS CI runs these. A file is left out for what it, or a module of the tests that it imports,
uses; the words of the command are those of pytest. With --list SYSTEM it lists them for another system.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ONLY_POSIX = {
    r"^\s*(?:import|from) (?:fcntl|grp|pty|pwd|resource|termios|tty)\b": "a module that only POSIX has",
    r"\bos\.(?:getuid|geteuid|fork|kill|killpg|mkfifo|umask|getpgid|setsid)\b": "users or processes of POSIX",
    r"\b(?:signal|Signals)\.SIG|send_signal|start_new_session|preexec_fn": "signals",
    r"chmod\(|st_mode|mode=0o|stat\.S_I": "modes of files",
    r"AF_UNIX": "a socket in the file system",
    r"symlink_to|os\.symlink": "links, which Windows lets only some users make",
    r"[\"'(]/(?:bin|usr|dev|etc|nonexistent|no)\b": "paths of POSIX",
    r"monkeypatch\.setattr\((?:\"os\.|os, )": "what Python's os has on POSIX",
    r"\"(?:ba|z)?sh\"|\bfish\b": "a shell of POSIX",
}
ONLY_LINUX = {
    r"/proc/|/sys/": "files of Linux's kernel",
    r"dbus|gnome-keyring": "the Secret Service of Linux",
    r"abstract socket|PR_SET": "calls of Linux",
}
LACKS = {"linux": {}, "macos": ONLY_LINUX, "windows": {**ONLY_LINUX, **ONLY_POSIX}}
HERE = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def find_reason(file: Path, lacks: dict[str, str]) -> str | None:
    """Return what keeps a file of tests from running where this is lacking, and where it is used."""
    for used in sorted(collect_modules(file), key=lambda one: (one != file, one)):
        text = used.read_text(encoding="utf-8")
        for pattern, meaning in lacks.items():
            if re.search(pattern, text, re.MULTILINE):
                return meaning if used == file else f"{meaning} ({used.relative_to(ROOT).as_posix()})"
    return None


@cache
def collect_modules(file: Path) -> frozenset[Path]:
    """Return a file, what it imports of the tests, and so on, and the conftest.py files of its folders."""
    found, waiting = set[Path](), [file, *_list_conftests(file)]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += _list_imports(one)
    return frozenset(found)


def _list_conftests(file: Path) -> list[Path]:
    inner = [folder for folder in file.parents if ROOT / "tests" in folder.parents]
    return [path for folder in inner if (path := folder / "conftest.py").exists()]


@cache
def _list_imports(file: Path) -> list[Path]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    paths = [ROOT / name.replace(".", "/") for name in names if name.startswith("tests.")]
    candidates = [path for one in paths for path in (one.with_suffix(".py"), one / "__init__.py")]
    return [path for path in candidates if path.exists()]


def choose(system: str) -> tuple[list[Path], dict[Path, str]]:
    """Return the files of tests to run on a system, and those to leave out with the reason."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    out = {file: reason for file in files if (reason := find_reason(file, LACKS[system]))}
    return [file for file in files if file not in out], out


def iter_lines(system: str) -> Iterator[str]:
    chosen, out = choose(system)
    yield f"{system}: {len(chosen)} files of tests run, {len(out)} are left out:"
    for file, reason in out.items():
        yield f"  {file.relative_to(ROOT).as_posix()}: {reason}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--list", choices=sorted(LACKS), help="only list, for this system")
    given, words = parser.parse_known_args()
    system = given.list or HERE[sys.platform]
    print("\n".join(iter_lines(system)), flush=True)
    if given.list:
        return 0
    return int(pytest.main([*words, *(str(file.relative_to(ROOT)) for file in choose(system)[0])]))


if __name__ == "__main__":
    sys.exit(main())
