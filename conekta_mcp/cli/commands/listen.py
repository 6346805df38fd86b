"""The listen command: receives Conekta's webhooks for servers that share its store."""

import argparse
import json
import sys
from functools import partial
from typing import TYPE_CHECKING

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.starting.listening import format_host, get_port, hold_listeners
from conekta_mcp.cli.starting.start_checks import check_files, refuse_contradictions, tell_unreachable_store
from conekta_mcp.cli.starting.stopping import catch_signals
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.events.inbound import refuse_keyless_webhooks
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.settings.webhooks import WEBHOOK_PATH

if TYPE_CHECKING:
    from socket import socket

    import uvicorn

SETTINGS = select_settings(
    Group.ACCOUNT,
    Group.CONEKTA,
    Group.SANDBOX,
    "host",
    "port",
    "root_path",
    "max_connections",
    "request_timeout",
    "webhook_keys",
    "store",
    "webhook_days",
    "webhook_events",
    "language",
    "timezone",
    "log_level",
)

NOT_KEPT = {
    "es": "--store: memory no le dice nada a otro proceso; nombra un archivo o redis://",
    "en": "--store: memory tells no other process; name a file or redis://",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"Take Conekta's webhooks at {WEBHOOK_PATH}, and note in the store which events came, so that "
        "servers over stdio with the same --store notice them. The key is CONEKTA_API_KEY: the keys that "
        "sign webhooks are read with it once."
    )
    parser.add_argument(
        "--json", action="store_true", help="print the address that takes webhooks as one JSON object"
    )


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    refuse_contradictions(settings)
    app = App(settings)
    refuse_keyless_webhooks(settings, app.profiles)
    if not is_store_kept(settings):
        raise ConfigurationError(NOT_KEPT[settings.language])
    check_files(settings)
    with catch_signals() as stop:
        try:
            server = create_listening_server(app)
            with hold_listeners(settings.host, settings.port) as listeners:
                address = f"http://{format_host(settings.host)}:{get_port(listeners)}{WEBHOOK_PATH}"
                if arguments.json:
                    print(json.dumps({"url": address}), flush=True)
                print(f"conekta-mcp: {address}", file=sys.stderr, flush=True)
                anyio.run(stop.run, partial(_serve_until_stopped, app, server, listeners))
        except KeyboardInterrupt:  # of what is no signal of ours, such as a debugger
            return 130
    return stop.exit_code


def is_store_kept(settings: Settings) -> bool:
    """Tell whether other processes can read the store."""
    from conekta_mcp.storage.opening import is_shared

    return is_shared(settings)


def create_listening_server(app: App) -> "uvicorn.Server":
    from conekta_mcp.server.http.listening import create_bounded_server
    from conekta_mcp.server.http.webhooks.listening_app import create_listening_app

    listening = create_listening_app(app.events.receiver, app.settings.root_path)
    return create_bounded_server(listening, app.settings)


async def _serve_until_stopped(app: App, server: "uvicorn.Server", listeners: list["socket"]) -> None:
    # uvicorn raises the signal that stopped it again when it has ended: here only after what follows it.
    with server.capture_signals():
        try:
            await tell_unreachable_store(app)
            await server.serve(sockets=listeners)
        finally:
            await app.close()
