"""The full path of our command, because a desktop does not have the PATH of a shell."""

import os
import sys
import sysconfig
from pathlib import Path

from conekta_mcp.cli.installing.entries import MODULE, PROGRAM
from conekta_mcp.errors import ConfigurationError

SHORT_LIVED = ("archive-v0", "environments-v2", "builds-v0")
"""Folders of uv's cache in which uvx makes temporary environments."""


def find_own_command() -> tuple[str, ...]:
    """Return the command of this environment, or its Python with our module.

    Raises:
        ConfigurationError: the environment is a temporary one.
    """
    if set(SHORT_LIVED) & set(Path(sys.prefix).parts):
        raise ConfigurationError(
            "this runs in a temporary environment of uvx; install conekta-mcp first, such as with "
            "uv tool install or pipx install"
        )
    name = f"{PROGRAM}.exe" if os.name == "nt" else PROGRAM
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    for script in (Path(folder, name) for folder in folders):
        # Not resolved: the file of another environment behind a link would run without this one.
        if script.is_file() and os.access(script, os.X_OK):
            return (os.path.abspath(script),)  # noqa: PTH100 - Path.absolute keeps ".."
    return (sys.executable, "-m", MODULE)
