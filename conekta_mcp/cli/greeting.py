"""What a person reads who starts the server at a terminal, where no MCP client is."""

import sys

from conekta_mcp import __version__

GREETING = {
    "es": (
        "conekta-mcp {version}: servidor MCP para Conekta. Tu cliente MCP lo arranca; en una terminal no "
        "hace nada.\n"
        "\n"
        "  conekta-mcp demo       un cobro completo en el sandbox, sin cuenta\n"
        "  conekta-mcp doctor     revisa tu llave y tu configuración, y dice qué corregir\n"
        "  conekta-mcp tools      las herramientas que recibe un agente\n"
        "  conekta-mcp --help --language es     todos los comandos\n"
        "\n"
        "conekta-mcp serve sirve también aquí: espera mensajes MCP de la terminal."
    ),
    "en": (
        "conekta-mcp {version}: an MCP server for Conekta. Your MCP client starts it; at a terminal it does "
        "nothing.\n"
        "\n"
        "  conekta-mcp demo       a whole payment on the sandbox, without an account\n"
        "  conekta-mcp doctor     check your key and your settings, and say what to fix\n"
        "  conekta-mcp tools      the tools that an agent gets\n"
        "  conekta-mcp --help     all commands\n"
        "\n"
        "conekta-mcp serve serves here too: it waits for MCP messages from the terminal."
    ),
}
WAITING = {
    "es": (
        "sirve MCP por stdio y espera mensajes JSON de esta terminal; Ctrl+D termina. Sin un cliente MCP: "
        "conekta-mcp demo, o conekta-mcp --help --language es"
    ),
    "en": (
        "serves MCP over stdio and waits for JSON messages from this terminal; Ctrl+D ends it. Without an "
        "MCP client: conekta-mcp demo, or conekta-mcp --help"
    ),
}


def greet(language: str) -> int:
    print(GREETING[language].format(version=__version__))
    return 0


def tell_waiting(language: str) -> None:
    """Say on stderr what a server at a terminal waits for; stdout has the protocol."""
    print(f"conekta-mcp: {WAITING[language]}", file=sys.stderr, flush=True)
