"""Every refusal of a setting, a file, a start or a command has a Spanish text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import conekta_mcp
from conekta_mcp.accounts.keys import sources
from conekta_mcp.accounts.keys.logins import Logins
from conekta_mcp.accounts.keys.sources import FileKey, KeyringKey
from conekta_mcp.accounts.keys.stored import LoginKey
from conekta_mcp.accounts.profiles_file import NO_KEYS
from conekta_mcp.cli.spanish.parser_errors import translate
from conekta_mcp.cli.spanish.refusals import NAME, TEMPLATES, _translate, translate_refusal
from conekta_mcp.cli.starting import listening, start_checks
from conekta_mcp.policy import file as policy_file
from conekta_mcp.server.tools.selection import NOTHING_LEFT
from conekta_mcp.storage.serialization import MESSAGES
from tests.cli.conftest import Run

PACKAGE = Path(conekta_mcp.__file__).parent
PLACES = ("settings", "accounts", "policy", "storage", "cli", "events", "pages/approvers", "audit", "server")
RAISED = {"ConfigurationError", "NoKeyring", "build_problem", "CannotRead", "CannotEdit"}
EVERYWHERE = ("settings", "accounts/profile")
"""Where ValueError is raised with what a person gets to read."""
BY_ARGPARSE = {"ArgumentTypeError"}
TABLES = {
    "start_checks.DATABASE_REASONS": tuple(start_checks.DATABASE_REASONS.values()),
    "listening.REASONS": tuple(listening.REASONS.values()),
    "policy.file.EXPECTED_TEXTS": tuple(policy_file.EXPECTED_TEXTS.values()),
    "selection.NOTHING_LEFT": (NOTHING_LEFT,),
    "sources.EXPECTED_KEY": (sources.EXPECTED_KEY,),
    "profiles_file.NO_KEYS": (NO_KEYS,),
    "serialization.MESSAGES": tuple(MESSAGES.values()),
}


def write_sample(node: ast.expr) -> str:
    """Write a message with "X1" for what is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(write_sample(one) for one in node.values)
    if isinstance(node, ast.BinOp):
        return write_sample(node.left) + write_sample(node.right)
    return "X1"


