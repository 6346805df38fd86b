"""What stands in a bundle besides the wheel: its manifest, its English texts and its pyproject.toml.

Derived from the settings, the tools, pyproject.toml, constraints.txt and server.json; bundle/texts.toml has
the words that none of them has.
"""

import json
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conekta_mcp import __version__
from conekta_mcp.catalog import Tool
from conekta_mcp.cli.spanish.setting_texts import describe_in_spanish
from conekta_mcp.domains.default_tools import TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.settings.limits import list_limits
from conekta_mcp.settings.reading import list_settings

ROOT = Path(__file__).parent.parent
ENTRY_POINT = "server/main.py"
RESOURCES = "mcpb-resources/${locale}.json"
LANGUAGES = ("es", "en")
"""The default one first: its texts stand in the manifest itself."""
AUTHOR = "The conekta-mcp authors"

TRUST = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""uv then installs behind a proxy that the computer trusts; the second is what an older uv reads."""

TYPES = {"api_key": "string", "sandbox": "boolean", "language": "string", "confirm": "string"}
"""Of the fields that are no limit."""


def build_manifest() -> dict[str, Any]:
    """Return manifest.json, version 0.4 of its format, in Spanish."""
    server = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    project = _read_project()
    fields = dict(_list_fields())
    variables = {one.name: one.metadata["env"] for one in list_settings()}
    return {
        "manifest_version": "0.4",
        "name": project["name"],
        "display_name": server["title"],
        "version": __version__,
        **_read_texts("es"),
        "author": {"name": AUTHOR},
        **_list_addresses(project.get("urls", {})),
        "icon": "icon.png",
        "license": project["license"],
        "localization": {"resources": RESOURCES, "default_locale": "es"},
        "server": {
            "type": "uv",
            "entry_point": ENTRY_POINT,
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", ENTRY_POINT],
                "env": {**TRUST, **{variables[name]: f"${{user_config.{name}}}" for name in fields}},
            },
        },
        "tools": _list_tools("es"),
        "tools_generated": True,  # the sandbox has one more, and all operations are found by searching
        "prompts_generated": True,
        "compatibility": {
            "platforms": ["darwin", "win32", "linux"],
            "runtimes": {"python": project["requires-python"]},
        },
        "user_config": fields,
    }


def build_texts(language: str) -> dict[str, Any]:
    """Return the texts of one language, for a client that shows the bundle in it."""
    return {**_read_texts(language), "tools": _list_tools(language)}


def build_pyproject(wheel: str) -> str:
    """Return the pyproject.toml of which uv installs: the wheel, and the versions that we test with."""
    pins = "".join(f"  {json.dumps(pin)},\n" for pin in _list_pins())
    project = _read_project()
    return (
        f'[project]\nname = "{project["name"]}-bundle"\nversion = "{__version__}"\n'
        f'requires-python = "{project["requires-python"]}"\ndependencies = ["{project["name"]}"]\n\n'
        f"[tool.uv]\npackage = false\nconstraint-dependencies = [\n{pins}]\n\n"
        f'[tool.uv.sources]\n{project["name"]} = {{ path = "{wheel}" }}\n'
    )


def _read_project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _read_texts(language: str) -> dict[str, Any]:
    texts = read_words()[language]
    return {**texts, "long_description": texts["long_description"].strip()}


def read_words() -> dict[str, Any]:
    return tomllib.loads((ROOT / "bundle" / "texts.toml").read_text(encoding="utf-8"))


def _list_addresses(urls: dict[str, str]) -> dict[str, Any]:
    """Return the addresses of the project, as far as pyproject.toml has them."""
    found: dict[str, Any] = {}
    if repository := urls.get("Repository"):
        found["repository"] = {"type": "git", "url": repository}
        found["homepage"] = repository
    for ours, theirs in (("Documentation", "documentation"), ("Issues", "support")):
        if ours in urls:
            found[theirs] = urls[ours]
    return found


def _list_fields() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields that a person fills in; an empty one leaves the setting's default."""
    limits = [name for name, limit in list_limits().items() if limit.unit == "pesos"]
    settings = {one.name: one for one in list_settings()}
    titles = read_words()["titles"]
    for name in (*TYPES, *limits):
        setting = settings[name]
        spanish, english = (
            _start_with_capital(text) for text in (describe_in_spanish(name), setting.metadata["help"])
        )
        field: dict[str, Any] = {
            "type": TYPES.get(name, "number"),
            "title": titles.get(name, f"{spanish} · {english}"),
            "description": f"{spanish}. · {english}.",
            "required": False,
        }
        if name in limits:
            field["min"] = 0
        if setting.default is not None:
            field["default"] = setting.default
        yield name, field | ({"sensitive": True} if setting.metadata["secret"] else {})


def _start_with_capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _list_tools(language: str) -> list[dict[str, str]]:
    """Return the tools that are listed at first, each with its title in one language."""
    listed: tuple[Tool[Any], ...] = (*TOOLS, *DISCOVERY_TOOLS)
    return [
        {"name": tool.name, "description": tool.title_es if language == "es" else tool.title}
        for tool in listed
    ]


def _list_pins() -> list[str]:
    """Return the lines of constraints.txt for what the server needs, and for what that needs."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(line.partition("==")[0]): line for line in lines if "==" in line}
    waiting = [Requirement(text) for text in _read_project()["dependencies"]]
    found: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name in found:
            continue
        found.add(name)
        waiting += _list_requirements(name)
    return [pin for name, pin in pins.items() if name in found]


def _list_requirements(name: str) -> list[Requirement]:
    """Return what a library needs on any system; one that this system does without is not installed."""
    try:
        wanted = [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:
        return []
    return [one for one in wanted if one.marker is None or "extra" not in str(one.marker)]
