"""Packages that tests fetch for clients that are not ours: once, for all workers, below node_modules/.

Those of Python are installed by uv into an environment of their own: venv and pip take twenty times as long.
"""

import os
import re
import shutil
import subprocess
import sys
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


def install_python_project(name: str, requirements: Path) -> Path:
    """Return the folder of an environment that has exactly `requirements`: made again when they change."""

    def install(place: Path) -> None:
        install_python_packages(place / "environment", requirements)

    return install_once(name, requirements.read_text(encoding="utf-8"), install) / "environment"


def install_python_packages(place: Path, requirements: Path) -> None:
    """Make an environment in `place` that has exactly `requirements`."""
    run_uv("venv", "--clear", "--no-project", "--python", sys.executable, str(place))
    # The store of this machine is trusted, as pip does, without SSL_CERT_FILE too.
    certificates = ("--system-certs",)
    run_uv("pip", "install", *certificates, "--python", str(find_python(place)), "-r", str(requirements))


def find_python(place: Path) -> Path:
    return place / "Scripts" / "python.exe" if os.name == "nt" else place / "bin" / "python"


def run_uv(*words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "UV_CONSTRAINT"}
    index = find_index()
    if index is not None:
        environment["UV_DEFAULT_INDEX"] = index
    run_to_install(Path.cwd(), sys.executable, "-m", "uv", *words, "--quiet", environment=environment)


def find_index() -> str | None:
    """Return the index that pip of this machine is set to; uv does not read pip's settings."""
    if any(os.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return None
    if named := os.environ.get("PIP_INDEX_URL"):
        return named
    # `pip config get` does not find what is in the file that PIP_CONFIG_FILE names.
    asked = (sys.executable, "-m", "pip", "config", "list")
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)
    found = re.search(r"^(?:global|install)\.index-url='(.*)'$", done.stdout, re.MULTILINE)
    return found[1] if found else None


def run_to_install(place: Path, *words: str, environment: dict[str, str] | None = None) -> None:
    """Run a command in a folder, which has to succeed."""
    done = subprocess.run(
        words,
        cwd=place,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
