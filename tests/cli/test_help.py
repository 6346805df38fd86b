"""Help covers each command, each flag and each variable."""

import argparse
import io
import re
import sys
from dataclasses import Field, fields
from importlib import import_module
from typing import Any

import pytest

from conekta_mcp import __version__
from conekta_mcp.cli import COMMANDS
from conekta_mcp.cli import run_command as run_command
from conekta_mcp.cli.installing.clients import CLIENT_NAMES
from conekta_mcp.cli.parser import LOCALES
from conekta_mcp.cli.spanish.help_texts import ARGUMENTS, DESCRIPTIONS, GROUPS, PURPOSES
from conekta_mcp.cli.spanish.help_words import EXAMPLES, TITLES
from conekta_mcp.cli.spanish.setting_texts import SETTINGS as SPANISH_SETTINGS
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from tests.cli.conftest import Run

TAKEN = {name: tuple(import_module(f"conekta_mcp.cli.commands.{name}").SETTINGS) for name in COMMANDS}
PAIRS = [
    pytest.param(command, one, id=f"{command} {one.name}")
    for command, names in TAKEN.items()
    for one in fields(Settings)
    if one.name in names
]


@pytest.mark.parametrize(("command", "one"), PAIRS)
def test_the_help_of_a_command_names_the_flag_and_the_variable_of_each_setting(
    command: str, one: Field[Any], run: Run
) -> None:
    said = run(command, "--help")
    text = " ".join(said.out.split())
    assert said.code == 0
    assert f"{one.metadata['flag']} " in text
    assert f"{one.metadata['help']} [{one.metadata['env']}]" in text


@pytest.mark.parametrize("one", fields(Settings), ids=lambda one: one.name)
def test_every_setting_can_be_set_somewhere(one: Field[Any], run: Run) -> None:
    if one.name == "api_key":
        assert one.metadata["flag"] is None
        assert "CONEKTA_API_KEY" in run("serve", "--help").out
    elif one.name in {"approval_secrets", "approval_webhook_secret"}:
        assert one.metadata["flag"] is None, "what stands in a command line can be seen by others"
    else:
        assert one.name in TAKEN["serve"]


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_the_main_help_names_every_command_and_what_it_is_for(asked: str, run: Run) -> None:
    said = run(asked)
    text = " ".join(said.out.split())
    assert said.code == 0
    for name, purpose in COMMANDS.items():
        assert f"{name} {purpose}" in text
    assert "conekta-mcp COMMAND --help tells more" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_no_setting_that_does_not_exist(command: str) -> None:
    assert set(TAKEN[command]) <= {one.name for one in fields(Settings)}


def test_the_version_is_the_packages(run: Run) -> None:
    said = run("--version")
    assert (said.code, said.out) == (0, f"conekta-mcp {__version__}\n")


def test_an_unknown_command_ends_with_2_and_names_the_known_ones(run: Run) -> None:
    said = run("sevre")
    assert (said.code, said.out) == (2, "")
    assert "invalid choice: 'sevre'" in said.err
    assert all(name in said.err for name in COMMANDS)


@pytest.mark.parametrize("words", [("--no-such-flag",), ("serve", "--no-such-flag"), ("tools", "more")])
def test_an_unknown_flag_ends_with_2(words: tuple[str, ...], run: Run) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert f"unrecognized arguments: {words[-1]}" in said.err


