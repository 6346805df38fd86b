"""Processes of our command that need not import the package anew: four fifths of the time of a short one.

They are processes like others, with streams, signals and a store of their own. Tests of how a process starts
and ends use `processes.COMMAND`, and so do tests that are traced.
"""

import atexit
import functools
import os
import subprocess
import sys
import uuid
from pathlib import Path

from tests.untraced import FOR_CHILDREN

HERE = Path(__file__).parent


def get_warm_command(environment: dict[str, str]) -> list[str] | None:
    """Return what stands for `python -m conekta_mcp`; None where only that one does."""
    if sys.platform != "linux" or any(name in os.environ for name in FOR_CHILDREN):
        return None
    place = _start_parent(environment.get("PYTHONPATH", ""))
    return [sys.executable, "-I", "-S", str(HERE / "stub.py"), place]


@functools.cache
def _start_parent(path: str) -> str:
    place = f"conekta-mcp-tests-{uuid.uuid4().hex}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONEKTA_")}
    parent = subprocess.Popen(
        [sys.executable, str(HERE / "parent.py"), place],
        env={**inherited, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    parent.stdout.close()
    # It ends once its input does, also where this process is killed.
    atexit.register(parent.wait, 60)
    atexit.register(parent.stdin.close)
    return place
