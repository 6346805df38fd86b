"""The call command: calls one tool and prints its answer."""

import argparse
import json
import logging
import sys
from dataclasses import replace
from typing import Any

import anyio
from mcp import Client
from mcp.types import CallToolResult

from conekta_mcp.app import App
from conekta_mcp.cli.approving.answers import TerminalAnswers
from conekta_mcp.cli.starting.start_checks import check_files, refuse_contradictions
from conekta_mcp.cli.terminal import Terminal, open_terminal
from conekta_mcp.consent.asking.waiting_words import WAITING
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.server.lines.json_texts import load_json
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import refuse_unsigned_webhook
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
    Group.APPROVAL,
    without=("allow_preview", "approval_executes"),
)
APPROVAL_PROMPTS = {
    "es": ("¿Aprobar? [s/N] ", frozenset({"s", "si", "sí", "y", "yes"})),
    "en": ("Approve? [y/N] ", frozenset({"y", "yes"})),
}
"""The prompt and the answers that mean yes, by language."""
NOT_JSON = {
    "es": "los argumentos no son JSON: {problem}",
    "en": "the arguments are not JSON: {problem}",
}
NO_OBJECT = {
    "es": 'los argumentos son un objeto JSON, como {"limit": 5}',
    "en": 'the arguments are a JSON object, such as {"limit": 5}',
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Call one tool and print its answer. The key is CONEKTA_API_KEY; that of a profile such as store-b "
        "is CONEKTA_API_KEY_STORE_B, or where --profiles-file says; --sandbox needs none. Exit 1: it "
        "answered with an error; 2: nothing was called. Where a person's yes is due it asks on the terminal; "
        "without one it waits for the other channels, and answers consent_pending if nobody says yes there."
    )
    parser.add_argument("tool", metavar="TOOL", help="such as list_customers; conekta-mcp tools names all")
    parser.add_argument("json", metavar="JSON", nargs="?", default="{}", help="arguments, or - to read stdin")
    parser.add_argument("--json", dest="as_json", action="store_true", help="print the answer on one line")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Call one tool; return 1 if it answers with an error, 2 if the JSON cannot be parsed."""
    try:
        text = sys.stdin.read() if arguments.json == "-" else arguments.json
        given = _parse_sendable(arguments.tool, text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as problem:
        print(f"conekta-mcp call: {NOT_JSON[settings.language].format(problem=problem)}", file=sys.stderr)
        return 2
    if not isinstance(given, dict):
        print(f"conekta-mcp call: {NO_OBJECT[settings.language]}", file=sys.stderr)
        return 2
    refuse_unsigned_webhook(settings)
    refuse_contradictions(settings)
    check_files(settings)
    # The SDK warns of every tool that is not listed; here most are not.
    logging.getLogger("client").setLevel(logging.ERROR)
    try:
        answer = anyio.run(call_tool, settings, arguments.tool, given)
    except KeyboardInterrupt:
        return 130
    print(json.dumps(answer.structured_content, ensure_ascii=False, indent=None if arguments.as_json else 2))
    return 1 if answer.is_error else 0


def _parse_sendable(tool: str, text: str) -> Any:
    """Read JSON that has one meaning; refuse halves of surrogate pairs in it or in the tool's name too."""
    given = load_json(text)
    json.dumps([tool, given], ensure_ascii=False, allow_nan=False).encode()
    return given


async def call_tool(settings: Settings, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    app = App(settings)
    terminal = open_terminal(sys.stderr)
    # If the terminal is not an allowed channel, wait for the others as without a terminal.
    if terminal and "terminal" in app.channels.allowed:
        app.channels = replace(app.channels, browser=None, prompt=CallPrompt(terminal, app))
    told: list[str] = []

    async def tell_waiting(
        progress: float,  # noqa: ARG001 - the SDK names both
        total: float | None,  # noqa: ARG001
        message: str | None,
    ) -> None:
        if message == WAITING[settings.language] and terminal is None and not told:
            told.append(message)
            print(message, file=sys.stderr, flush=True)

    try:
        async with Client(app.server) as client:
            return await client.call_tool(tool, arguments, progress_callback=tell_waiting)
    finally:
        await app.close()


class CallPrompt:
    """Asks the person who makes the call, on their terminal."""

    def __init__(self, terminal: Terminal, app: App) -> None:
        self._terminal, self._app = terminal, app

    async def ask(self, approval: PendingApproval) -> None:
        """Ask about the call; anything but yes is a no, as the prompt says."""
        language, pending = self._app.settings.language, self._app.consent.pending
        answers = TerminalAnswers(self._terminal, self._app.store, self._app.settings, pending)
        person = await answers.identify()
        if person is None or answers.find_refusal(approval, person, "yes", await self._app.store.read_time()):
            return
        # On stderr, since stdout is the answer and may go to a program.
        self._terminal.show(approval.question[language])
        prompt, yes = APPROVAL_PROMPTS[language]
        typed = await self._terminal.ask_line(prompt)
        approved = (typed or "").strip().lower() in yes
        if await answers.is_admitted(person):
            await answers.decide(approval, person, approved=approved)
