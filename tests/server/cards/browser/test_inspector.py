"""The Inspector, told to show cards, finds them: an outside oracle for how they are declared."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

RUN_SECONDS = 300
CONNECT_MS = "240000"


def test_the_inspector_finds_the_card_of_a_tool(project: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    inspector = str(project / "node_modules" / ".bin" / "mcp-inspector")
    server = [sys.executable, "-m", "conekta_mcp", "serve", "--sandbox"]
    options = ["--advertise-apps", "--app-info", "--method", "tools/call", "--tool-name", "create_order"]
    done = subprocess.run(
        [node, inspector, "--cli", "--connect-timeout", CONNECT_MS, *server, *options],
        env=child_environment(HOME=str(tmp_path), MCP_CATALOG_PATH=str(tmp_path / "catalog.json")),
        capture_output=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "hasApp": True,
        "toolName": "create_order",
        "resourceUri": "ui://conekta/payment",
        "resourceMimeType": "text/html;profile=mcp-app",
    }
