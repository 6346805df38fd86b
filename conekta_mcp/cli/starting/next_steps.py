"""The box of next steps at the end of the demo and the tour."""

import textwrap

from conekta_mcp.cli.starting.own_path import describe_own_path
from conekta_mcp.cli.tables import find_width

WIDTH = 80
STEPS = {
    "es": (
        "Qué sigue",
        (
            ("1. Tu cliente, en el sandbox", "conekta-mcp install claude-desktop --sandbox"),
            ("2. La llave de tu cuenta", "conekta-mcp login"),
            ("   y el cliente con tu cuenta", "conekta-mcp install claude-desktop"),
            ("El sandbox, para tu SDK", "conekta-mcp sandbox"),
            ("Quince minutos, paso a paso", "conekta-mcp tour"),
            ("Si algo no arranca", "conekta-mcp doctor"),
        ),
        "Documentación: {docs}",
    ),
    "en": (
        "What comes next",
        (
            ("1. Your client, on the sandbox", "conekta-mcp install claude-desktop --sandbox"),
            ("2. The key of your account", "conekta-mcp login"),
            ("   and the client with it", "conekta-mcp install claude-desktop"),
            ("The sandbox, for your SDK", "conekta-mcp sandbox"),
            ("A quarter hour, step by step", "conekta-mcp tour"),
            ("If something does not start", "conekta-mcp doctor"),
        ),
        "Documentation: {docs}",
    ),
}
DOCUMENTATION = "https://github.com/conekta-mcp/conekta-mcp/tree/main/docs"


def draw_next_steps(language: str, *, without: str) -> str:
    """Return the steps in a box, if stdout is a wide enough terminal; else as plain lines.

    On a terminal that is too narrow for what and command, the command has a line of its own.
    """
    title, every_step, docs = STEPS[language]
    steps = [(what, command) for what, command in every_step if command != without]
    longest = max(len(what) for what, _ in steps)
    lines = [f"{what:<{longest}}  {command}" for what, command in steps]
    where = docs.format(docs=DOCUMENTATION)
    # Outside of the box, and not wrapped: it ends with a path to copy.
    own_path = describe_own_path(language)
    after = f"\n{own_path}" if own_path else ""
    width = find_width()
    if width is not None and width < max(len(line) for line in lines) + 2:
        lines = [line for what, command in steps for line in (what.rstrip(), f"     {command}")]
    if (width or 0) < WIDTH:
        return "\n".join([f"{title}:", *(f"  {line.rstrip()}" for line in (*lines, where))]) + after
    inner = WIDTH - 4
    top = f"┌─ {title} " + "─" * (inner - len(title) - 1) + "┐"
    rows = [f"│ {line:<{inner}} │" for text in ("", *lines, "", where, "") for line in _wrap(text, inner)]
    return "\n".join([top, *rows, "└" + "─" * (inner + 2) + "┘"]) + after


def _wrap(text: str, width: int) -> list[str]:
    return [text] if len(text) <= width else textwrap.wrap(text, width, break_on_hyphens=False)
