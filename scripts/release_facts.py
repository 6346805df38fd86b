"""Checks that version, address, changelog and files agree; --tag v1.2.3 says whether they can be released.

The version stands in conekta_mcp/__init__.py and the repository's address in pyproject.toml, [project.urls].
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from conekta_mcp import __version__

ROOT = Path(__file__).parent.parent
HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<when>.+))?$", re.MULTILINE)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
HOST = "https://github.com/"
UNRELEASED = "unreleased"
PICTURES = {".png"}
"""The endings of the files that are no text."""


def read_repository(root: Path = ROOT) -> str:
    """Return the address of the repository, without a slash at its end."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address: str = project["urls"]["Repository"]
    return address


def read_notes(changelog: str) -> tuple[str, str | None, str]:
    """Return the version of the newest section, what stands after it in the heading, and the section's text.

    Raises:
        LookupError: the changelog has no section.
    """
    headings = list(HEADING.finditer(changelog))
    if not headings:
        raise LookupError("CHANGELOG.md has no heading like ## [1.2.3] - 2026-01-31")
    first = headings[0]
    text = changelog[first.end() : headings[1].start() if len(headings) > 1 else None]
    return first["version"], first["when"], text.strip() + "\n"


def find_problems(root: Path = ROOT, version: str = __version__) -> Iterator[str]:
    """Yield what does not agree with the version or with the repository's address."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if "version" in project:
        yield "pyproject.toml: project.version is set; it is read from conekta_mcp/__init__.py"
    named, when, text = read_notes((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if named != version:
        yield f"CHANGELOG.md: its newest section is {named}, and the version is {version}"
    if when != UNRELEASED and not (when and DATE.fullmatch(when)):
        yield f'CHANGELOG.md: after [{named}] comes " - {UNRELEASED}" or the day of the release, not {when!r}'
    if "\n- " not in f"\n{text}":
        yield f"CHANGELOG.md: the section of {named} says nothing"
    yield from _find_wrong_files(root)


def _find_wrong_files(root: Path) -> Iterator[str]:
    """Yield the files that name another repository of the same owner, and those that are no source.

    The first is a wrong address of this repository, the second something that a test or a tool left.
    """
    repository = read_repository(root)
    owner = repository.removeprefix(HOST).split("/")[0]
    ours = re.compile(rf"{re.escape(HOST + owner)}/[\w.-]*\w")
    command = ["git", "ls-files"]  # the user's git
    listed = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=True)
    for name in listed.stdout.splitlines():
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            if Path(name).suffix not in PICTURES:
                yield f"{name}: neither text nor a picture; was it added by mistake?"
            continue
        except FileNotFoundError:  # it was removed just now
            continue
        for other in sorted({found.removesuffix(".git") for found in ours.findall(text)} - {repository}):
            yield f"{name}: {other} is not the repository's address, {repository}"


def find_obstacles(tag: str, root: Path = ROOT, version: str = __version__) -> Iterator[str]:
    """Yield why this tree cannot be released as `tag`."""
    yield from find_problems(root, version)
    if tag != f"v{version}":
        yield f"the tag is {tag}, and the version is {version}: the tag has to be v{version}"
    _, when, _ = read_notes((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if when == UNRELEASED:
        yield f"CHANGELOG.md: {version} is still marked as {UNRELEASED}: write the day of the release there"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--tag", help="the tag of a release: says also what stands against it")
    parser.add_argument("--notes", action="store_true", help="print the newest section of CHANGELOG.md")
    given = parser.parse_args()
    if given.notes:
        print(read_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))[2], end="")
        return 0
    found = list(find_obstacles(given.tag) if given.tag else find_problems())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
