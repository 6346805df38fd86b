"""Writes what an install brings as a CycloneDX bill of materials."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from release_environments import ROOT, Environment


def write_sbom(environment: Environment, out: Path, version: str, epoch: str) -> dict[str, Any]:
    """Write the components of an environment, with conekta-mcp as what they belong to; return them.

    Raises:
        RuntimeError: it cannot be made, does not fit the schema of CycloneDX, or lacks what is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "pyproject.toml"
        project.write_text(_fix_version(version), encoding="utf-8")
        words = [
            "--mc-type",
            "application",
            "--output-reproducible",
            "--validate",
            "--pyproject",
            str(project),
        ]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "cyclonedx_py", "environment", *words),
                *("--output-format", "JSON", "--output-file", str(out), str(environment.python)),
            ],
            env={**os.environ, "SOURCE_DATE_EPOCH": epoch},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the bill of materials failed:\n{done.stdout}{done.stderr}")
    bill: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return bill


def find_problems(bill: dict[str, Any], installed: dict[str, str], version: str) -> list[str]:
    """Return what the bill says otherwise than what is installed, and paths of this machine in it."""
    main = bill["metadata"]["component"]
    listed = {_normalize(one["name"]): one.get("version") for one in bill["components"]}
    wanted = {_normalize(name): installed[name] for name in installed}
    found = [
        f"SBOM: {name} {wanted.get(name, 'is not installed')}, and it lists {listed.get(name, 'none')}"
        for name in sorted({*listed, *wanted})
        if listed.get(name) != wanted.get(name)
    ]
    if (main["name"], main.get("version")) != ("conekta-mcp", version):
        found.append(f"SBOM: it is of {main['name']} {main.get('version')}")
    if "file:" in json.dumps(bill):
        found.append("SBOM: it names files of the machine that made it")
    return found


def _normalize(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _fix_version(version: str) -> str:
    """Return pyproject.toml with the version in it: the tool reads no other file."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text.replace("\n[project]\n", f'\n[project]\nversion = "{version}"\n', 1).replace(
        '"version", ', "", 1
    )
