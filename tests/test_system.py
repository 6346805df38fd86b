"""A test that starts a program without the mark `system` fails, and is named."""

import os
import subprocess
import sys

import pytest

from tests.system import UnmarkedSystemTest

WANTED = "tests/test_system.py: {} starts a program. Mark it with @pytest.mark.system, or the file with "


@pytest.fixture(scope="session")
def shared_program() -> int:
    """End of a program that is started once for a run."""
    return subprocess.run([sys.executable, "-c", ""], check=False).returncode


def test_a_program_is_not_started() -> None:
    with pytest.raises(UnmarkedSystemTest) as raised:
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert str(raised.value).startswith(WANTED.format("test_a_program_is_not_started"))


@pytest.mark.parametrize("command", ["true", "exit 3"])
def test_a_shell_is_not_started_either(command: str) -> None:
    with pytest.raises(UnmarkedSystemTest) as raised:
        os.system(command)  # noqa: S605  never reached
    assert str(raised.value).startswith(WANTED.format("test_a_shell_is_not_started_either"))


def test_a_program_of_the_whole_run_may_be_used(shared_program: int) -> None:
    assert shared_program == 0


@pytest.mark.system
def test_a_marked_test_starts_what_it_wants() -> None:
    assert subprocess.run([sys.executable, "-c", ""], check=False).returncode == 0
