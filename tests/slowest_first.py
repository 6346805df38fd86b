"""Starts the slowest tests first, one group on each process of pytest-xdist, so that none is left over.

pytest-xdist gives each process an equal part of the list, in order, and moves tests later from a process that
has many left to one that has none.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

SLOWEST = (
    "tests/packaging/test_image.py",
    "tests/docs/test_snippets.py",
    "tests/journeys/test_claude_code.py",
    "tests/journeys/test_client_layers.py",
    "tests/pages/browser/",
    "tests/server/cards/browser/",
    "tests/soak/",
    "tests/evals/",
    "tests/packaging/test_release.py",
    "tests/journeys/test_python_1.py",
    "tests/journeys/test_typescript.py",
    "tests/cli/test_tour.py",
)
"""What the names of slow tests begin with, the slowest first; these build, install or start much."""


def order_slowest_first(names: Sequence[tuple[str, T]], processes: int) -> list[T]:
    """Return items, given with their names, so that each process starts with some of the slowest groups."""
    groups = [[item for name, item in names if name.startswith(start)] for start in SLOWEST]
    others = [item for name, item in names if not name.startswith(SLOWEST)]
    ordered: list[T] = []
    for process in range(processes):
        part = [item for group in groups[process::processes] for item in group]
        left = len(names) - len(ordered)
        wanted = max(0, left // (processes - process) - len(part))
        part += others[:wanted]
        del others[:wanted]
        ordered += part
    return ordered + others


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes > 1:
        items[:] = order_slowest_first([(item.nodeid, item) for item in items], processes)
