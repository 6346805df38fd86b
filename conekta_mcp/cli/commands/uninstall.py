"""The uninstall command: removes our server from the file of an MCP client."""

import argparse
import time

from conekta_mcp.cli.commands.install import add_target_arguments, run_for_targets
from conekta_mcp.cli.commands.login import choose_profile
from conekta_mcp.cli.installing.clients import Client
from conekta_mcp.cli.installing.entries import ServerSpec
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.places import Place
from conekta_mcp.cli.installing.setup import Change, uninstall
from conekta_mcp.cli.words.login import choose_words
from conekta_mcp.settings import Settings
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings("profiles", "language", "log_level")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Remove this server from the file of an MCP client. Everything else in the file stays, and a copy "
        "of it is kept beside it; the key stays where login kept it. Exit 1: a file was left as it is."
    )
    add_target_arguments(parser)


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    profile = choose_profile(settings, choose_words(settings.language))
    spec = ServerSpec(command=(), sandbox=False, profile=profile, language=settings.language)

    def change(client: Client, place: Place) -> Change:
        return uninstall(client, spec, place, now=time.time(), dry=arguments.dry)

    return run_for_targets(change, spec, arguments, settings, Machine.from_process())
