"""Packages of other languages that tests fetch: once, for all workers, into a folder that git ignores."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

CACHE = Path(__file__).parents[1] / "node_modules"
INSTALL_SECONDS = 570
NPM_INSTALL = ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")


def install_once(name: str, wanted: str, install: Callable[[Path], None]) -> Path:
    """Return the folder of `name`; `install` fills it where it does not hold `wanted` yet.

    Whoever comes second waits for the first, and then uses what that one installed.
    """
    place = CACHE / f".conekta-mcp-{name}"
    place.mkdir(parents=True, exist_ok=True)
    installed = place / "installed.txt"
    # Beside the folder, which `install` may clear.
    with FileLock(f"{place}.lock"):
        if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
            install(place)
            installed.write_text(wanted, encoding="utf-8")
    return place


def install_npm_project(name: str, files: list[Path]) -> Path:
    """Return a folder with these files, one of which is package.json, and the packages that it names."""

    def install(place: Path) -> None:
        for file in files:
            shutil.copy(file, place)
        run_to_install(place, *NPM_INSTALL)

    return install_once(name, "".join(file.read_text(encoding="utf-8") for file in files), install)


def run_to_install(place: Path, *words: str) -> None:
    """Run a command in a folder, which has to succeed."""
    done = subprocess.run(
        words, cwd=place, capture_output=True, encoding="utf-8", timeout=INSTALL_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
