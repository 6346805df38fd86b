"""The files of each client on each system, and the shape of an entry in them."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.cli.installing.clients import CLIENT_NAMES, CLIENTS, Client, find_client
from conekta_mcp.cli.installing.machine import Machine, System
from conekta_mcp.cli.installing.setup import CannotSetUp, install, list_places
from tests.cli.installing.layouts import COMMAND, NOW, describe_machine, make_spec, read_content

SUPPORT = "Library/Application Support"
ROAMING = "AppData/Roaming"
CLINE = "globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"
USUAL = [
    ("claude-desktop", "linux", ".config/Claude/claude_desktop_config.json"),
    ("claude-desktop", "macos", f"{SUPPORT}/Claude/claude_desktop_config.json"),
    ("claude-desktop", "windows", f"{ROAMING}/Claude/claude_desktop_config.json"),
    ("claude-code", "linux", ".claude.json"),
    ("claude-code", "macos", ".claude.json"),
    ("claude-code", "windows", ".claude.json"),
    ("cursor", "linux", ".cursor/mcp.json"),
    ("cursor", "windows", ".cursor/mcp.json"),
    ("vscode", "linux", ".config/Code/User/mcp.json"),
    ("vscode", "macos", f"{SUPPORT}/Code/User/mcp.json"),
    ("vscode", "windows", f"{ROAMING}/Code/User/mcp.json"),
    ("windsurf", "linux", ".codeium/windsurf/mcp_config.json"),
    ("windsurf", "windows", ".codeium/windsurf/mcp_config.json"),
    ("codex", "linux", ".codex/config.toml"),
    ("codex", "windows", ".codex/config.toml"),
    ("gemini", "linux", ".gemini/settings.json"),
    ("gemini", "macos", ".gemini/settings.json"),
    ("zed", "linux", ".config/zed/settings.json"),
    ("zed", "macos", ".config/zed/settings.json"),
    ("zed", "windows", f"{ROAMING}/Zed/settings.json"),
    ("goose", "linux", ".config/goose/config.yaml"),
    ("goose", "macos", ".config/goose/config.yaml"),
    ("goose", "windows", f"{ROAMING}/Block/goose/config/config.yaml"),
    ("cline", "linux", ".cline/data/settings/cline_mcp_settings.json"),
    ("cline", "windows", ".cline/data/settings/cline_mcp_settings.json"),
]
FOUND = [
    ("claude-desktop", "windows", "AppData/Local/Packages/Claude_x1/LocalCache/Roaming",
     ["AppData/Local/Packages/Claude_x1/LocalCache/Roaming/Claude/claude_desktop_config.json"]),
    ("claude-desktop", "windows", f"{ROAMING}/Claude", [f"{ROAMING}/Claude/claude_desktop_config.json"]),
    ("vscode", "linux", ".var/app/com.visualstudio.code/config/Code/User",
     [".var/app/com.visualstudio.code/config/Code/User/mcp.json"]),
    ("zed", "linux", ".var/app/dev.zed.Zed/config/zed", [".var/app/dev.zed.Zed/config/zed/settings.json"]),
    ("cline", "linux", ".config/Code/User/globalStorage/saoudrizwan.claude-dev",
     [f".config/Code/User/{CLINE}"]),
    ("cline", "macos", f"{SUPPORT}/Code/User/globalStorage/saoudrizwan.claude-dev",
     [f"{SUPPORT}/Code/User/{CLINE}"]),
]  # fmt: skip
VARIABLES = [
    ("claude-code", "CLAUDE_CONFIG_DIR", ".claude.json"),
    ("codex", "CODEX_HOME", "config.toml"),
    ("zed", "XDG_CONFIG_HOME", "zed/settings.json"),
    ("goose", "XDG_CONFIG_HOME", "goose/config.yaml"),
    ("vscode", "XDG_CONFIG_HOME", "Code/User/mcp.json"),
]
SERVE = {"command": COMMAND, "args": ["serve", "--sandbox"]}
SHAPES: dict[str, Any] = {
    "claude-desktop": {"mcpServers": {"conekta": SERVE}},
    "claude-code": {"mcpServers": {"conekta": {"type": "stdio", **SERVE}}},
    "cursor": {"mcpServers": {"conekta": SERVE}},
    "vscode": {"servers": {"conekta": {"type": "stdio", **SERVE}}},
    "windsurf": {"mcpServers": {"conekta": SERVE}},
    "codex": {"mcp_servers": {"conekta": SERVE}},
    "gemini": {"mcpServers": {"conekta": SERVE}},
    "zed": {"context_servers": {"conekta": {"source": "custom", **SERVE, "env": {}}}},
    "goose": {
        "extensions": {
            "conekta": {
                "enabled": True,
                "type": "stdio",
                "name": "conekta",
                "description": "Conekta",
                "cmd": COMMAND,
                "args": ["serve", "--sandbox"],
                "envs": {},
                "env_keys": [],
                "timeout": 300,
            }
        }
    },
    "cline": {"mcpServers": {"conekta": {**SERVE, "disabled": False, "autoApprove": []}}},
}
PROJECT_FILES = {
    "claude-code": ".mcp.json",
    "cursor": ".cursor/mcp.json",
    "vscode": ".vscode/mcp.json",
    "codex": ".codex/config.toml",
    "gemini": ".gemini/settings.json",
    "zed": ".zed/settings.json",
}


def list_files(client: str, machine: Machine, scope: str = "user") -> list[Path]:
    return [place.file for place in list_places(find_client(client), machine, scope)]


@pytest.mark.parametrize(("client", "system", "file"), USUAL)
def test_a_client_that_is_not_found_has_its_usual_file(
    client: str, system: System, file: str, tmp_path: Path
) -> None:
    machine = describe_machine(tmp_path, system)
    assert list_files(client, machine) == [machine.home / file]


def test_every_client_has_its_usual_file_in_the_table_above() -> None:
    for table, known in (("USUAL", {client for client, _, _ in USUAL}), ("SHAPES", set(SHAPES))):
        wrong = sorted(known ^ set(CLIENT_NAMES))
        assert not wrong, f"tests/cli/installing/test_clients.py: {table}: a row for each of CLIENTS: {wrong}"


@pytest.mark.parametrize(("client", "system", "folder", "files"), FOUND)
def test_a_packaged_client_reads_a_file_of_its_package(
    client: str, system: System, folder: str, files: list[str], tmp_path: Path
) -> None:
    machine = describe_machine(tmp_path, system)
    (machine.home / folder).mkdir(parents=True)
    assert list_files(client, machine) == [machine.home / file for file in files]


def test_where_a_client_is_installed_twice_both_files_are_written(tmp_path: Path) -> None:
    machine = describe_machine(tmp_path)
    folders = [
        machine.home / ".config/Code/User",
        machine.home / ".var/app/com.visualstudio.code/config/Code/User",
    ]
    for folder in folders:
        folder.mkdir(parents=True)
    assert list_files("vscode", machine) == [folder / "mcp.json" for folder in folders]


@pytest.mark.parametrize(("client", "variable", "file"), VARIABLES)
def test_a_variable_of_the_client_moves_its_folder(
    client: str, variable: str, file: str, tmp_path: Path
) -> None:
    machine = describe_machine(tmp_path, **{variable: str(tmp_path / "elsewhere")})
    assert list_files(client, machine) == [tmp_path / "elsewhere" / file]


def test_cline_reads_the_file_that_its_variable_names(tmp_path: Path) -> None:
    machine = describe_machine(tmp_path, CLINE_MCP_SETTINGS_PATH=str(tmp_path / "mine.json"))
    assert list_files("cline", machine) == [tmp_path / "mine.json"]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_the_file_of_a_project_is_the_clients(client: Client, tmp_path: Path) -> None:
    machine = describe_machine(tmp_path)
    if client.name in PROJECT_FILES:
        assert list_files(client.name, machine, "project") == [machine.folder / PROJECT_FILES[client.name]]
        return
    with pytest.raises(CannotSetUp, match="no_project"):
        list_files(client.name, machine, "project")


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_an_entry_has_the_shape_that_the_client_reads(client: Client, tmp_path: Path) -> None:
    assert client.name in SHAPES, f"tests/cli/installing/test_clients.py: SHAPES: {client.name}"
    (place,) = list_places(client, describe_machine(tmp_path), "user")
    change = install(client, make_spec(), place, now=NOW)
    assert (change.done, change.backup, change.is_new_place) == ("added", None, True)
    assert read_content(client, place.file) == SHAPES[client.name]
    assert place.file.stat().st_mode & 0o777 == 0o600
    before = place.file.read_bytes()
    assert install(client, make_spec(), place, now=NOW).done == "unchanged"
    assert place.file.read_bytes() == before


@pytest.mark.parametrize(
    "client", [find_client("vscode"), find_client("zed")], ids=lambda client: client.name
)
def test_a_client_in_a_flatpak_starts_the_command_of_the_machine(client: Client, tmp_path: Path) -> None:
    machine = describe_machine(tmp_path)
    (place,) = [place for place in client.list_places(machine) if place.is_flatpak]
    install(client, make_spec(), place, now=NOW)
    entry = read_content(client, place.file)[client.servers]["conekta"]
    assert (entry["command"], entry["args"]) == ("flatpak-spawn", ["--host", COMMAND, "serve", "--sandbox"])
    assert install(client, make_spec(), place, now=NOW).done == "unchanged"


def test_a_profile_and_a_language_are_flags_and_the_server_has_the_profiles_name(tmp_path: Path) -> None:
    client = find_client("goose")
    (place,) = list_places(client, describe_machine(tmp_path), "user")
    install(client, make_spec(sandbox=False, profile="store-b", language="en"), place, now=NOW)
    entry = read_content(client, place.file)["extensions"]["conekta-store-b"]
    assert entry["args"] == ["serve", "--profile", "store-b", "--language", "en"]
    assert entry["name"] == "conekta-store-b"


def test_a_new_file_of_a_project_can_be_read_by_others(tmp_path: Path) -> None:
    client = find_client("vscode")
    (place,) = list_places(client, describe_machine(tmp_path), "project")
    install(client, make_spec(), place, now=NOW, is_project=True)
    assert place.file.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_each_row_names_its_source(client: Client) -> None:
    assert client.source.startswith("https://")
