"""The call command: calls one tool and prints its answer."""

import argparse
import json
import logging
import sys
from typing import Any

import anyio
import anyio.to_thread
from mcp import Client
from mcp.client.session import ClientRequestContext, ElicitationFnT
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult

from conekta_mcp.app import App
from conekta_mcp.privacy.untrusted_text import clean_text
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(
    Group.SANDBOX,
    Group.ACCOUNT,
    Group.CONEKTA,
    Group.TOOLS,
    Group.POLICY,
    Group.LIMITS,
    Group.STORAGE,
    Group.OUTPUT,
    "confirm",
)
APPROVAL_PROMPTS = {
    "es": ("¿Aprobar? [s/N] ", frozenset({"s", "si", "sí", "y", "yes"})),
    "en": ("Approve? [y/N] ", frozenset({"y", "yes"})),
}
"""The prompt, and the answers that count as a yes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Call one tool and print its answer. The key is CONEKTA_API_KEY; that of a profile such as store-b "
        "is CONEKTA_API_KEY_STORE_B, or where --profiles-file says; --sandbox needs none. Exit 1: it "
        "answered with an error; 2: nothing was called. Where a person's yes is due it asks on the terminal; "
        "without one the call is refused."
    )
    parser.add_argument("tool", metavar="TOOL", help="such as list_customers; conekta-mcp tools names all")
    parser.add_argument("json", metavar="JSON", nargs="?", default="{}", help="arguments, or - to read stdin")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Call one tool; return 1 if it answers with an error, 2 if the JSON cannot be read."""
    try:
        text = sys.stdin.read() if arguments.json == "-" else arguments.json
        given = _parse_sendable(arguments.tool, text)
    except (ValueError, RecursionError) as problem:
        print(f"conekta-mcp call: the arguments are not JSON: {problem}", file=sys.stderr)
        return 2
    if not isinstance(given, dict):
        print('conekta-mcp call: the arguments are a JSON object, such as {"limit": 5}', file=sys.stderr)
        return 2
    # The SDK warns of every tool that is not listed; here most are not.
    logging.getLogger("client").setLevel(logging.ERROR)
    try:
        answer = anyio.run(call_tool, settings, arguments.tool, given)
    except KeyboardInterrupt:
        return 130
    print(json.dumps(answer.structured_content, ensure_ascii=False, indent=2))
    return 1 if answer.is_error else 0


def _parse_sendable(tool: str, text: str) -> Any:
    """Read JSON; refuse halves of surrogate pairs in it or in the tool's name, which UTF-8 does not have."""
    given = json.loads(text)
    json.dumps([tool, given], ensure_ascii=False).encode()
    return given


async def call_tool(settings: Settings, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    app = App(settings)
    try:
        async with Client(
            app.server, elicitation_callback=_create_elicitation_callback(settings.language)
        ) as client:
            return await client.call_tool(tool, arguments)
    finally:
        await app.close()


def _create_elicitation_callback(language: str) -> ElicitationFnT | None:
    """Return the callback that asks at the terminal; None where nobody could answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    prompt, yes = APPROVAL_PROMPTS[language]

    async def ask(
        context: ClientRequestContext,  # noqa: ARG001 - the SDK names it
        params: ElicitRequestParams,
    ) -> ElicitResult:
        # Names inside the question were typed by others and may hold control sequences of terminals.
        question = "\n".join(map(clean_text, params.message.splitlines()))
        # On stderr, since stdout is the answer and may go to a program.
        print(f"{question}\n{prompt}", end="", file=sys.stderr, flush=True)
        # Reading a terminal cannot be cancelled, so a cancelled call leaves the thread behind.
        typed = await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
        if typed.strip().lower() not in yes:
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content={"approve": True})

    return ask
