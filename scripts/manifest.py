"""Checks server.json: the registry's schema, the version, the settings, the remote and the image's label.

`--write` updates it. `--release FOLDER` writes FOLDER/server.json, which has also what only a release has:
the bundle in that folder, by its digest, and the image that `--image` names.
"""

import argparse
import hashlib
import json
import re
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
DOCKERFILE = ROOT / "Dockerfile"
BUNDLE = "conekta-mcp.mcpb"
LABEL = "io.modelcontextprotocol.server.name"
"""Of an image: by it the registry knows that who publishes the image publishes the server."""
SCHEMA = files("skillsaw") / "schemas" / "mcp_registry" / "v2025_12_11" / "server.schema.json"
STDIO = {"type": "stdio"}

REMOTES: list[dict[str, Any]] = [
    {
        "type": "streamable-http",
        "url": "https://{host}/mcp",
        "headers": [
            {
                "name": "Authorization",
                "description": "Bearer and the private key of the Conekta account: Bearer key_...",
                "isRequired": True,
                "isSecret": True,
            }
        ],
        "variables": {
            "host": {
                "description": "Host of the server that your company runs; nobody hosts one for all",
                "isRequired": True,
                "placeholder": "mcp.example.com",
            }
        },
    }
]


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


def update(manifest: dict[str, Any]) -> None:
    """Write what is derived into the manifest."""
    manifest["version"] = __version__
    manifest["repository"] = {"url": read_repository(), "source": "github"}
    for package in manifest["packages"]:
        package["version"] = __version__
    manifest["packages"][0]["environmentVariables"] = list_variables()
    manifest["remotes"] = REMOTES


def complete_for_release(manifest: dict[str, Any], folder: Path, image: str | None) -> dict[str, Any]:
    """Return the manifest of a release: with its bundle, which is in the folder, and with its image.

    Raises:
        LookupError: there is no bundle in the folder, or the image is not of this version.
    """
    if not (folder / BUNDLE).is_file():
        raise LookupError(f"there is no {BUNDLE} in {folder}; run make bundle")
    packages = [*manifest["packages"], describe_bundle(folder / BUNDLE)]
    if image is not None:
        packages.append(describe_image(image, manifest["packages"][0]["environmentVariables"]))
    return {**manifest, "packages": packages}


def describe_bundle(bundle: Path) -> dict[str, Any]:
    """Return the package of a bundle as a release of the repository has it; clients compare the digest."""
    return {
        "registryType": "mcpb",
        "identifier": f"{read_repository()}/releases/download/v{__version__}/{bundle.name}",
        "version": __version__,
        "fileSha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
        "transport": STDIO,
    }


def describe_image(image: str, variables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the package of an image over stdio; its version stands in its name, as the registry wants it."""
    if not re.fullmatch(
        rf"[\w.:-]+(?:/[\w.-]+)+:v?{re.escape(__version__)}(?:@sha256:[0-9a-f]{{64}})?", image
    ):
        raise LookupError(f"{image}: expected HOST/NAME:{__version__}, with a digest or without")
    return {
        "registryType": "oci",
        "identifier": image,
        "runtimeHint": "docker",
        "runtimeArguments": [{"type": "named", "name": "--interactive"}, {"type": "named", "name": "--rm"}],
        "packageArguments": [{"type": "positional", "value": "serve"}],
        "transport": STDIO,
        "environmentVariables": variables,
    }


def find_schema_problems(manifest: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(manifest)]


def find_problems(manifest: dict[str, Any]) -> list[str]:
    found = find_schema_problems(manifest)
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
    if manifest.get("remotes") != REMOTES:
        found.append("its remotes are not those of scripts/manifest.py; run make docs")
    if [one["registryType"] for one in manifest["packages"]] != ["pypi"]:
        found.append("it names a bundle or an image, which only a release has (--release)")
    if f"<!-- mcp-name: {manifest['name']} -->" not in (ROOT / "README.md").read_text(encoding="utf-8"):
        found.append(f"README.md lacks <!-- mcp-name: {manifest['name']} -->")
    if f'LABEL {LABEL}="{manifest["name"]}"' not in DOCKERFILE.read_text(encoding="utf-8"):
        found.append(f'Dockerfile lacks LABEL {LABEL}="{manifest["name"]}"')
    return found


def _write(manifest: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--write", action="store_true", help="update server.json")
    parser.add_argument("--release", type=Path, metavar="FOLDER", help="write server.json of a release there")
    parser.add_argument("--image", help="the image of this release, by its full name")
    given = parser.parse_args()
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    if given.write:
        update(manifest)
        _write(manifest, MANIFEST)
    found = find_problems(manifest)
    if given.release and not found:
        try:
            released = complete_for_release(manifest, given.release, given.image)
        except LookupError as obstacle:
            found = [str(obstacle)]
        else:
            found = find_schema_problems(released)
            _write(released, given.release / MANIFEST.name)
    for problem in found:
        print(f"server.json: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
