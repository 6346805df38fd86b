"""Refuses variables that do not name the folders of the user in full."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from conekta_mcp.errors import ConfigurationError

FULL_PATH = "expected the full path of a folder"


def refuse_unusable_home(environment: Mapping[str, str] = os.environ) -> None:
    """Raise ConfigurationError for an empty HOME, which means the root of the disk, and for a relative one.

    Without the variable the system knows the home; Windows has another variable, which it always sets.
    """
    if sys.platform != "win32" and not Path(environment.get("HOME", "/")).is_absolute():
        raise ConfigurationError(f"HOME: {FULL_PATH}")


def read_folder(variable: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder in a variable, None if it is empty; raise ConfigurationError for a relative one.

    A relative folder, or an unexpanded "~", would be another one in each working folder.
    """
    named = environment.get(variable, "").strip()
    if named and not Path(named).is_absolute():
        raise ConfigurationError(f"{variable}: {FULL_PATH}")
    return Path(named) if named else None


def refuse_unusable_folder(variable: str) -> None:
    """Raise ConfigurationError unless the variable, or the home without it, can be used."""
    if sys.platform != "win32" and read_folder(variable) is None:
        refuse_unusable_home()
