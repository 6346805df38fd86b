"""What anything prints while the server speaks over stdio never gets between the messages."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.journeys.clients import Era
from tests.journeys.processes import child_environment
from tests.tables import EMPTY_CUSTOMERS

pytestmark = [pytest.mark.system, pytest.mark.anyio]

CHATTY = """
import os, sys
import anyio
from conekta_mcp.app import App
from conekta_mcp.settings import Settings

print("before serving", file=sys.stderr)
app = App(Settings(sandbox=True))
called = app.server.call_tool

NOBODY = {"columns": [], "rows": [], "has_more": False, "livemode": False}


async def chatty(*arguments):
    print("a whole line")
    print("half a line", end="")
    sys.stdout.write('{"jsonrpc":"2.0","id":1,"result":{}}\\n')
    os.write(1, b"below Python\\n")
    answer = await called(*arguments)
    print("and after", end="")
    return answer

app.server.call_tool = chatty
anyio.run(app.serve_stdio)
print("the end", file=sys.stderr)
"""


async def test_prints_of_a_tool_go_to_stderr_and_every_answer_arrives(era: Era, tmp_path: Path) -> None:
    script = tmp_path / "chatty.py"
    script.write_text(CHATTY, encoding="utf-8")
    server = StdioServerParameters(command=sys.executable, args=[str(script)], env=child_environment())
    unreadable: list[Exception] = []

    async def watch(message: object) -> None:
        if isinstance(message, Exception):
            unreadable.append(message)

    log = tmp_path / "stderr.txt"
    with log.open("w", encoding="utf-8") as stderr, anyio.fail_after(120):
        target = stdio_client(server, errlog=stderr)
        async with Client(target, mode=era, message_handler=watch) as client:
            for _ in range(5):
                answer = await client.call_tool("list_customers", {})
                assert answer.structured_content == {
                    "columns": [],
                    "rows": [],
                    "has_more": False,
                    "empty": EMPTY_CUSTOMERS["es"],
                    "livemode": False,
                }
    said = log.read_text(encoding="utf-8")
    assert unreadable == []
    assert [said.count(text) for text in ("a whole line", "half a line", "below Python", "and after")] == [
        5
    ] * 4
    assert said.rstrip().endswith("the end")


def line(number: int | None, method: str, params: dict[str, Any]) -> bytes:
    numbered = {} if number is None else {"id": number}
    return json.dumps({"jsonrpc": "2.0", **numbered, "method": method, "params": params}).encode() + b"\n"


def test_everything_on_stdout_up_to_the_end_of_the_process_is_a_message(tmp_path: Path) -> None:
    script = tmp_path / "chatty.py"
    script.write_text(CHATTY, encoding="utf-8")
    client = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, str(script)], env=child_environment(), **pipes) as process:
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line(1, "initialize", client))
        process.stdin.write(line(None, "notifications/initialized", {}))
        process.stdin.write(line(2, "tools/call", {"name": "list_customers", "arguments": {}}))
        process.stdin.flush()
        answers = [process.stdout.readline(), process.stdout.readline()]
        process.stdin.close()
        answers += process.stdout.readlines()
        watchdog.cancel()
    assert [json.loads(answer)["id"] for answer in answers] == [1, 2]
    assert process.returncode == 0
