"""Breaks every promise of docs/safety.md in a copy: its tests must fail there, and pass when it is whole."""

import argparse
import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).with_name("promises.toml")
COPIED_PATHS = (
    "conekta_mcp",
    "tests",
    "scripts",
    "bench",
    "evals",
    "docs",
    "prompts",
    "pyproject.toml",
    "README.md",
)
IGNORED_FILES = shutil.ignore_patterns("__pycache__", ".*", "node_modules")
ALL_TESTS_SECONDS, BREAK_SECONDS = 3600.0, 600.0
"""The longest that all tests may take, and those of one break: a test that hangs has not failed.

A busy machine takes twenty times as long as a quiet one."""
TEST_VARIABLE_PREFIXES = ("PYTEST_", "COV_", "COVERAGE_")
"""Variables of a test run that this script is started from."""
OUTCOME_LINE = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED) (tests/[^\s\[]+)", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A change of one text in one file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Break:
    """What is broken at once, as one safeguard may hide another; each of the tests `fails` must notice."""

    places: tuple[Place, ...]
    fails: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """What is promised, and how it can be broken."""

    id: str
    group: str
    says: str
    breaks: tuple[Break, ...]

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(test for one in self.breaks for test in one.fails))


def load_promises() -> tuple[Promise, ...]:
    read = tomllib.loads(DATA.read_text(encoding="utf-8"))["promise"]
    return tuple(
        Promise(
            id=one["id"],
            group=one["group"],
            says=one["says"],
            breaks=tuple(
                Break(
                    tuple(Place(at["file"], at["old"], at["new"]) for at in (each, *each.get("also", ()))),
                    tuple(each["fails"]),
                )
                for each in one["break"]
            ),
        )
        for one in read
    )


def main(arguments: Sequence[str]) -> int:
    """Try the promises and return 1 unless all tests noticed."""
    promises = load_promises()
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("ids", nargs="*", metavar="ID", help="a promise such as C3; all, where none is named")
    parser.add_argument("--jobs", type=int, default=2, help="how many copies work at once (2)")
    parser.add_argument("--list", action="store_true", help="print the promises, and break none")
    given = parser.parse_args(arguments)
    known = {one.id: one for one in promises}
    if unknown := [one for one in given.ids if one not in known]:
        parser.error(f"no such promise: {', '.join(unknown)}; there are {', '.join(known)}")
    if given.list:
        for one in promises:
            print(f"{one.id:<5}{one.says}")
        return 0
    chosen = [known[one] for one in given.ids] or list(promises)
    jobs = max(given.jobs, 1)
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        copies = [copy_project(Path(folder) / str(number)) for number in range(jobs)]
        tests = len({test for one in chosen for test in one.tests})
        print(f"{len(chosen)} promises: their {tests} tests have to pass first", flush=True)
        problems = find_unsound_tests(copies[0], chosen)
        for problem in problems:
            print(f"whole   {problem}")
        problems += list(run_breaks(copies, chosen))
    broken = sum(len(one.breaks) for one in chosen)
    print(f"{len(chosen)} promises, {broken} breaks, {len(problems)} problems")
    return 1 if problems else 0


def run_breaks(copies: Sequence[Path], chosen: Sequence[Promise]) -> Iterator[str]:
    """Make every break, print the result, and yield the problems."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def try_break(each: Break) -> str | None:
        copy = free.get()
        try:
            return check_break(copy, each)
        finally:
            free.put(copy)

    pairs = [(promise, each) for promise in chosen for each in promise.breaks]
    with ThreadPoolExecutor(len(copies)) as pool:
        tried = pool.map(try_break, [each for _, each in pairs])
        for number, ((promise, each), problem) in enumerate(zip(pairs, tried, strict=True), 1):
            first = each.places[0]
            told = problem or " ".join(first.new.split())[:60] or "left out"
            word = "PROBLEM" if problem else "noticed"
            print(f"{number}/{len(pairs)} {promise.id:<4}{word:<9}{first.file}: {told}", flush=True)
            if problem:
                yield problem


def copy_project(folder: Path) -> Path:
    """Copy what the tests need, compiled so that a changed file is always read again."""
    folder.mkdir()
    for name in COPIED_PATHS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=IGNORED_FILES)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    compileall.compile_dir(
        folder / "conekta_mcp", quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
    )
    return folder


def find_unsound_tests(copy: Path, chosen: Sequence[Promise]) -> list[str]:
    tests = sorted({test for promise in chosen for test in promise.tests})
    found = run_tests(copy, tests, ALL_TESTS_SECONDS)
    return [
        f"{test} does not pass: {found.get(test, 'not run')}" for test in tests if found.get(test) != "PASSED"
    ]


def check_break(copy: Path, each: Break) -> str | None:
    """Break a copy, run the tests that must notice, repair it; return which did not."""
    whole = {place.file: (copy / place.file).read_text(encoding="utf-8") for place in each.places}
    for place in each.places:
        if (there := whole[place.file].count(place.old)) != 1:
            return f"the text to break is there {there} times"
    try:
        for place in each.places:
            path = copy / place.file
            path.write_text(path.read_text(encoding="utf-8").replace(place.old, place.new), encoding="utf-8")
        found = run_tests(copy, each.fails, BREAK_SECONDS)
    finally:
        for file, text in whole.items():
            (copy / file).write_text(text, encoding="utf-8")
    kept = [f"{test}: {found.get(test, 'not run')}" for test in each.fails if found.get(test) != "FAILED"]
    return ", ".join(kept) or None


def run_tests(copy: Path, tests: Sequence[str], seconds: float) -> dict[str, str]:
    """Return the outcome of each test; one with several cases fails if one of them does."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(TEST_VARIABLE_PREFIXES)}
    environment = {**own, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rA", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return dict.fromkeys(tests, f"no end in {seconds:.0f} s")
    found: dict[str, str] = {}
    for outcome, test in OUTCOME_LINE.findall(done.stdout):
        found[test] = _pick_worse(found.get(test, "PASSED"), outcome)
    return found


def _pick_worse(one: str, other: str) -> str:
    return max(one, other, key=("PASSED", "SKIPPED", "FAILED", "ERROR").index)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
