"""Machines of each system, in the folder of a test."""

import json
import tomllib
from pathlib import Path
from typing import Any

import json5
import yaml

from conekta_mcp.cli.installing.clients import Client, find_client
from conekta_mcp.cli.installing.entries import ServerSpec
from conekta_mcp.cli.installing.machine import Machine, System

COMMAND = "/opt/venv/bin/conekta-mcp"
NOW = 1_795_892_539.0
STAMP = "20261128-190219"


def describe_machine(folder: Path, system: System = "linux", **environment: str) -> Machine:
    home = folder / "home"
    if system == "windows":
        environment = {
            "APPDATA": str(home / "AppData" / "Roaming"),
            "LOCALAPPDATA": str(home / "AppData" / "Local"),
            **environment,
        }
    return Machine(system=system, home=home, folder=folder / "project", environment=environment)


def make_spec(**facts: Any) -> ServerSpec:
    known = {"command": (COMMAND,), "sandbox": True, "profile": "default", "language": "es"}
    return ServerSpec(**{**known, **facts})


def read_content(client: Client | str, path: Path) -> Any:
    """What an independent reader of the format finds in a file."""
    found = find_client(client) if isinstance(client, str) else client
    text = path.read_text(encoding="utf-8-sig")
    readers = {"json": json.loads, "jsonc": json5.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
    return readers[found.format](text)
