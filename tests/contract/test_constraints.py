"""The pinned versions can be installed with each Python that the project supports."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.specifiers import SpecifierSet

PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)
OLDEST = "3.11.0"
"""What `requires-python` of pyproject.toml allows: Debian 12 has 3.11.2."""


def test_no_pinned_package_needs_a_later_python_than_the_project() -> None:
    names = PINNED.findall(Path("constraints.txt").read_text(encoding="utf-8"))
    needed = {name: _read_needed_python(name) for name in names}
    assert sum(bool(python) for python in needed.values()) > 50, "most of them are installed here"
    assert [name for name, python in needed.items() if not SpecifierSet(python).contains(OLDEST)] == []


def _read_needed_python(name: str) -> str:
    """Return the versions of Python that an installed package needs; "" if it is not installed."""
    try:
        return distribution(name).metadata.get("Requires-Python") or ""
    except PackageNotFoundError:  # of the extra `release`
        return ""
