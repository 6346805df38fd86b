"""The tables of docs/install.md and docs/es/install.md, from the code that writes the files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from conekta_mcp.cli.installing.clients import CLIENTS, Client
from conekta_mcp.cli.installing.machine import Machine, System

HEADS = {
    "en": ("client", "name", "Linux", "macOS", "Windows", "in a project", "source"),
    "es": ("cliente", "nombre", "Linux", "macOS", "Windows", "en un proyecto", "fuente"),
}
SHAPES = {
    "en": ("client", "format", "map", "an entry has"),
    "es": ("cliente", "formato", "mapa", "una entrada tiene"),
}
SYSTEMS: tuple[System, ...] = ("linux", "macos", "windows")
WINDOWS = {"APPDATA": "/%APPDATA%", "LOCALAPPDATA": "/%LOCALAPPDATA%"}
"""Full paths, as variables have to be; the table shows them without the slash."""


def render_files_table(language: str) -> str:
    return "\n".join(_render_table(HEADS[language], map(_list_cells, CLIENTS)))


def render_shapes_table(language: str) -> str:
    rows = (
        (
            client.title,
            client.format.upper(),
            f"`{client.servers}`",
            ", ".join(f"`{name}`" for name in (*client.first, client.command, "args", *client.last)),
        )
        for client in CLIENTS
    )
    return "\n".join(_render_table(SHAPES[language], rows))


def _list_cells(client: Client) -> tuple[str, ...]:
    files = [_find_usual_file(client, system) for system in SYSTEMS]
    project = f"`{client.project}`" if client.project else "-"
    return (client.title, f"`{client.name}`", *files, project, f"<{client.source}>")


def _find_usual_file(client: Client, system: System) -> str:
    machine = Machine(
        system=system, home=Path("~"), folder=Path(), environment=WINDOWS if system == "windows" else {}
    )
    file = next(place.file for place in client.list_places(machine) if not place.is_flatpak).as_posix()
    if system == "windows":
        file = file.removeprefix("/").replace("~", "%USERPROFILE%").replace("/", "\\")
    return f"`{file}`"


def _render_table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    yield from (f"| {' | '.join(row)} |" for row in rows)