def iter_raised(names: set[str], *folders: str) -> Iterator[tuple[str, str]]:
    """Yield place and sample of each message that is made where it is raised."""
    for folder in folders:
        root = PACKAGE / folder
        for path in sorted(root.rglob("*.py") if root.is_dir() else root.parent.glob(f"{root.name}*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                # What is put in after a semicolon is a message of its own.
                sample = write_sample(node.args[0]).removesuffix("; X1")
                if name in names and re.search("[a-z]", re.sub(r"X1|--[a-z-]+", "", sample)):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", sample


def list_messages() -> dict[str, str]:
    found = dict(iter_raised(RAISED, *PLACES)) | dict(iter_raised({"ValueError"}, *EVERYWHERE))
    for table, texts in TABLES.items():
        found |= {f"{table} {number}": text for number, text in enumerate(texts)}
    return found


def test_every_message_has_its_spanish() -> None:
    found = list_messages()
    assert len(found) > 100
    missing = {place: text for place, text in found.items() if _translate(text) is None}
    assert missing == {}, "add their Spanish to conekta_mcp/cli/spanish/refusals.py"


def test_every_check_of_an_argument_has_its_spanish() -> None:
    samples = dict(iter_raised(BY_ARGPARSE, "cli"))
    samples = {place: text.replace("X1", "9") for place, text in samples.items()}
    assert {place: text for place, text in samples.items() if translate(text) == text} == {}


def test_every_place_of_a_key_has_its_spanish() -> None:
    places = [
        FileKey("profile a", Path("k"), posix=True),
        FileKey("profile a", Path("k"), posix=False),
        KeyringKey("profile a", "conekta", "a"),
        LoginKey("default", "https://api.conekta.io", Logins(Path("none"))),
    ]
    for place in places:
        assert _translate(place.label), place.label


def test_every_template_keeps_its_names() -> None:
    for english, spanish in TEMPLATES.items():
        assert set(NAME.findall(english)) == set(NAME.findall(spanish)), english


TOLD = {
    "serve --port x": "--port: se esperaba un número",
    "serve --port 70000": "--port: se esperaba 0-65535",
    "serve --log-level warn": "--log-level: se esperaba una de estas opciones: DEBUG, INFO, WARNING, ",
    "serve --toolsets qzzq": "--toolsets: no existe qzzq; hay ",
    "serve --toolsets ordrs": "--toolsets: no existe ordrs; ¿quisiste decir orders?",
    "serve --tools creat_webhook": "--tools: no existe creat_webhook; ¿quisiste decir create_webhook?",
    "serve --sandbox --read-only --toolsets customer_portal --tools none": "--tools: no existe none; ",
    "serve --state FOLDER/x.db": "--state: guarda los datos del sandbox; agrega --sandbox, o quítalo para ",
    "serve --audit FOLDER/no/x": "--audit: se esperaba store, off, o un archivo en una carpeta que exista",
    "serve --store FOLDER/text": "--store: FOLDER/text: no es una base de datos; nombra una que hizo ",
    "serve --policy FOLDER/no.toml": "--policy",
    "serve --policy FOLDER/text": "--policy FOLDER/text: no es TOML (at line 1",
    "serve --profiles-file FOLDER/text": "--profiles-file: se esperaba TOML",
    "serve --profile UPPER": "--profile: se esperaban nombres de perfiles: hasta 32 letras minúsculas, ",
    "serve --approval-channels clint": "--approval-channels: se esperaba auto, o algunos de client, ",
    "completion": "completion: nombra un shell (bash, zsh, fish), o usa --json",
    "serve --timezone Mexico": "--timezone: se esperaba una zona horaria como America/Mexico_City o ",
    "serve --max-amount 5,00": "--max-amount: se esperaba un monto en MXN como 5000 o 5000.50",
    "serve --host 0.0.0.0 --transport sse --profile a": "--profile solo sirve por stdio y en este equipo, no",
    "audit --audit FOLDER/missing": "no se puede leer la bitácora: FOLDER/missing: no existe el ",
    "audit --verify --audit FOLDER/missing": "no se puede leer la bitácora: FOLDER/missing: no existe el ",
    "logs --audit FOLDER/missing": "no se puede leer la bitácora: FOLDER/missing: no existe el ",
    "settle --store FOLDER/text": "no se puede usar el almacén: Lo que nombra el ajuste del almacén no ",
    "approvals --store FOLDER/text": "no se puede usar el almacén: Lo que nombra el ajuste del almacén no ",
    "approvers list --store FOLDER/text": "Lo que nombra el ajuste del almacén no lo hizo conekta-mcp: ",
}


@pytest.mark.parametrize("words", TOLD)
def test_what_is_refused_is_told_in_the_language_that_is_asked_for(
    words: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no table = = here\n" * 99)
    (tmp_path / "text").chmod(0o600)
    given = words.replace("FOLDER", str(tmp_path)).split()
    english = run(*given, CONEKTA_LANGUAGE="en")
    for asked in ({"CONEKTA_LANGUAGE": "es"}, {}):
        flags = () if asked or given[0] == "completion" else ("--language", "es")
        if not asked and given[0] == "completion":
            continue
        said = run(*given, *flags, **asked)
        assert (said.code, said.out, said.err.count("\n")) == (english.code, "", 1), said.err
        assert "Error" not in said.err + english.err
        assert said.err != english.err
        told = said.err.partition(": ")[2].replace(str(tmp_path), "FOLDER")
        assert told.startswith(TOLD[words]), told


def test_what_is_not_known_stays_as_it_is() -> None:
    assert translate_refusal("--x: whatever this is") == "--x: whatever this is"
