"""What anything prints while the server speaks over stdio never gets between the messages."""

import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from .clients import Era
from .processes import child_environment

pytestmark = pytest.mark.anyio

CHATTY = """
import os, sys
import anyio
from conekta_mcp.app import App
from conekta_mcp.settings import Settings

print("before serving", file=sys.stderr)
app = App(Settings(sandbox=True))
called = app.server.call_tool

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
    with log.open("w", encoding="utf-8") as stderr, anyio.fail_after(30):
        target = stdio_client(server, errlog=stderr)
        async with Client(target, mode=era, message_handler=watch) as client:
            for _ in range(5):
                answer = await client.call_tool("list_customers", {})
                assert answer.structured_content == {"data": [], "has_more": False, "livemode": False}
    said = log.read_text(encoding="utf-8")
    assert unreadable == []
    assert [said.count(text) for text in ("a whole line", "half a line", "below Python", "and after")] == [
        5
    ] * 4
    assert said.rstrip().endswith("the end")
