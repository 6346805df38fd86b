"""Tries a release of the last commit: builds it, looks into it, and installs it as users will.

Prints a table of the environments in which `conekta-mcp demo` ran, and leaves sdist, wheel and bill of
materials in --out. Python versions that this machine lacks are named; with --all-pythons that is a failure.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import release_build
import release_contents
import release_environments
import release_facts
import release_sbom
from release_environments import Outcome, Row

from conekta_mcp import __version__

ROOT = Path(__file__).parent.parent
SBOM = f"conekta_mcp-{__version__}.cdx.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--all-pythons", action="store_true", help="fail if a supported Python is not here")
    parser.add_argument("--pythons", help="only these, such as 3.11,3.13")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the files are left (dist)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="conekta-mcp-release-") as folder:
        found = list(release_facts.find_problems())
        artifacts, problems = build_twice(Path(folder))
        found += problems
        found += check_pages(artifacts)
        wanted = given.pythons.split(",") if given.pythons else release_environments.list_supported()
        pythons = release_environments.find_pythons(wanted)
        found += name_missing(wanted, pythons, is_failure=given.all_pythons)
        found += try_environments(artifacts, pythons, Path(folder))
        found += make_sbom(artifacts, pythons, Path(folder))
        keep(given.out, [*artifacts, Path(folder) / SBOM])
    print("\n".join(found) if found else f"\nversion {__version__}: all of it holds")
    return 1 if found else 0


def build_twice(folder: Path) -> tuple[list[Path], list[str]]:
    """Build the last commit in two clones, the second time the wheel without the sdist between."""
    for name in release_build.find_uncommitted():
        print(f"not committed, and so not in it: {name[3:]}")
    clones = [release_build.clone(folder / f"clone-{number}") for number in (1, 2)]
    first = release_build.build(clones[0], folder / "first")
    second = release_build.build(clones[1], folder / "second", "--sdist", "--wheel", circumstance=1)
    found = list(release_build.find_differences(first, second))
    for path in first:
        problems = release_contents.check_artifact(path, clones[0], __version__)
        kind, names = release_contents.get_kind(path), release_contents.list_files(path)
        print(
            f"\n{path.name}: {len(names)} files, {path.stat().st_size:,} bytes, {release_build.digest(path)}"
        )
        counts = release_contents.count_by_pattern(path, __version__)
        for pattern, meaning in release_contents.load_lists(__version__)[kind].items():
            print(f"  {counts[pattern]:>4}  {pattern}: {meaning}")
        found += problems
    if not found:
        print("\nbuilt twice, in two clones, the wheel from the sdist and from the clone: the same bytes")
    return first, found


def check_pages(artifacts: Iterable[Path]) -> list[str]:
    """Return what twine finds in the metadata, and in the page that a package index shows."""
    words = [sys.executable, "-m", "twine", "check", "--strict", *map(str, artifacts)]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    print("twine check --strict: " + ("passed" if done.returncode == 0 else "failed"))
    return [f"twine check --strict failed:\n{done.stdout}{done.stderr}"] if done.returncode else []


def name_missing(wanted: Iterable[str], pythons: dict[str, str], *, is_failure: bool) -> list[str]:
    """Print which versions of Python are not on this machine; return them if that is a failure."""
    missing = [version for version in wanted if version not in pythons]
    for version in missing:
        print(f"Python {version} is not on this machine: nothing is tried with it")
    return [f"Python {version} is not on this machine" for version in missing] if is_failure else []


def try_environments(artifacts: list[Path], pythons: dict[str, str], folder: Path) -> list[str]:
    """Try every combination, print a line each, and return the failures."""
    unbounded = release_environments.find_unbounded(
        release_environments.read_requirements(artifacts[0], release_environments.EXTRAS)
    )
    found = [f"pyproject.toml: {one} has no lowest version" for one in unbounded]
    outcomes = []
    print(f"\n{'python':<8}{'from':<8}{'extras':<16}{'dependencies':<14}{'demo':<8}seconds")
    for number, row in enumerate(release_environments.list_rows(pythons, artifacts)):
        tried = release_environments.try_row(row, pythons[row.python], folder / f"env-{number}", __version__)
        outcomes.append(tried)
        print(format_row(tried), flush=True)
        shutil.rmtree(folder / f"env-{number}", ignore_errors=True)
    found += print_versions(outcomes)
    failures = [f"{format_row(one)}\n{one.failure}" for one in outcomes if one.failure]
    return [*found, *failures] if outcomes else [*found, "no Python was found: nothing was tried"]


def format_row(tried: Outcome) -> str:
    row, kind = tried.row, release_contents.get_kind(tried.row.artifact)
    extras = ",".join(row.extras) or "none"
    state = "failed" if tried.failure else "ok"
    return f"{row.python:<8}{kind:<8}{extras:<16}{row.dependencies:<14}{state:<8}{tried.seconds:.1f}"


def print_versions(outcomes: list[Outcome]) -> Iterator[str]:
    """Print the lowest and the newest version tried of each direct dependency; yield if they are the same."""
    tried = [one for one in outcomes if one.row.extras and not one.failure]
    lowest, newest = (
        [one for one in tried if one.row.dependencies == which] for which in ("lowest", "newest")
    )
    if not lowest or not newest:
        return
    print(f"\n{'dependency':<36}{'lowest':<12}newest")
    asked = lowest[0].installed
    if all(newest[0].installed.get(name) == asked[name] for name in asked):
        yield "the lowest dependencies are the newest: nothing was tried with older ones"
    requirements = release_environments.read_requirements(lowest[0].row.artifact, lowest[0].row.extras)
    for requirement in dict.fromkeys(requirements):
        name = requirement.split("<")[0].split(">")[0].split("=")[0]
        print(
            f"{requirement:<36}{lowest[0].installed.get(name, '-'):<12}{newest[0].installed.get(name, '-')}"
        )


def make_sbom(artifacts: list[Path], pythons: dict[str, str], folder: Path) -> list[str]:
    """Write the bill of materials of a whole install; return what is wrong with it."""
    if not pythons:
        return ["no bill of materials: no Python was found"]
    version, python = max(pythons.items(), key=lambda one: [int(part) for part in one[0].split(".")])
    [wheel] = [path for path in artifacts if path.suffix == ".whl"]
    row = Row(version, wheel, release_environments.EXTRAS, "newest")
    try:
        environment = release_environments.create_environment(folder / "env-sbom", python)
        installed = release_environments.install(environment, row)
        bill = release_sbom.write_sbom(environment, folder / SBOM, __version__, release_build.read_epoch())
    except RuntimeError as failure:
        return [str(failure)]
    print(f"\n{SBOM}: {len(bill['components'])} components of an install with all extras on Python {version}")
    return release_sbom.find_problems(bill, installed, __version__)


def keep(out: Path, files: Iterable[Path]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.exists():
            shutil.copy(file, out)


if __name__ == "__main__":
    sys.exit(main())
