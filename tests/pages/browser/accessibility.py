"""axe-core from npm: installed once into node_modules/ of the repository, which git ignores."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from playwright.async_api import Page

HERE = Path(__file__).parent / "axe"
CACHE = Path(__file__).parents[3] / "node_modules" / ".conekta-mcp-axe"
INSTALL_SECONDS = 300
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def install_axe() -> str:
    """Return the source of axe-core.

    Raises:
        LookupError: npm is not installed.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise LookupError("npm is not installed: axe-core cannot be fetched")
    wanted = (HERE / "package.json").read_text(encoding="utf-8")
    place = CACHE / os.environ.get("PYTEST_XDIST_WORKER", "main")
    place.mkdir(parents=True, exist_ok=True)
    installed = place / "installed.json"
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        shutil.copy(HERE / "package.json", place)
        install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(
            install, cwd=place, capture_output=True, encoding="utf-8", timeout=INSTALL_SECONDS, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        installed.write_text(wanted, encoding="utf-8")
    return (place / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


async def find_violations(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds on a page, each with where it is."""
    # Not by add_script_tag: the page's policy would refuse the script.
    await page.evaluate(axe)
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}}
    found = await page.evaluate("(options) => axe.run(document, options)", options)
    assert found["passes"]
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
