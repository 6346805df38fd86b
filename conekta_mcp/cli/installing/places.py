"""Where each client lists its servers for one user, on each system."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conekta_mcp.cli.installing.machine import Machine

CODE_FLATPAK = "com.visualstudio.code"
ZED_FLATPAK = "dev.zed.Zed"
CLINE_FILE = "cline_mcp_settings.json"


@dataclass(frozen=True)
class Place:
    """A file that a client reads."""

    file: Path
    sign: Path
    """The file or folder that exists if the client is installed."""
    is_flatpak: bool = False
    """Whether the client runs in a Flatpak, which starts host commands with flatpak-spawn only."""

    @property
    def is_used(self) -> bool:
        return self.sign.exists()


def list_claude_desktop_places(machine: Machine) -> Iterator[Place]:
    folder = machine.applications / "Claude"
    if machine.system == "windows":
        # The package from the Store and from claude.ai reads its own copy of the folder, not APPDATA.
        for package in sorted((machine.local / "Packages").glob("Claude_*")):
            if (package / "LocalCache" / "Roaming").is_dir():
                packaged = package / "LocalCache" / "Roaming" / "Claude"
                yield Place(packaged / "claude_desktop_config.json", package)
    yield Place(folder / "claude_desktop_config.json", folder)


def list_claude_code_places(machine: Machine) -> Iterator[Place]:
    folder = machine.find_folder("CLAUDE_CONFIG_DIR", machine.home)
    sign = folder / ".claude.json" if folder == machine.home else folder
    if folder == machine.home and not sign.exists():
        sign = machine.home / ".claude"
    yield Place(folder / ".claude.json", sign)


def list_cursor_places(machine: Machine) -> Iterator[Place]:
    yield Place(machine.home / ".cursor" / "mcp.json", machine.home / ".cursor")


def list_vscode_places(machine: Machine) -> Iterator[Place]:
    for folder, is_flatpak in _list_code_folders(machine):
        yield Place(folder / "mcp.json", folder, is_flatpak)


def list_windsurf_places(machine: Machine) -> Iterator[Place]:
    folder = machine.home / ".codeium" / "windsurf"
    yield Place(folder / "mcp_config.json", folder)


def list_codex_places(machine: Machine) -> Iterator[Place]:
    folder = machine.find_folder("CODEX_HOME", machine.home / ".codex")
    yield Place(folder / "config.toml", folder)


def list_gemini_places(machine: Machine) -> Iterator[Place]:
    yield Place(machine.home / ".gemini" / "settings.json", machine.home / ".gemini")


def list_zed_places(machine: Machine) -> Iterator[Place]:
    folder = machine.home / ".config" / "zed" if machine.system == "macos" else machine.config / "zed"
    if machine.system == "windows":
        folder = machine.roaming / "Zed"
    yield Place(folder / "settings.json", folder)
    if machine.system == "linux":
        packaged = machine.get_flatpak_config(ZED_FLATPAK) / "zed"
        yield Place(packaged / "settings.json", packaged, is_flatpak=True)


def list_goose_places(machine: Machine) -> Iterator[Place]:
    folder = machine.home / ".config" / "goose" if machine.system == "macos" else machine.config / "goose"
    if machine.system == "windows":
        folder = machine.roaming / "Block" / "goose" / "config"
    yield Place(folder / "config.yaml", folder)


def list_cline_places(machine: Machine) -> Iterator[Place]:
    usual = machine.home / ".cline" / "data" / "settings" / CLINE_FILE
    shared = machine.find_folder("CLINE_MCP_SETTINGS_PATH", usual)
    yield Place(shared, shared.parent)
    for folder, is_flatpak in _list_code_folders(machine):
        settings = folder / "globalStorage" / "saoudrizwan.claude-dev" / "settings"
        yield Place(settings / CLINE_FILE, settings.parent, is_flatpak)


def _list_code_folders(machine: Machine) -> Iterator[tuple[Path, bool]]:
    yield machine.applications / "Code" / "User", False
    if machine.system == "linux":
        yield machine.get_flatpak_config(CODE_FLATPAK) / "Code" / "User", True
