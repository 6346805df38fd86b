"""axe-core from npm, and what it finds on a page."""

import shutil
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.installed_once import install_npm_project

HERE = Path(__file__).parent / "axe"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def install_axe() -> str:
    """Return the source of axe-core.

    Raises:
        LookupError: npm is not installed.
    """
    if shutil.which("npm") is None:
        raise LookupError("npm is not installed: axe-core cannot be fetched")
    place = install_npm_project("axe", [HERE / "package.json"])
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
