"""The demo command: walks the recurring-CLABE journey against the sandbox and prints each step."""

import argparse
import sys
import time
from typing import Any

import anyio
from mcp import Client, MCPError, StdioServerParameters

from conekta_mcp.cli.demo_journey import Journey, Step, find_root_cause
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
        "next": "Sigue: pon CONEKTA_API_KEY y conéctalo a tu cliente, como dice README.md.",
    },
    "en": {
        "start": "A real MCP client talks over stdio to the real server on the sandbox, no network.",
        "connected": "Connected: {name} {version}, protocol {protocol}, {tools} tools",
        "well": "Done: {steps} steps in {seconds:.1f} s, all well. No money moved.",
        "ill": "Something was not as it must be: see the steps marked ✗.",
        "broken": "The server did not answer: {reason}",
        "next": "Next: set CONEKTA_API_KEY and connect your client, as README.md says.",
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


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.approve:
        from conekta_mcp.cli.demo_approval import show_approval

        return show_approval(settings.language)
    texts = TEXTS[settings.language]
    print(texts["start"])
    started = time.monotonic()
    steps: list[Step] = []

    def print_step(step: Step) -> None:
        steps.append(step)
        mark = "✓" if step.well else "✗"
        print(f"  {mark} {len(steps)}. {step.title[settings.language]}\n       {step.outcome}", flush=True)

    well, ending = False, texts["ill"]
    try:
        well = anyio.run(run_journey, settings, print_step)
    # The client's task groups wrap whatever ends them into exception groups.
    except* (MCPError, OSError, TimeoutError) as broken:
        ending = texts["broken"].format(reason=find_root_cause(broken))
    if well:
        seconds = time.monotonic() - started
        ending = f"{texts['well'].format(steps=len(steps), seconds=seconds)}\n{texts['next']}"
    print(ending)
    return 0 if well else 1


async def run_journey(settings: Settings, tell: Any) -> bool:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "conekta_mcp", "serve", "--sandbox", "--language", settings.language],
    )
    # A server that hangs must not hang the demo.
    with anyio.fail_after(TIMEOUT_SECONDS):
        async with Client(server) as client:
            await _print_connection(client, settings.language)

            async def call_tool(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
                return (await client.call_tool(tool, arguments)).structured_content or {}

            return await Journey(call_tool, tell).run()


async def _print_connection(client: Client, language: str) -> None:
    tools = (await client.list_tools()).tools
    info = client.server_info
    said = TEXTS[language]["connected"].format(
        name=info.name if info else "?",
        version=info.version if info else "?",
        protocol=client.protocol_version,
        tools=len(tools),
    )
    print(f"  {said}")
