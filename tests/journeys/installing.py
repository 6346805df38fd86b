"""Installs clients that are not ours, once, into node_modules/ of the repository, which git ignores."""

import fcntl
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(__file__).parents[2] / "node_modules"
INSTALL_SECONDS = 570
NPM = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")


def install_python(name: str, requirements: Path) -> Path:
    """Return the interpreter of an environment that has exactly `requirements`."""
    place = CACHE / name
    found = place / "bin" / "python"

    def install() -> None:
        venv.create(place, with_pip=True, clear=True)
        _run([str(found), "-m", "pip", "install", "-q", "-r", str(requirements)], place)

    _install_once(place, requirements.read_text(encoding="utf-8"), install)
    return found


def install_node(name: str, package: Path) -> Path:
    """Return the folder in which the packages of `package` are installed.

    Raises:
        LookupError: node or npm is not installed.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise LookupError("node and npm are not installed")
    place = CACHE / name

    def install() -> None:
        shutil.copy(package, place / "package.json")
        _run([npm, *NPM], place)

    _install_once(place, package.read_text(encoding="utf-8"), install)
    return place


def _install_once(place: Path, wanted: str, install: Callable[[], None]) -> None:
    """Call `install` where what is there is not what is wanted; one worker at a time."""
    with _hold_alone(place):
        place.mkdir(parents=True, exist_ok=True)
        installed = place / "installed.txt"
        if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
            install()
            installed.write_text(wanted, encoding="utf-8")


@contextmanager
def _hold_alone(place: Path) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with place.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _run(command: list[str], place: Path) -> None:
    done = subprocess.run(
        command, cwd=place, env=dict(os.environ), capture_output=True, encoding="utf-8",
        timeout=INSTALL_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
