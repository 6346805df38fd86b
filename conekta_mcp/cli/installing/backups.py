"""Finds the copy that install kept of a file, for uninstall to put back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conekta_mcp.cli.installing.clients import Client
from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead
from conekta_mcp.cli.installing.edits.formats import (
    INPUTS,
    add_input,
    get_servers,
    parse_file,
    set_server,
)
from conekta_mcp.cli.installing.files import ClientFile, read_file

LOOKED_AT = 5
"""How many copies are read, the newest first: reading one of several megabytes takes seconds."""


def find_original(client: Client, file: ClientFile, server: str, input_id: str) -> str | None:
    """Return the text from before install, if adding our server to it gives this file to the byte.

    Then nothing else has changed since, and the copy is the exact inverse: also of an empty map that install
    filled, or of a last line without an end.
    """
    content = parse_file(client.format, file.text)
    entry = get_servers(client, content)[server]
    for text in _read_copies(file.path):
        if client.format.startswith("json") and not text.strip():
            return None  # A file that was empty is not JSON; what removing our server leaves is.
        try:
            if server in get_servers(client, parse_file(client.format, text)):
                continue
            new = set_server(client, text, server, entry)
            for wanted in _find_inputs(client, content, input_id):
                new = add_input(client, new, wanted)
        except (CannotRead, CannotEdit):
            return None
        return text if new == file.text else None
    return None


def _find_inputs(client: Client, content: Mapping[str, Any], input_id: str) -> list[Mapping[str, Any]]:
    found = content.get(INPUTS) if client.asks_for_secrets else None
    inputs = found if isinstance(found, list) else []
    return [one for one in inputs if isinstance(one, dict) and one.get("id") == input_id]


def _read_copies(path: Path) -> Iterator[str]:
    try:
        names = sorted((one.name for one in path.parent.iterdir()), reverse=True)
    except OSError:
        return
    copies = [name for name in names if name.startswith(f"{path.name}.bak-")]
    for name in copies[:LOOKED_AT]:
        try:
            yield read_file(path.with_name(name)).text
        except CannotRead:
            return