def test_output_that_cannot_be_reconfigured_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    assert run_command(["tools"]) == 0
    assert written.getvalue().startswith("nombre ")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_spanish_where_that_is_asked_for(command: str, run: Run) -> None:
    said = run(command, "--help", "--language", "es") if "language" in TAKEN[command] else None
    by_variable = run(command, "--help", CONEKTA_LANGUAGE="es")
    assert said is None or said.out == by_variable.out
    text = " ".join(by_variable.out.split())
    assert "muestra esta ayuda y termina" in text
    assert f"conekta-mcp {command}" in text.partition("ejemplos:")[2]
    for one in fields(Settings):
        if one.name in TAKEN[command]:
            assert f"{SPANISH_SETTINGS[one.name]} [{one.metadata['env']}]" in text


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"LANG": "es_MX.UTF-8"}, "uso:"),
        ({"LANG": "es_MX.UTF-8", "CONEKTA_LANGUAGE": "en"}, "usage:"),
        ({"LANG": "es_MX.UTF-8", "LC_ALL": "C.UTF-8"}, "usage:"),
        ({"LANG": "en_US.UTF-8", "CONEKTA_LANGUAGE": "es"}, "uso:"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es", "CONEKTA_LANGUAGE": ""}, "uso:"),
        ({"LANG": "est_EE.UTF-8"}, "usage:"),
        ({}, "usage:"),
    ],
)
def test_help_is_in_spanish_on_a_system_that_speaks_it(
    environment: dict[str, str], word: str, run: Run
) -> None:
    environment = dict.fromkeys(LOCALES, "") | environment
    for words in (("--help",), ("install", "--help")):
        assert run(*words, **environment).out.startswith(f"{word} conekta-mcp")
    told = "¿quisiste decir" if word == "uso:" else "did you mean"
    for wrong in (
        ("instal",),
        ("install", "claude"),
        ("serve", "--sandbx"),
        ("serve", "--toolsets", "ordrs"),
    ):
        assert told in run(*wrong, **environment).err
    lacking = "le falta su valor" if word == "uso:" else "expected one argument"
    assert lacking in run("demo", "--language", **environment).err


def test_every_setting_command_and_argument_has_spanish_help() -> None:
    assert SPANISH_SETTINGS.keys() == {one.name for one in fields(Settings)}
    assert GROUPS.keys() == TITLES.keys() == {group.value for group in Group}
    assert PURPOSES.keys() == DESCRIPTIONS.keys() == EXAMPLES.keys() == COMMANDS.keys()
    for name in COMMANDS:
        parser = argparse.ArgumentParser(add_help=False)
        import_module(f"conekta_mcp.cli.commands.{name}").add_arguments(parser)
        assert {action.dest for action in parser._actions} == ARGUMENTS.get(name, {}).keys(), name


def test_the_main_help_is_in_spanish_too(run: Run) -> None:
    text = " ".join(run("--help", "--language", "es").out.split())
    assert all(f"{name} {purpose}" in text for name, purpose in PURPOSES.items())


ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|show this|the|of|with|for|and|without|is|are|default: )\b"
)


@pytest.mark.parametrize("words", [("--help",), *((name, "--help") for name in COMMANDS)])
def test_no_english_is_left_in_spanish_help(words: tuple[str, ...], run: Run) -> None:
    text = run(*words, CONEKTA_LANGUAGE="es").out
    assert text.startswith("uso: conekta-mcp")
    # Names of flags and of what is typed stay as they are.
    prose = re.sub(r"--[\w-]+|conekta-mcp [\w -]+|[\w/]+\.\w+", "", text)
    assert not ENGLISH.findall(prose)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_no_file_that_is_not_installed(command: str, language: str, run: Run) -> None:
    text = run(command, "--help", CONEKTA_LANGUAGE=language).out
    assert not re.findall(r"\bdocs/|\bREADME|\.md\b", text)


def test_help_has_groups_defaults_and_examples(run: Run) -> None:
    text = run("serve", "--help").out
    for title in TITLES.values():
        assert f"\n{title}:\n" in text
    joined = " ".join(text.split())
    assert "[CONEKTA_MCP_PORT] (default: 8000)" in joined
    assert "[CONEKTA_MCP_APPROVAL_CHANNELS] (default: auto)" in joined
    assert "examples: conekta-mcp serve --sandbox" in joined


def test_the_placeholders_of_arguments_are_in_spanish_too(run: Run) -> None:
    shown = run("sandbox", "--help", "--language", "es").out
    assert "[EVENTO] [OBJETO]" in shown
    assert "--reason PALABRA" in shown
    assert "[CLIENTE]" in run("install", "--help", "--language", "es").out


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_the_help_of_install_names_every_client(command: str, language: str, run: Run) -> None:
    said = " ".join(run(command, "--help", "--language", language).out.split())
    assert f": {', '.join(CLIENT_NAMES)} " in said
