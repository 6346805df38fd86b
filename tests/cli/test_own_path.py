"""A program that no shell finds by its name says what to type, such as in a checkout after `make demo`."""

import sys
from pathlib import Path

import pytest

from conekta_mcp.cli.starting import greeting, next_steps
from conekta_mcp.cli.starting.own_path import describe_own_path
from tests.cli.conftest import Run

TOLD = {
    "es": "Tu terminal no encuentra conekta-mcp por su nombre. En su lugar escribe: .venv/bin/conekta-mcp",
    "en": "Your shell does not find conekta-mcp by its name. Type this in its place: .venv/bin/conekta-mcp",
}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Started by its path, with a PATH that does not have it."""
    monkeypatch.setattr(sys, "argv", [".venv/bin/conekta-mcp", "demo"])
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_names_commands_to_type_ends_with_the_path(
    language: str, started: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert next_steps.draw_next_steps(language, without="").splitlines()[-1] == TOLD[language]
    greeting.greet(language)
    assert capsys.readouterr().out.splitlines()[-1] == TOLD[language]
    lacking = run("doctor", "--language", language, "--base-url", "http://127.0.0.1:9", HOME=str(started))
    assert (lacking.code, lacking.out.splitlines()[-1]) == (1, TOLD[language])


def test_where_nothing_is_to_be_done_the_doctor_does_not_say_it(started: Path, run: Run) -> None:
    assert "Type this" not in run("doctor", "--sandbox", "--language", "en", HOME=str(started)).out


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("word", ["conekta-mcp", "/usr/lib/conekta_mcp/__main__.py", ""])
def test_it_is_not_said_of_a_program_started_in_another_way(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [word])
    assert describe_own_path("en") is None


def test_it_is_not_said_where_the_name_is_found(started: Path) -> None:
    program = started / "conekta-mcp"
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    assert describe_own_path("en") is None


@pytest.mark.usefixtures("started")
def test_a_path_with_a_blank_can_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/My Folder/conekta-mcp"])
    assert str(describe_own_path("en")).endswith(": '/My Folder/conekta-mcp'")


@pytest.mark.parametrize("language", ["es", "en"])
def test_on_40_columns_a_command_is_alone_on_its_line_and_no_text_is_cut(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (next_steps, greeting):
        monkeypatch.setattr(module, "find_width", lambda: 40)
    lines = next_steps.draw_next_steps(language, without="").splitlines()
    commands = [line.strip() for line in lines if "conekta-mcp " in line]
    assert commands == [command for _, command in next_steps.STEPS[language][1]]
    assert max(len(line) for line in lines if "conekta-mcp" not in line) <= 40
    greeting.greet(language)
    greeted = capsys.readouterr().out.splitlines()
    long = [line for line in greeted if len(line) > 40]
    assert long == ["       conekta-mcp install claude-desktop --sandbox"]
    assert "       conekta-mcp login" in greeted
    # One text, so that no line in its midst is short.
    assert min(map(len, greeted[:5])) > 28
