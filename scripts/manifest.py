"""Checks server.json: the registry's schema, the version and the settings; `--write` updates it."""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
from release_facts import read_repository

from conekta_mcp import __version__
from conekta_mcp.settings.reading import list_settings

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "server.json"
SCHEMA = files("skillsaw") / "schemas" / "mcp_registry" / "v2025_12_11" / "server.schema.json"


def list_variables() -> list[dict[str, Any]]:
    """Return the environment variables in the registry's form."""
    return [_describe_variable(one.metadata, one.default) for one in list_settings()]


def _describe_variable(metadata: Any, default: object) -> dict[str, Any]:
    described = {
        "name": metadata["env"],
        "description": metadata["help"][0].upper() + metadata["help"][1:],
        "isRequired": False,
        "isSecret": metadata["secret"],
    }
    text = ",".join(default) if isinstance(default, tuple) else default
    if text in (None, "", False):
        return described
    return {**described, "default": "1" if text is True else str(text)}


def find_problems(manifest: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    found = [
        f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(manifest)
    ]
    if {manifest["version"], *(one["version"] for one in manifest["packages"])} != {__version__}:
        found.append(f"its versions are not {__version__}, of conekta_mcp/__init__.py; run make docs")
    repository = read_repository()
    if manifest.get("repository") != {"url": repository, "source": "github"}:
        found.append(f"its repository is not pyproject's {repository}; run make docs")
    if manifest["name"] != repository.replace("https://github.com/", "io.github."):
        found.append(f"its name, {manifest['name']}, is not of {repository}: the registry would refuse it")
    if manifest["packages"][0]["environmentVariables"] != list_variables():
        found.append(
            "its environment variables are not those of conekta_mcp/settings/table.py; run make docs"
        )
    if f"<!-- mcp-name: {manifest['name']} -->" not in (ROOT / "README.md").read_text(encoding="utf-8"):
        found.append(f"README.md lacks <!-- mcp-name: {manifest['name']} -->")
    return found


def main() -> int:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    if "--write" in sys.argv:
        manifest["version"], manifest["repository"] = (
            __version__,
            {"url": read_repository(), "source": "github"},
        )
        for package in manifest["packages"]:
            package["version"] = __version__
        manifest["packages"][0]["environmentVariables"] = list_variables()
        MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    found = find_problems(manifest)
    for problem in found:
        print(f"server.json: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
