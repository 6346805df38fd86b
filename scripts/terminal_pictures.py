"""Draws what a newcomer sees on a terminal and in a client's file; `make pictures` calls it.

Every picture is made by running the command that it shows.
"""

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.syntax import Syntax
from terminal_recordings import (
    COLUMNS,
    COMMAND,
    CTRL_C,
    HOME,
    OWN,
    Answer,
    Terminal,
    draw_recording,
    draw_svg,
    make_stable,
)

from conekta_mcp.cli.installing.clients import CLIENTS, Client
from conekta_mcp.cli.installing.machine import Machine
from tests.journeys.installing import install_node

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
PACKAGE = Path(__file__).parent / "recorded_clients" / "package.json"
NOWHERE = "http://127.0.0.1:9"
"""Nothing but our server is talked to by the clients."""
SHOP = ("--sandbox", "--state", "shop.sqlite3")
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
PLAN = [{"name": "Plan anual", "unit_price": 50_000, "quantity": 1}]
YES = {"es": "sí", "en": "yes"}
PROMPT = {"es": "Enter solo no hace nada", "en": "Enter alone does nothing"}
APPROVED = {"es": "Aprobad", "en": "Approved."}
LISTS = {"claude-code": "claude", "codex": "codex", "gemini": "gemini"}
"""The clients whose own command is on npm and lists what it read."""
WIDE = 120
ATTEMPTS = 3


@dataclass(frozen=True)
class Scene:
    """One command of ours, and what was done before it in the same home."""

    words: tuple[str, ...]
    prepare: Callable[[Terminal], None] = lambda _: None
    answers: Callable[[str], tuple[Answer, ...]] = lambda _: ()
    columns: int = COLUMNS

    def list_words(self, language: str) -> tuple[str, ...]:
        """Return what a reader types; Spanish needs no flag."""
        return (*self.words, "--language", "en") if language == "en" else self.words


def leave_question(terminal: Terminal) -> None:
    """Make a call that a person has to approve, and leave it waiting."""
    customer = json.loads(terminal.run_piped(*OWN, "call", "create_customer", json.dumps(ANA), *SHOP))["id"]
    terminal.run_piped(
        *OWN, "call", "add_spei_recurrent_source", json.dumps({"customer_id": customer}), *SHOP
    )
    bill = json.dumps({"customer_id": customer, "line_items": PLAN})
    asks = ("--confirm", "writes", "--approval-wait", "0")
    terminal.run_piped(*OWN, "call", "create_order_reusing_clabe", bill, *SHOP, *asks)


def answer_question(terminal: Terminal) -> None:
    leave_question(terminal)
    terminal.run_own("approvals", "watch", *SHOP, answers=answer_yes(terminal.language))


def answer_yes(language: str) -> tuple[Answer, ...]:
    """Say yes to the first question, and end the watch."""
    return Answer(PROMPT[language], f"{YES[language]}\n"), Answer(APPROVED[language], CTRL_C)


SCENES = {
    "demo": Scene(("demo",)),
    "doctor": Scene(("doctor", "--sandbox")),
    "install": Scene(("install", "claude-desktop", "--dry-run", "--sandbox")),
    "approvals": Scene(("approvals", "watch", *SHOP), leave_question, answer_yes),
    "audit": Scene(("audit", "--tool", "create_order_reusing_clabe", *SHOP), answer_question),
    "logs": Scene(("logs", *SHOP), answer_question, columns=WIDE),
}


def draw_terminals(folder: Path) -> None:
    for language in ("es", "en"):
        for name, scene in SCENES.items():
            with open_terminal(language) as terminal:
                scene.prepare(terminal)
                words = scene.list_words(language)
                shown = terminal.run_own(*words, answers=scene.answers(language), columns=scene.columns)
                command = f"conekta-mcp {' '.join(words)}"
                file = folder / f"terminal-{name}.{language}.svg"
                draw_recording(make_stable(shown, name, terminal), command, command, file, scene.columns)
        for client in CLIENTS:
            with open_terminal(language) as terminal:
                file = folder / f"client-{client.name}.{language}.svg"
                if client.name in LISTS:
                    draw_list(client, terminal, file)
                else:
                    draw_file(client, terminal, file)


@contextmanager
def open_terminal(language: str) -> Iterator[Terminal]:
    """Give a terminal in an empty home below build/: clients mistrust a home among temporary files."""
    BUILD.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="home-", dir=BUILD))
    try:
        yield Terminal(home, language, {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "NO_PROXY": ""})
    finally:
        shutil.rmtree(home)


def draw_list(client: Client, terminal: Terminal, file: Path) -> None:
    """Draw what the client itself lists after our install."""
    install_into(client, terminal)
    (terminal.home / ".gemini").mkdir(exist_ok=True)
    # What somebody answers to Gemini's own question; in a folder without trust it starts no server.
    trusted = terminal.home / ".gemini" / "trustedFolders.json"
    trusted.write_text(json.dumps({str(terminal.home): "TRUST_FOLDER"}), encoding="utf-8")
    command = LISTS[client.name]
    shown = list_servers(client.name, terminal)
    stable = make_stable(shown, client.name, terminal)
    draw_recording(align_columns(stable), f"{command} mcp list", client.title, file, WIDE)


def list_servers(name: str, terminal: Terminal) -> str:
    """Return what a client lists; on a busy machine some give a server up that is slow to start."""
    program = find_program(name)
    for _ in range(ATTEMPTS):
        # On stderr Codex tells of its own surroundings, and Gemini the list.
        shown = terminal.run_piped(program, "mcp", "list", errors=name == "gemini")
        if re.search(r"^.*conekta.*(?:\bConnected|\benabled\b)", shown, re.MULTILINE):
            return shown
    raise RuntimeError(f"{name} does not connect: {shown}")


def align_columns(shown: str) -> str:
    """Align a table anew, whose paths became shorter."""
    lines = shown.strip("\n").splitlines()
    if not lines or not lines[0].startswith("Name "):
        return shown
    rows = [re.split(r" {2,}", line.strip()) for line in lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def find_program(name: str) -> str:
    """Return the client's own command, installed from npm."""
    modules = install_node(".conekta-mcp-recorded-clients", PACKAGE) / "node_modules"
    if name != "claude-code":
        return str(modules / ".bin" / LISTS[name])
    [program] = (modules / "@anthropic-ai").glob("claude-agent-sdk-linux-*/claude")
    return str(program)


def draw_file(client: Client, terminal: Terminal, file: Path) -> None:
    """Draw the file that our install wrote for a client."""
    install_into(client, terminal)
    machine = Machine(system="linux", home=terminal.home, folder=terminal.home)
    written = next(place.file for place in client.list_places(machine) if place.file.exists())
    text = make_stable(written.read_text(encoding="utf-8"), client.name, terminal)
    lexer = {"jsonc": "json"}.get(client.format, client.format)
    shown = str(written).replace(str(terminal.home), "~")
    draw_svg(Syntax(text.strip("\n") + "\n", lexer, theme="ansi_dark"), f"{client.title}: {shown}", file)


def install_into(client: Client, terminal: Terminal) -> None:
    told = make_stable(terminal.run_own("install", client.name, "--sandbox"), client.name, terminal)
    if COMMAND not in told and HOME not in told:
        raise RuntimeError(f"install {client.name}: {told}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures", help="where, else docs/pictures"
    )
    folder = parser.parse_args().folder
    draw_terminals(folder)
