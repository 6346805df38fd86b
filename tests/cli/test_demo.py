"""conekta-mcp demo"""

import json
import sys
from pathlib import Path

import pytest

from conekta_mcp import __version__
from conekta_mcp.cli.commands import demo
from conekta_mcp.cli.demonstration.journey import ANA
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal

WELL = {
    "es": ("Un cliente MCP real habla por stdio", "Conectado: conekta-mcp", "Listo: 9 pasos en "),
    "en": ("A real MCP client talks over stdio", "Connected: conekta-mcp", "Done: 9 steps in "),
}
NEXT = {"es": "Qué sigue", "en": "What comes next"}
STATUS = {"es": "· pendiente de pago ·", "en": "· waiting for payment ·"}
TITLES = {
    "es": ["Crear a la cliente", "Darle una CLABE recurrente", "Cobrar en esa CLABE"],
    "en": ["Create the customer", "Give her a recurring CLABE", "Bill on that CLABE"],
}


@pytest.mark.system
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_journey_is_told_and_ends_with_0(language: str, run: Run) -> None:
    said = run("demo", "--language", language)
    start, connected, well = WELL[language]
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0].startswith(start)
    assert lines[1].startswith(f"  {connected} {__version__}, ")
    assert "2026-07-28, 19 " in lines[1]
    assert [line for line in lines if line.startswith("  ✓ ")][:3] == [
        f"  ✓ {number}. {title}" for number, title in enumerate(TITLES[language], 1)
    ]
    assert said.out.count("✓") == 9
    assert "✗" not in said.out
    assert [line for line in lines if line.startswith(well)]
    # A client warns of a tool that it was not listed, for one.
    assert said.err == ""
    picture = said.out.partition(NEXT[language])[2]
    todo = ("install claude-desktop --sandbox", "login", "sandbox\n", "tour", "doctor", "https://")
    assert [one for one in todo if one not in picture] == []
    assert ("pending_payment" in said.out, " → " in said.out) == (False, language == "en")
    assert STATUS[language] in said.out


@pytest.mark.system
@pytest.mark.parametrize("language", ["es", "en"])
def test_at_a_terminal_it_shows_what_it_does_and_draws_what_comes_next(language: str) -> None:
    with at_terminal("demo", "--language", language, TERM="xterm") as person:
        assert person.end() == 0
    shown = person.screen
    assert {"es": "  … arrancando el servidor\r", "en": "  … starting the server\r"}[language] in shown
    for number, title in enumerate(TITLES[language], 1):
        of = "de" if language == "es" else "of"
        assert f"  … {number} {of} 9: {title}\r\x1b[K  ✓ {number}. {title}\n" in shown
    frame = shown.partition(f"┌─ {NEXT[language]} ")[2].partition("┘")[0].splitlines()
    assert {len(line) for line in frame[1:-1]} == {80}


@pytest.mark.system
def test_the_journey_as_json(run: Run) -> None:
    said = run("demo", "--json", "--language", "en")
    first, *steps, last = map(json.loads, said.out.splitlines())
    assert said.code == 0
    assert (first["connected"]["version"], first["connected"]["tools"] > 0) == (__version__, True)
    assert [(one["step"], one["well"]) for one in steps] == [(number, True) for number in range(1, 10)]
    assert steps[0]["title"] == "Create the customer"
    assert (last["well"], last["steps"]) == (True, 9)


def test_json_is_not_for_a_person_who_approves(run: Run) -> None:
    said = run("demo", "--json", "--approve", "--language", "en")
    assert (said.code, said.out) == (2, "")
    assert said.err == "conekta-mcp: --json: not with --approve, which shows a person what to do\n"


@pytest.mark.system
def test_a_key_in_the_environment_is_not_used(run: Run) -> None:
    said = run("demo", CONEKTA_API_KEY="key_REAL", CONEKTA_BASE_URL="http://127.0.0.1:1")
    assert said.code == 0


@pytest.mark.system
def test_a_step_that_goes_wrong_is_marked_and_ends_with_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANA, "phone", "not a phone")
    said = run("demo", "--language", "en")
    assert said.code == 1
    assert "  ✗ 1. Create the customer" in said.out
    assert said.out.splitlines()[-1] == "Something was not as it must be: see the steps marked ✗."


BROKEN = {"no such program": "no_such_python", "a server that leaves at once": "leaves"}


@pytest.mark.system
@pytest.mark.parametrize("kind", BROKEN)
def test_a_server_that_does_not_answer_ends_with_1_and_says_so(
    kind: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if kind == "no such program":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "no_such_python"))
    else:
        monkeypatch.setattr(demo, "StdioServerParameters", leaving)
    said = run("demo", "--language", "en")
    assert said.code == 1
    ending = said.out.splitlines()[-1]
    assert ending.startswith("The server did not answer: ")
    assert "TaskGroup" not in ending
    spanish = run("demo", "--language", "es").out.splitlines()[-1]
    reason = {"no such program": "no se encontró el programa ("}.get(kind, "terminó o cerró la conexión (")
    assert spanish.startswith(f"El servidor no contestó: {reason}")
    told = json.loads(run("demo", "--json", "--language", "en").out)
    assert (told["well"], f"The server did not answer: {told['error']}") == (False, ending)


def leaving(command: str, args: list[str]) -> object:
    """How a server is started that ends at once."""
    from mcp import StdioServerParameters

    return StdioServerParameters(command=command, args=["-c", "pass", *args])
