"""Every error code of our own has a Spanish message."""

import ast
from collections.abc import Iterator
from pathlib import Path

import conekta_mcp
from conekta_mcp.catalog.files import REFUSALS
from conekta_mcp.server.rendering.argument_messages import (
    ENGLISH,
    SPANISH,
    SPANISH_BY_CODE,
    find_spanish_message,
)
from conekta_mcp.server.tools.arguments import CODE_BY_PROBLEM
from conekta_mcp.storage.serialization import MESSAGES as STORE_MESSAGES

ROOT = Path(conekta_mcp.__file__).parent
PREFIX = "conekta_mcp.errors."
ELSEWHERE = ("sandbox", "cli")
"""They make no failure of a tool's call: the sandbox speaks as Conekta, the commands print."""
MADE_UP = {
    "api/failures.py": "by _build_detail, whose callers name them",
    "catalog/files.py": "REFUSALS",
    "storage/serialization.py": "MESSAGES",
    "policy/limits.py": "policy/messages.py says each in both languages",
    "policy/past_times.py": "by the argument; policy/messages.py says it in both languages",
    "policy/safe_start.py": "by a risk of RISKS, which says it in both languages",
    "accounts/active_account.py": "one of two names just above",
    "server/tools/arguments.py": "each is said in both languages there, and by ENGLISH and SPANISH",
    "consent/refusals.py": "by refused, whose callers name them, and the names of a mapping",
}
"""Modules whose codes are put together when they run, and of what."""
CONSENT = "consent_"
SPANISH_TABLE = "conekta_mcp/server/rendering/argument_messages.py: SPANISH_BY_CODE"


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(ELSEWHERE):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def written(node: ast.expr) -> str | None:
    """The code that an expression is, without the prefix; None if it is put together when it runs."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    last = parts[-1]
    if not isinstance(last, ast.Constant) or not isinstance(last.value, str):
        return None
    return last.value.removeprefix(PREFIX).lstrip(".")


def codes_of(tree: ast.Module) -> Iterator[str | None]:
    for call in called(tree, "Detail"):
        yield from (written(one.value) for one in call.keywords if one.arg == "code")
    for call in called(tree, "_build_detail"):
        yield written(call.args[0])


def words_of(tree: ast.Module) -> set[str]:
    """Every text in a module."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def every_code() -> dict[str, str]:
    """Each code of ours, and the module that makes it."""
    found = {code: name for name, tree in trees() for code in codes_of(tree) if code and code != "http_"}
    found |= dict.fromkeys(REFUSALS, "catalog/files.py") | dict.fromkeys(
        STORE_MESSAGES, "storage/serialization.py"
    )
    consent = words_of(dict(trees())["consent/refusals.py"])
    found |= {word: "consent/refusals.py" for word in consent if word.startswith(CONSENT)}
    return found | dict.fromkeys(("profile_without_key", "not_configured"), "accounts/active_account.py")


def test_each_module_whose_codes_cannot_be_read_is_known() -> None:
    assert {name for name, tree in trees() if None in codes_of(tree)} == set(MADE_UP)


def test_every_code_of_ours_has_a_spanish_text() -> None:
    both = {"card_number.not_allowed", "masked.not_allowed", "not_found", "in_the_past"}
    missing = {code: name for code, name in every_code().items() if code not in SPANISH_BY_CODE.keys() | both}
    assert missing == {}, f"{SPANISH_TABLE} needs the Spanish of {missing}"


def test_every_spanish_text_is_of_a_code_that_is_made() -> None:
    unused = SPANISH_BY_CODE.keys() - every_code().keys()
    assert not unused, f"{SPANISH_TABLE}: nothing makes these codes: {sorted(unused)}"


def test_every_problem_of_an_argument_is_said_in_both_languages() -> None:
    assert set(ENGLISH) | set(CODE_BY_PROBLEM) <= set(SPANISH)


def test_a_status_without_an_explanation_is_said_in_spanish() -> None:
    assert find_spanish_message("http_503") == "Conekta respondió 503 sin explicación."
