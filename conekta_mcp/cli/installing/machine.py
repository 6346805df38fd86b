"""The machine of the clients: its system, and the folders of settings."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from conekta_mcp.settings.reading import read_folder, refuse_unusable_home

System = Literal["linux", "macos", "windows"]
SYSTEMS: Mapping[str, System] = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A system with its folders; tests use it to simulate other systems."""

    system: System
    home: Path
    folder: Path
    """The project of --scope project: the working folder."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_process(cls) -> Self:
        refuse_unusable_home()
        return cls(
            system=SYSTEMS.get(sys.platform, "linux"),
            home=Path.home(),
            folder=Path.cwd(),
            environment=os.environ,
        )

    @property
    def config(self) -> Path:
        """XDG's folder of settings."""
        return self._get_folder("XDG_CONFIG_HOME", ".config")

    @property
    def roaming(self) -> Path:
        return self._get_folder("APPDATA", "AppData/Roaming")

    @property
    def local(self) -> Path:
        return self._get_folder("LOCALAPPDATA", "AppData/Local")

    @property
    def applications(self) -> Path:
        """Where desktop programs keep settings: Application Support, APPDATA, or XDG's folder."""
        if self.system == "macos":
            return self.home / "Library" / "Application Support"
        return self.roaming if self.system == "windows" else self.config

    def find_folder(self, variable: str, default: Path) -> Path:
        """Return the folder in a variable, else `default`; raise ConfigurationError for a relative one."""
        return read_folder(variable, self.environment) or default

    def get_flatpak_config(self, application: str) -> Path:
        """Return the settings folder of a Flatpak."""
        return self.home / ".var" / "app" / application / "config"

    def _get_folder(self, variable: str, default: str) -> Path:
        return self.find_folder(variable, self.home / default)
