"""The real Claude Code, from npm, reads what conekta-mcp install wrote and starts the server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.journeys.processes import COMMAND, child_environment

PACKAGE = "@anthropic-ai/claude-code@2.1.332"
CACHE = Path(__file__).parents[2] / "node_modules" / ".conekta-mcp-claude-code"
INSTALL_SECONDS = 300
RUN_SECONDS = 180
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def claude() -> list[str]:
    """Its command, installed once for all workers: it has 400 MB."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed: Claude Code is not run")
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / "lock"):
        installed = CACHE / "installed"
        if not installed.exists() or installed.read_text(encoding="utf-8") != PACKAGE:
            flags = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
            done = subprocess.run(
                [npm, "install", *flags, "--prefix", str(CACHE), PACKAGE],
                capture_output=True,
                encoding="utf-8",
                timeout=INSTALL_SECONDS,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            installed.write_text(PACKAGE, encoding="utf-8")
    # Started as where the package's own script after an installation did not run.
    return [node, str(CACHE / "node_modules" / "@anthropic-ai" / "claude-code" / "cli-wrapper.cjs")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def run(command: list[str], home: Path) -> str:
    environment = child_environment(
        HOME=str(home),
        XDG_CONFIG_HOME=str(home / ".config"),
        # Nothing but the server is talked to.
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        DISABLE_AUTOUPDATER="1",
        HTTPS_PROXY=NOWHERE,
        HTTP_PROXY=NOWHERE,
    )
    done = subprocess.run(
        command,
        env={name: value for name, value in environment.items() if name != "CLAUDE_CONFIG_DIR"},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_lists_the_server_as_connected_and_no_more_after_uninstall(claude: list[str], home: Path) -> None:
    (home / ".claude.json").write_text(json.dumps({"numStartups": 3, "mcpServers": {}}), encoding="utf-8")
    told = run([*COMMAND, "install", "claude-code", "--sandbox", "--language", "en"], home)
    assert told.startswith(f"Claude Code: added conekta to {os.path.realpath(home / '.claude.json')}.\n")
    listed = run([*claude, "mcp", "list"], home)
    (line,) = [one for one in listed.splitlines() if one.startswith("conekta:")]
    assert line.endswith(" serve --sandbox --language en - ✔ Connected")
    assert "Scope: User config" in run([*claude, "mcp", "get", "conekta"], home)
    run([*COMMAND, "uninstall", "claude-code"], home)
    assert "conekta:" not in run([*claude, "mcp", "list"], home)
