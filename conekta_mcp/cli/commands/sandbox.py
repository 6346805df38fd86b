"""The sandbox command: runs the offline Conekta as an HTTP server."""

import argparse
import json
import sys

from conekta_mcp.cli.commands.sandbox_trigger import add_trigger_arguments, trigger
from conekta_mcp.cli.starting.listening import format_host, get_port, hold_listeners
from conekta_mcp.cli.starting.start_checks import check_state
from conekta_mcp.cli.starting.stopping import catch_signals
from conekta_mcp.cli.starting.trigger_flags import refuse_lonely_flags
from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.latency import Latency, draw_nothing, parse_latency
from conekta_mcp.sandbox.running import run_sandbox
from conekta_mcp.settings import Settings
from conekta_mcp.settings.connecting import LOOPBACK

SETTINGS = ("host", "port", "state", "language", "log_level")

OPEN = {
    "es": "el sandbox acepta cualquier llave; tenlo en una red de confianza",
    "en": "the sandbox takes any key; keep it on a network you trust",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Run the offline Conekta as an HTTP server: point any Conekta SDK at it, with any key that starts "
        "with key_; each key is an account of its own. POST /_sandbox/payments plays the payer, "
        "/_sandbox/clock moves time, /_sandbox/faults breaks answers. "
        "sandbox trigger EVENT lets one of these happen in a sandbox that runs."
    )
    add_trigger_arguments(parser)
    parser.add_argument(
        "--latency",
        type=read_latency,
        default=draw_nothing,
        metavar="TIME",
        help="wait before each request is acted on: 200ms, 1.5s, lognormal (as Conekta, about 250 ms), or "
        "lognormal:7 with a seed; default: no wait",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print its address as one JSON object, once it listens; with trigger the answer",
    )


def read_latency(text: str) -> Latency:
    try:
        return parse_latency(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.action:
        return trigger(settings, arguments)
    refuse_lonely_flags(arguments, settings.language)
    if settings.host not in LOOPBACK:
        print(f"conekta-mcp: {OPEN[settings.language]}", file=sys.stderr)
    if settings.state:
        check_state(settings.state)
    with hold_listeners(settings.host, settings.port) as listeners:
        ledger = Ledger(settings.state or ":memory:")
        address = f"http://{format_host(settings.host)}:{get_port(listeners)}"
        if arguments.json:
            print(json.dumps({"url": address, "state": settings.state}), flush=True)
        print(f"conekta-mcp sandbox: {address}", file=sys.stderr, flush=True)
        try:
            with catch_signals() as stop:
                run_sandbox(ledger, listeners, arguments.latency)
        finally:
            ledger.close()
    return stop.exit_code
