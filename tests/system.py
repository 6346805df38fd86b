"""Tests that start programs are marked `system`; one that is not may not start any.

`make test` leaves the marked ones out, so that it stays quick. `make test-system` runs just these.
A server that a fixture starts once for a whole run, such as Redis, may be used by any test.
"""

import sys
from collections.abc import Iterator

import pytest

STARTS = ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system")
"""What Python tells its audit hooks when a program is started: https://docs.python.org/3/library/audit_events.html."""

_without_programs: list[pytest.Item] = []
"""The test that runs now, unless it may start programs."""


class UnmarkedSystemTest(BaseException):
    """A test started a program without being marked. No `except Exception` of what it tests hides this."""


def refuse_programs(event: str, _arguments: tuple[object, ...]) -> None:
    """Raise where a test that is not marked starts a program."""
    if _without_programs and event in STARTS:
        file, _, name = _without_programs[-1].nodeid.partition("::")
        raise UnmarkedSystemTest(
            f"{file}: {name.partition('[')[0]} starts a program. "
            "Mark it with @pytest.mark.system, or the file with pytestmark = pytest.mark.system"
        )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "system: starts programs; `make test` leaves it out")
    sys.addaudithook(refuse_programs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    if item.get_closest_marker("system"):
        return (yield)
    _without_programs.append(item)
    try:
        return (yield)
    finally:
        _without_programs.pop()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[object]:
    if fixturedef.scope != "session":
        return (yield)
    paused = _without_programs.copy()
    _without_programs.clear()
    try:
        return (yield)
    finally:
        _without_programs.extend(paused)
