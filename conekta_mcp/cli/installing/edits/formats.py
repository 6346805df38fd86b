"""Edits a client's file in any of the formats; each result is parsed again and compared."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from conekta_mcp.cli.installing.clients import Client, Format
from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead
from conekta_mcp.cli.installing.edits.json_edits import JsonText

INPUTS = "inputs"


def parse_file(format_: Format, text: str) -> dict[str, Any]:
    """Return the parsed content; {} for an empty file. Raise CannotRead for another format."""
    if format_ == "toml":
        from conekta_mcp.cli.installing.edits.toml_edits import parse_toml

        return parse_toml(text)
    if format_ == "yaml":
        from conekta_mcp.cli.installing.edits.yaml_edits import parse_yaml

        return parse_yaml(text)
    found = _open_json(format_, text).root.value
    if not isinstance(found, dict):
        raise CannotRead("it is no object")
    return found


def get_servers(client: Client, content: Mapping[str, Any]) -> dict[str, Any]:
    servers = content.get(client.servers)
    if servers is None:
        return {}
    if not isinstance(servers, dict):
        raise CannotEdit(f"{client.servers} is no map of servers")
    return servers


def set_server(client: Client, text: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with one server; raise CannotEdit if anything else would change."""
    expected = deepcopy(parse_file(client.format, text))
    expected[client.servers] = {**get_servers(client, expected), name: dict(entry)}
    new = _set_entry(client, text, name, entry)
    return _check(client, new, expected)


def remove_server(client: Client, text: str, name: str) -> str:
    """Return the text without one server, which must exist."""
    expected = deepcopy(parse_file(client.format, text))
    del expected[client.servers][name]
    new = _remove_entry(client, text, name)
    found = parse_file(client.format, new)
    if not expected[client.servers] and client.servers not in found:
        del expected[client.servers]  # a table of TOML is gone with its last server
    return _check(client, new, expected)


def add_input(client: Client, text: str, wanted: Mapping[str, Any]) -> str:
    """Return the text with one more input, unless one with its id exists."""
    content = parse_file(client.format, text)
    inputs = content.get(INPUTS, [])
    if not isinstance(inputs, list):
        raise CannotEdit(f"{INPUTS} is no list")
    if any(isinstance(one, dict) and one.get("id") == wanted["id"] for one in inputs):
        return text
    new = _open_json(client.format, text).append_item(INPUTS, dict(wanted))
    return _check(client, new, {**content, INPUTS: [*inputs, dict(wanted)]})


def remove_input(client: Client, text: str, identifier: str) -> str:
    """Return the text without the input with this id, unless another server uses it."""
    content = parse_file(client.format, text)
    inputs = content.get(INPUTS)
    if not isinstance(inputs, list) or f"${{input:{identifier}}}" in str(content.get(client.servers)):
        return text
    found = [
        place for place, one in enumerate(inputs) if isinstance(one, dict) and one.get("id") == identifier
    ]
    if not found:
        return text
    new = _open_json(client.format, text).remove_item(INPUTS, found[0])
    rest = [one for place, one in enumerate(inputs) if place != found[0]]
    return _check(client, new, {**content, INPUTS: rest})


def _set_entry(client: Client, text: str, name: str, entry: Mapping[str, Any]) -> str:
    if client.format == "toml":
        from conekta_mcp.cli.installing.edits.toml_edits import set_toml_entry

        return set_toml_entry(text, client.servers, name, entry)
    if client.format == "yaml":
        from conekta_mcp.cli.installing.edits.yaml_edits import set_yaml_entry

        return set_yaml_entry(text, client.servers, name, entry)
    return _open_json(client.format, text).set_value((client.servers, name), dict(entry))


def _remove_entry(client: Client, text: str, name: str) -> str:
    if client.format == "toml":
        from conekta_mcp.cli.installing.edits.toml_edits import remove_toml_entry

        return remove_toml_entry(text, client.servers, name)
    if client.format == "yaml":
        from conekta_mcp.cli.installing.edits.yaml_edits import remove_yaml_entry

        return remove_yaml_entry(text, client.servers, name)
    return _open_json(client.format, text).remove_value((client.servers, name))


def _open_json(format_: Format, text: str) -> JsonText:
    return JsonText(text, comments=format_ == "jsonc")


def _check(client: Client, new: str, expected: Mapping[str, Any]) -> str:
    try:
        found = parse_file(client.format, new)
    except CannotRead:
        found = None
    if found != expected:
        raise CannotEdit("it is written in a way in which nothing can be added or removed safely")
    return new
