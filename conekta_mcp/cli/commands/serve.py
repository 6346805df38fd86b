"""The serve command: serves MCP over stdio or HTTP."""

import argparse
import gc
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.starting.start_checks import (
    check_files,
    list_ignored,
    refuse_contradictions,
    tell_unreachable_store,
)
from conekta_mcp.cli.starting.stopping import Stop, catch_signals
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import refuse_unsigned_webhook
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.settings.webhooks import WEBHOOK_PATH
from conekta_mcp.storage.opening import can_open_default_store

if TYPE_CHECKING:
    from socket import socket

    import uvicorn

SETTINGS = select_settings(*Group)

COLLECTION_THRESHOLDS = (50_000, 20, 50)
"""Of gc.set_threshold. With Python's own, a sixth of a call under load is spent on looking for cycles in
objects that its other calls still use."""

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Serve MCP. Over stdio the key is CONEKTA_API_KEY; over HTTP it comes with each request as "
        "Authorization: Bearer key_..., and CONEKTA_API_KEY stands in on a loopback bind only."
    )


def main(settings: Settings, _: argparse.Namespace) -> int:
    refuse_unsigned_webhook(settings)
    refuse_contradictions(settings)
    app = App(settings)
    app.refuse_unsafe_start()
    if settings.webhooks and settings.transport != ("stdio",):
        from conekta_mcp.events.inbound import refuse_keyless_webhooks

        refuse_keyless_webhooks(settings, app.profiles)
    check_files(settings)
    for line in list_ignored(settings):
        print(f"conekta-mcp: {line}", file=sys.stderr)
    # Garbage collection was off during imports. What they made stays for ever and is never examined again.
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)
    gc.enable()
    with catch_signals() as stop:
        try:
            if settings.transport == ("stdio",):
                if sys.stdin.isatty():
                    from conekta_mcp.cli.starting.greeting import tell_waiting

                    tell_waiting(settings.language)
                anyio.run(stop.run, partial(_serve_stdio, app))
            else:
                _serve_http(app, stop)
        except KeyboardInterrupt:  # of what is no signal of ours, such as a debugger
            return 130
    return stop.exit_code


async def _serve_stdio(app: App) -> None:
    if not can_open_default_store(app.settings):  # else it is opened by the first write: a start stays quick
        await tell_unreachable_store(app)
    await app.serve_stdio()


def _serve_http(app: App, stop: Stop) -> None:
    # stdio does without
    from conekta_mcp.cli.starting.listening import hold_listeners
    from conekta_mcp.server.http.garbage import start_timed_collection

    settings = app.settings
    server = create_http_server(app)
    start_timed_collection()
    # Bound before the address is printed, since another process may use the port.
    with hold_listeners(settings.host, settings.port) as listeners:
        if not settings.is_loopback and not settings.allowed_hosts:
            log.warning(
                "%s answers this machine's names only: name the hosts that clients use with --allowed-host",
                settings.host,
            )
        anyio.run(stop.run, partial(_serve_until_stopped, app, server, listeners))


def create_http_server(app: App) -> "uvicorn.Server":
    from conekta_mcp.server.http.listening import create_bounded_server

    return create_bounded_server(app.create_http_app(), app.settings)


async def _serve_until_stopped(app: App, server: "uvicorn.Server", listeners: list["socket"]) -> None:
    # uvicorn raises the signal that stopped it again when it has ended: here only after what follows it.
    with server.capture_signals():
        try:
            if app.settings.approval_secrets:  # most servers have none, and do without the import
                from conekta_mcp.policy.replicas import keep_replica_note

                async with keep_replica_note(app.settings, app.store):
                    await _serve(app, server, listeners)
            else:
                await _serve(app, server, listeners)
        finally:
            await app.close()


async def _serve(app: App, server: "uvicorn.Server", listeners: list["socket"]) -> None:
    from conekta_mcp.cli.approving.inbox_state import describe_missing_approvers
    from conekta_mcp.cli.starting.listening import get_port

    addresses = list_addresses(app.settings, get_port(listeners))
    print(f"conekta-mcp: {' and '.join(addresses)}", file=sys.stderr)
    await tell_unreachable_store(app)
    if missing := await describe_missing_approvers(app):
        print(f"conekta-mcp: {missing}", file=sys.stderr)
    await server.serve(sockets=listeners)


def list_addresses(settings: Settings, port: int) -> list[str]:
    from conekta_mcp.cli.starting.listening import format_host

    paths = {"streamable-http": "/mcp", "sse": "/sse"}
    served = [paths[one] for one in settings.transport]
    served += [WEBHOOK_PATH] if settings.webhooks else []
    return [f"http://{format_host(settings.host)}:{port}{path}" for path in served]
