"""Installs clients that are not ours."""

import shutil
from pathlib import Path

from tests.installed_once import install_npm_project


def install_node(name: str, package: Path) -> Path:
    """Return the folder in which the packages of `package` are installed.

    Raises:
        LookupError: node or npm is not installed.
    """
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise LookupError("node and npm are not installed")
    return install_npm_project(name, [package])
