"""The tracer of coverage is paused for tests that exist, and goes on after them."""

import os
import re
import sys
import threading
from pathlib import Path

import pytest

from tests.untraced import FOR_CHILDREN, UNTRACED, paused_tracer

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("begins", UNTRACED)
def test_what_is_untraced_exists(begins: str) -> None:
    file, _, name = begins.partition("::")
    path = ROOT / file
    assert path.is_dir() or re.search(rf"^(async )?def {name}", path.read_text("utf-8"), re.MULTILINE)


def test_a_pause_is_of_threads_and_processes_too_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def trace(*_: object) -> None:
        """Trace nothing."""

    before = sys.gettrace(), threading.gettrace()
    monkeypatch.setenv(FOR_CHILDREN[0], "a configuration")
    threading.settrace(trace)
    try:
        with paused_tracer():
            paused = sys.gettrace(), threading.gettrace(), FOR_CHILDREN[0] in os.environ
        after = threading.gettrace(), os.environ[FOR_CHILDREN[0]]
    finally:
        threading.settrace(before[1])  # type: ignore[arg-type]  # what gettrace gave
    assert (paused, after) == ((None, None, False), (trace, "a configuration"))
    assert sys.gettrace() is before[0]
