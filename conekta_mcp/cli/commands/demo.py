"""The demo command: walks the recurring-CLABE journey against the sandbox and prints each step."""

import argparse
import json
import os
import sys
import time
from typing import Any

import anyio
from mcp import Client, MCPError, StdioServerParameters

from conekta_mcp.cli.demonstration.journey import TITLES, Journey, Step, explain_break
from conekta_mcp.cli.starting.next_steps import draw_next_steps
from conekta_mcp.cli.tables import find_width, wrap_lines
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings

SETTINGS = ("language", "log_level")
TIMEOUT_SECONDS = 120

TEXTS = {
    "es": {
        "start": "Un cliente MCP real habla por stdio con el servidor real, sobre el sandbox, sin red.",
        "connected": "Conectado: {name} {version}, protocolo {protocol}, {tools} herramientas",
        "well": "Listo: {steps} pasos en {seconds:.1f} s, todos bien. Ningún peso se movió.",
        "ill": "Algo no salió como debía: mira los pasos marcados con ✗.",
        "broken": "El servidor no contestó: {reason}",
        "starting": "arrancando el servidor",
        "step": "{number} de {count}: {title}",
        "not_approve": "--json: no va con --approve, que muestra a una persona qué hacer",
    },
    "en": {
        "start": "A real MCP client talks over stdio to the real server on the sandbox, no network.",
        "connected": "Connected: {name} {version}, protocol {protocol}, {tools} tools",
        "well": "Done: {steps} steps in {seconds:.1f} s, all well. No money moved.",
        "ill": "Something was not as it must be: see the steps marked ✗.",
        "broken": "The server did not answer: {reason}",
        "starting": "starting the server",
        "step": "{number} of {count}: {title}",
        "not_approve": "--json: not with --approve, which shows a person what to do",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Start the server on the sandbox, connect a real MCP client over stdio and walk the "
        "recurring-CLABE journey. Exit code 0 when every step was as it must be."
    )
    parser.add_argument(
        "--approve", action="store_true",
        help="show how a person says yes: bill on the sandbox, answer on the page or here, and go on",
    )  # fmt: skip

    parser.add_argument(
        "--json", action="store_true", help="print JSON, one object a line: each step, and how it ended"
    )


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.approve:
        if arguments.json:
            raise ConfigurationError(TEXTS[settings.language]["not_approve"])
        from conekta_mcp.cli.demonstration.approval import show_approval

        return show_approval(settings.language)
    page = (JsonPage if arguments.json else TextPage)(settings.language)
    started = time.monotonic()
    well, reason = False, None
    page.begin()
    try:
        well = anyio.run(run_journey, settings, page)
    # The client's task groups wrap whatever ends them into exception groups.
    except* (MCPError, OSError, TimeoutError) as broken:
        reason = explain_break(broken, settings.language)
    page.end(well, reason, time.monotonic() - started)
    return 0 if well else 1


class TextPage:
    """Prints the journey as text for people."""

    def __init__(self, language: str) -> None:
        self._language, self._texts = language, TEXTS[language]
        self.steps = 0
        self._shows_progress = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

    def begin(self) -> None:
        self._print(self._texts["start"])
        self._show_progress(self._texts["starting"])

    def show_connection(self, facts: dict[str, Any]) -> None:
        self._clear_progress()
        self._print(f"  {self._texts['connected'].format(**facts)}")
        self._announce_step()

    def show_step(self, step: Step) -> None:
        self.steps += 1
        mark = "✓" if step.well else "✗"
        self._clear_progress()
        told = step.told[self._language]
        self._print(f"  {mark} {self.steps}. {step.title[self._language]}\n       {told}")
        self._announce_step()

    def _announce_step(self) -> None:
        if self.steps < len(TITLES):
            title = [*TITLES.values()][self.steps][self._language]
            number, count = self.steps + 1, len(TITLES)
            self._show_progress(self._texts["step"].format(number=number, count=count, title=title))

    def _show_progress(self, text: str) -> None:
        """Show what is at work on a line that the next one replaces, on a terminal."""
        if self._shows_progress:
            # A text of two rows could not be overwritten completely.
            room = (find_width() or 80) - 1
            print(f"  … {text}"[:room], end="", flush=True)

    def _clear_progress(self) -> None:
        if self._shows_progress:
            print("\r\033[K", end="")

    def end(self, well: bool, reason: str | None, seconds: float) -> None:
        self._clear_progress()
        if well:
            self._print(self._texts["well"].format(steps=self.steps, seconds=seconds))
            print()
            print(draw_next_steps(self._language, without="conekta-mcp demo"))
        else:
            self._print(self._texts["broken"].format(reason=reason) if reason else self._texts["ill"])

    def _print(self, text: str) -> None:
        print(wrap_lines(text, find_width()), flush=True)


class JsonPage(TextPage):
    """Prints the journey as JSON lines for programs."""

    def begin(self) -> None:
        return

    def show_connection(self, facts: dict[str, Any]) -> None:
        self._print_line({"connected": facts})

    def show_step(self, step: Step) -> None:
        self.steps += 1
        title = step.title[self._language]
        self._print_line({"step": self.steps, "title": title, "outcome": step.outcome, "well": step.well})

    def end(self, well: bool, reason: str | None, seconds: float) -> None:
        ending = {"well": well, "steps": self.steps, "seconds": round(seconds, 1)}
        self._print_line({**ending, "error": reason} if reason else ending)

    def _print_line(self, facts: dict[str, Any]) -> None:
        print(json.dumps(facts, ensure_ascii=False), flush=True)


async def run_journey(settings: Settings, page: TextPage) -> bool:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "conekta_mcp", "serve", "--sandbox", "--language", settings.language],
    )
    # A server that hangs must not hang the demo.
    with anyio.fail_after(TIMEOUT_SECONDS):
        async with Client(server) as client:
            page.show_connection(await _describe_connection(client))

            async def call_tool(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
                return (await client.call_tool(tool, arguments)).structured_content or {}

            return await Journey(call_tool, page.show_step).run()


async def _describe_connection(client: Client) -> dict[str, Any]:
    tools = (await client.list_tools()).tools
    info = client.server_info
    return {
        "name": info.name if info else "?",
        "version": info.version if info else "?",
        "protocol": client.protocol_version,
        "tools": len(tools),
    }
