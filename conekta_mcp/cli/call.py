"""conekta-mcp call"""

import argparse
import json
import logging
import sys
from typing import Any

import anyio
from mcp import Client
from mcp.types import CallToolResult

from conekta_mcp.app import App
from conekta_mcp.settings import Settings

SETTINGS = (
    "sandbox",
    "state",
    "profiles",
    "profiles_file",
    "toolsets",
    "tools",
    "exclude",
    "read_only",
    "files_folder",
    "base_url",
    "api_version",
    "language",
    "child_company_id",
    "timeout",
    "log_level",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a tool and its arguments, and explain where the key comes from."""
    parser.description = (
        "Call one tool and print its answer. The key is CONEKTA_API_KEY; that of a profile such as store-b "
        "is CONEKTA_API_KEY_STORE_B, or where --profiles-file says; --sandbox needs none. Exit 1: it "
        "answered with an error; 2: nothing was called."
    )
    parser.add_argument("tool", metavar="TOOL", help="such as list_customers; conekta-mcp tools names all")
    parser.add_argument("json", metavar="JSON", nargs="?", default="{}", help="arguments, or - to read stdin")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Call one tool; exit 1 when it answers with an error, 2 when the JSON cannot be read."""
    try:
        text = sys.stdin.read() if arguments.json == "-" else arguments.json
        given = _sendable(arguments.tool, text)
    except (ValueError, RecursionError) as problem:
        print(f"conekta-mcp call: the arguments are not JSON: {problem}", file=sys.stderr)
        return 2
    if not isinstance(given, dict):
        print('conekta-mcp call: the arguments are a JSON object, such as {"limit": 5}', file=sys.stderr)
        return 2
    # The SDK warns of every tool that is not listed; here most are not.
    logging.getLogger("client").setLevel(logging.ERROR)
    answer = anyio.run(called, settings, arguments.tool, given)
    print(json.dumps(answer.structured_content, ensure_ascii=False, indent=2))
    return 1 if answer.is_error else 0


def _sendable(tool: str, text: str) -> Any:
    """Read JSON, and refuse halves of surrogate pairs in it or in the name of the tool: UTF-8 has none."""
    given = json.loads(text)
    json.dumps([tool, given], ensure_ascii=False).encode()
    return given


async def called(settings: Settings, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    """Call through a real client in this process."""
    app = App(settings)
    try:
        async with Client(app.server) as client:
            return await client.call_tool(tool, arguments)
    finally:
        await app.close()
