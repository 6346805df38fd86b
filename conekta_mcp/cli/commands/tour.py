"""The tour command: a quarter of an hour on the sandbox, in the roles of agent, merchant and payer."""

import argparse
import sys
import tempfile

import anyio

from conekta_mcp.cli.parser import build_number_parser
from conekta_mcp.cli.terminal import open_terminal
from conekta_mcp.cli.tour.guide import Guide, Way
from conekta_mcp.cli.tour.recording import RecordingGuide
from conekta_mcp.cli.tour.terminals import PlayedTerminal, TourTerminal
from conekta_mcp.cli.tour.texts import choose_words
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings

SETTINGS = ("timezone", "language", "log_level")
COUNT = 8
"""The number of chapters; chapters.py, which has them, is imported when the tour starts."""
INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Walk through a shop of the sandbox, without an account and without a network: look up a customer, "
        "bill, say yes, pay, refund, be refused, read the audit. Every answer is the real server's. "
        "Exit 0: seen or left; 1: --unattended did not get to the end; 2: here is no terminal."
    )
    parser.add_argument(
        "--chapter", metavar="N", type=build_number_parser(f"expected 1-{COUNT}"),
        choices=range(1, COUNT + 1), default=1,
        help=f"begin with this chapter, 1 to {COUNT} (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--unattended", action="store_true", help="play it by itself, with the answers that it suggests"
    )
    parser.add_argument(
        "--json", action="store_true",
        help="with --unattended: print JSON, one object a line: chapters, calls, answers, and how it ended",
    )  # fmt: skip


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    tell = choose_words(settings.language)
    if arguments.json and not arguments.unattended:
        raise ConfigurationError(tell("json_attended"))
    if not arguments.unattended and open_terminal(sys.stdout) is None:
        raise ConfigurationError(tell("no_terminal"))
    ended: Way = "quit"
    guide = _create_guide(settings.language, arguments)
    is_interrupted = False
    try:
        with tempfile.TemporaryDirectory(prefix="conekta-mcp-tour-") as folder:
            ended = anyio.run(_walk, guide, settings, folder)
    except* KeyboardInterrupt:
        is_interrupted = True
    if is_interrupted:
        guide.tell_way_back()
        return INTERRUPTED
    if isinstance(guide, RecordingGuide):
        guide.end(ended)
        return 0 if ended == "skip" else 1
    if ended in {"quit", "stuck"}:
        guide.tell_way_back()
        return 0 if ended == "quit" else 1
    from conekta_mcp.cli.tour.closing import close

    return close(guide)


def _create_guide(language: str, arguments: argparse.Namespace) -> Guide:
    if arguments.json:
        return RecordingGuide(language, chapter=arguments.chapter)
    yes = choose_words(language)("yes")
    terminal = PlayedTerminal(sys.stdout, yes) if arguments.unattended else TourTerminal(sys.stdout)
    return Guide(terminal, language, chapter=arguments.chapter)


async def _walk(guide: Guide, settings: Settings, folder: str) -> Way:
    from conekta_mcp.cli.tour.chapters import walk
    from conekta_mcp.cli.tour.shop import open_shop

    async with open_shop(guide, settings, folder) as shop:
        return await walk(guide, shop)
