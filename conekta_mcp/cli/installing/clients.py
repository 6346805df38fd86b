"""The table of clients: the format of the file, the place of servers in it, and the shape of an entry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conekta_mcp.cli.installing import places
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.places import Place

Format = Literal["json", "jsonc", "toml", "yaml"]


@dataclass(frozen=True, kw_only=True)
class Client:
    """One client that starts servers over stdio."""

    name: str
    title: str
    format: Format
    servers: str
    """The name of the map of servers in the file."""
    list_places: Callable[[Machine], Iterable[Place]] = field(repr=False)
    project: str | None = None
    """The file of --scope project, relative to the project; None if there is none."""
    command: str = "command"
    """The name of the command in an entry."""
    env: str = "env"
    """The name of the map of variables in an entry."""
    first: Mapping[str, Any] = field(default_factory=dict)
    """Other fields of a new entry, before the command."""
    last: Mapping[str, Any] = field(default_factory=dict)
    """Other fields of a new entry, after the command."""
    asks_for_secrets: bool = False
    """Whether the client asks for secrets and stores them (`inputs` of VS Code)."""
    is_desktop: bool = True
    """Whether it is a desktop program, which has to be restarted; else a command of the shell."""
    source: str
    """The page that documents it."""


CLIENTS = (
    Client(
        name="claude-desktop",
        title="Claude Desktop",
        format="json",
        servers="mcpServers",
        list_places=places.list_claude_desktop_places,
        source="https://modelcontextprotocol.io/docs/develop/connect-local-servers",
    ),
    Client(
        name="claude-code",
        title="Claude Code",
        format="json",
        servers="mcpServers",
        list_places=places.list_claude_code_places,
        project=".mcp.json",
        first={"type": "stdio"},
        is_desktop=False,
        source="https://code.claude.com/docs/en/mcp",
    ),
    Client(
        name="cursor",
        title="Cursor",
        format="jsonc",
        servers="mcpServers",
        list_places=places.list_cursor_places,
        project=".cursor/mcp.json",
        source="https://cursor.com/docs/mcp",
    ),
    Client(
        name="vscode",
        title="VS Code",
        format="jsonc",
        servers="servers",
        list_places=places.list_vscode_places,
        project=".vscode/mcp.json",
        first={"type": "stdio"},
        asks_for_secrets=True,
        source="https://code.visualstudio.com/docs/copilot/reference/mcp-configuration",
    ),
    Client(
        name="windsurf",
        title="Windsurf",
        format="json",
        servers="mcpServers",
        list_places=places.list_windsurf_places,
        source="https://docs.windsurf.com/windsurf/cascade/mcp",
    ),
    Client(
        name="codex",
        title="Codex",
        format="toml",
        servers="mcp_servers",
        list_places=places.list_codex_places,
        project=".codex/config.toml",
        is_desktop=False,
        source="https://developers.openai.com/codex/mcp",
    ),
    Client(
        name="gemini",
        title="Gemini CLI",
        format="jsonc",
        servers="mcpServers",
        list_places=places.list_gemini_places,
        project=".gemini/settings.json",
        is_desktop=False,
        source="https://geminicli.com/docs/tools/mcp-server",
    ),
    Client(
        name="zed",
        title="Zed",
        format="jsonc",
        servers="context_servers",
        list_places=places.list_zed_places,
        project=".zed/settings.json",
        first={"source": "custom"},
        last={"env": {}},
        source="https://zed.dev/docs/ai/mcp",
    ),
    Client(
        name="goose",
        title="goose",
        format="yaml",
        servers="extensions",
        list_places=places.list_goose_places,
        command="cmd",
        env="envs",
        first={"enabled": True, "type": "stdio", "name": "conekta", "description": "Conekta"},
        last={"envs": {}, "env_keys": [], "timeout": 300},
        source="https://block.github.io/goose/docs/guides/config-files",
    ),
    Client(
        name="cline",
        title="Cline",
        format="json",
        servers="mcpServers",
        list_places=places.list_cline_places,
        last={"disabled": False, "autoApprove": []},
        source="https://docs.cline.bot/mcp/configuring-mcp-servers",
    ),
)
CLIENT_NAMES = tuple(client.name for client in CLIENTS)


def find_client(name: str) -> Client:
    return next(client for client in CLIENTS if client.name == name)
