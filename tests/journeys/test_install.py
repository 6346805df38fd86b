"""From a login to a first answer, with nothing but what install wrote and the environment of a desktop."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from conekta_mcp.cli.installing.clients import find_client
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.setup import list_places
from conekta_mcp.sandbox.running import RunningSandbox
from tests.cli.installing.layouts import read_content
from tests.journeys.processes import COMMAND, child_environment

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CLIENTS = ("claude-desktop", "claude-code", "vscode", "codex", "goose", "zed")
KEY = "key_SECRETabc123"
PATIENCE_SECONDS = 180
BARE_PATH = "/usr/bin:/bin"


def run(home: Path, *words: str, given: str = "", **environment: str) -> str:
    """Run our command in the shell of a person."""
    done = subprocess.run(
        [*COMMAND, *words, "--language", "en"],
        input=given,
        env=child_environment(HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"), **environment),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read_entry(home: Path, name: str) -> dict[str, Any]:
    client = find_client(name)
    machine = Machine(
        system="linux", home=home, folder=home, environment={"XDG_CONFIG_HOME": str(home / ".config")}
    )
    (place,) = list_places(client, machine, "user")
    entry: dict[str, Any] = read_content(client, place.file)[client.servers]["conekta"]
    return {"command": entry[client.command], "args": entry["args"], "env": entry.get(client.env) or {}}


async def list_customers(home: Path, entry: dict[str, Any]) -> Any:
    """Start the server as a desktop does: without the variables of a shell."""
    package = child_environment()["PYTHONPATH"]  # what is tested here, and not what is installed
    environment = {"PATH": BARE_PATH, "HOME": str(home), "PYTHONPATH": package, **entry["env"]}
    server = StdioServerParameters(command=entry["command"], args=entry["args"], env=environment, cwd=home)
    with anyio.fail_after(PATIENCE_SECONDS):
        async with Client(server) as client:
            answer = await client.call_tool("list_customers", {})
    assert not answer.is_error, answer.content
    return answer.structured_content


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.skipif(sys.platform == "win32", reason="the layout and the PATH are those of Linux")
async def test_what_install_wrote_starts_the_server_in_every_format(tmp_path: Path) -> None:
    for name in CLIENTS:
        told = run(tmp_path, "install", name, "--sandbox")
        assert "added conekta to" in told
        found = await list_customers(tmp_path, read_entry(tmp_path, name))
        assert found["rows"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="the layout and the PATH are those of Linux")
async def test_login_install_and_a_question_reach_the_persons_account(
    conekta_sandbox: RunningSandbox, tmp_path: Path
) -> None:
    where = {"CONEKTA_BASE_URL": conekta_sandbox.url}
    run(tmp_path, "login", "--key-stdin", "--key-file", given=KEY, **where)
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
    run(tmp_path, "call", "create_customer", json.dumps(person), "--store", "memory", **where)
    run(tmp_path, "install", "claude-desktop")
    entry = read_entry(tmp_path, "claude-desktop")
    assert (KEY in str(entry), entry["env"]) == (False, {})
    found = await list_customers(tmp_path, entry)
    assert [dict(zip(found["columns"], row, strict=True))["name"] for row in found["rows"]] == ["Ana Ruiz"]
