"""The real Claude Code, from npm, reads what conekta-mcp install wrote and starts the server."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.journeys.installing import install_node
from tests.journeys.processes import COMMAND, child_environment

pytestmark = pytest.mark.system

PACKAGE = Path(__file__).parent / "claude_code" / "package.json"
RUN_SECONDS = 180
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def claude() -> str:
    """Its command, which comes with its SDK."""
    try:
        project = install_node("claude-code", PACKAGE)
    except LookupError as reason:
        pytest.skip(f"Claude Code is not run: {reason}")
    [program] = (project / "node_modules" / "@anthropic-ai").glob("claude-agent-sdk-linux-*/claude")
    return str(program)


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


def test_it_lists_the_server_as_connected_and_no_more_after_uninstall(claude: str, home: Path) -> None:
    (home / ".claude.json").write_text(json.dumps({"numStartups": 3, "mcpServers": {}}), encoding="utf-8")
    told = run([*COMMAND, "install", "claude-code", "--sandbox", "--language", "en"], home)
    assert told.startswith(f"Claude Code: added conekta to {os.path.realpath(home / '.claude.json')}.\n")
    listed = run([claude, "mcp", "list"], home)
    (line,) = [one for one in listed.splitlines() if one.startswith("conekta:")]
    assert line.endswith(" serve --sandbox --language en - ✔ Connected")
    assert "Scope: User config" in run([claude, "mcp", "get", "conekta"], home)
    run([*COMMAND, "uninstall", "claude-code"], home)
    assert "conekta:" not in run([claude, "mcp", "list"], home)
