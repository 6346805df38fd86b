"""The greeting for a person who starts the server at a terminal, without an MCP client."""

import sys

from conekta_mcp import __version__
from conekta_mcp.cli.starting.own_path import describe_own_path
from conekta_mcp.cli.tables import find_width, wrap_lines

WIDTH = 78
COMMAND_INDENT = " " * 7

GREETING = {
    "es": (
        "conekta-mcp {version}: servidor MCP para Conekta. Con él, un agente de IA cobra, "
        "busca pagos y devuelve, y pregunta a una persona antes de mover dinero. Lo "
        "arranca tu cliente MCP; en una terminal no hace nada. Tres cosas para empezar:\n"
        "\n"
        "  1. Pruébalo, sin cuenta y sin red\n"
        "       conekta-mcp tour     un cuarto de hora en el sandbox, y tú decides\n"
        "       conekta-mcp demo     lo mismo en segundos, solo para mirar\n"
        "  2. Ponlo en tu cliente, aún en el sandbox\n"
        "       conekta-mcp install claude-desktop --sandbox\n"
        "  3. Dale tu cuenta: la llave se guarda en el llavero del sistema\n"
        "       conekta-mcp login\n"
        "\n"
        "Si algo no arranca: conekta-mcp doctor. Lo demás: conekta-mcp -h --language es\n"
        "In English: CONEKTA_LANGUAGE=en"
    ),
    "en": (
        "conekta-mcp {version}: an MCP server for Conekta. With it an AI agent bills, "
        "finds payments and refunds, and asks a person before money moves. Your MCP "
        "client starts it; at a terminal it does nothing. Three things to begin with:\n"
        "\n"
        "  1. Try it, without an account or a network\n"
        "       conekta-mcp tour     a quarter hour on the sandbox, and you decide\n"
        "       conekta-mcp demo     the same in seconds, only to look at\n"
        "  2. Put it into your client, still on the sandbox\n"
        "       conekta-mcp install claude-desktop --sandbox\n"
        "  3. Give it your account: the key is kept in the system keyring\n"
        "       conekta-mcp login\n"
        "\n"
        "If something does not start: conekta-mcp doctor. All else: conekta-mcp --help\n"
        "En español: CONEKTA_LANGUAGE=es"
    ),
}
WAITING = {
    "es": (
        "sirve MCP por stdio y espera mensajes JSON de esta terminal; Ctrl+D termina. Sin un cliente MCP: "
        "conekta-mcp tour, o conekta-mcp --help --language es"
    ),
    "en": (
        "serves MCP over stdio and waits for JSON messages from this terminal; Ctrl+D ends it. Without an "
        "MCP client: conekta-mcp tour, or conekta-mcp --help"
    ),
}


def greet(language: str) -> int:
    width = min(find_width() or WIDTH, WIDTH)
    for line in GREETING[language].format(version=__version__).split("\n"):
        # A command alone on its line is there to be copied, so the terminal wraps it, and not we.
        is_command = line.startswith(COMMAND_INDENT) and "  " not in line.strip()
        print(line if is_command else wrap_lines(line, width))
    own_path = describe_own_path(language)
    if own_path:
        print(own_path)
    return 0


def tell_waiting(language: str) -> None:
    """Print on stderr what a server at a terminal waits for; stdout is for the protocol."""
    print(f"conekta-mcp: {WAITING[language]}", file=sys.stderr, flush=True)
