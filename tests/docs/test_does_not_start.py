"""docs/does-not-start.md has every check of doctor, and all its findings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from conekta_mcp.cli.commands.doctor import examine_setup
from conekta_mcp.cli.diagnosis.network import CODE_PREFIX, CURES
from conekta_mcp.cli.starting.start_checks import DATABASE_REASONS, IGNORED, REASONS
from conekta_mcp.cli.words.doctor import NAMES, WORDS
from conekta_mcp.policy.safe_start import RISKS
from conekta_mcp.server.rendering.argument_messages import find_spanish_message
from conekta_mcp.server.tools.selection import NOTHING_LEFT
from conekta_mcp.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = {"en": ROOT / "docs" / "does-not-start.md", "es": ROOT / "docs" / "es" / "does-not-start.md"}
ORDER = (
    "versions", "settings", "key", "API", "company", "mode", "store", "writes", "audit", "start",
    "live money", "policy", "consent", "limits", "webhooks", "inbox", "pii",
)  # fmt: skip
"""In which doctor prints its checks."""
BLANK = re.compile(r"\{[^}]*\}")
languages = pytest.mark.parametrize("language", PAGES)


def blank(text: str) -> str:
    """A message as the page shows it: with … for what differs from case to case."""
    return BLANK.sub("…", text)


def read(language: str) -> str:
    return PAGES[language].read_text(encoding="utf-8")


def list_faults(language: str) -> Iterator[tuple[str, ...]]:
    """What doctor may say is wrong; of each, the page has one of the texts."""
    words = WORDS[language]
    for name in words:
        if name.endswith("_fix"):
            found = words.get(name.removesuffix("_fix"))
            yield tuple(blank(one) for one in (words[name], found) if one)
        elif name.endswith("_slow"):
            yield (blank(words[name]),)
    # Well for doctor, and not for somebody who did not expect it.
    yield (words["mode_live"],)
    yield (words["mode_why"].format(mode=words["mode_unknown"], why="…"),)
    for text in RISKS.values():
        yield (blank(words["live"]).removesuffix("…") + text[language],)
    for reason in REASONS.values():
        yield (blank(IGNORED[language].format(flags="…", why=reason[language])),)


@languages
def test_each_check_of_doctor_has_its_part(language: str) -> None:
    assert set(ORDER) == set(NAMES)
    shown = re.findall(r"^### (.+)$", read(language).split("\n## ")[2], re.MULTILINE)
    assert shown == [NAMES[name] if language == "es" else name for name in ORDER]


@languages
def test_each_fault_that_doctor_finds_is_explained(language: str) -> None:
    page = read(language)
    assert [texts for texts in list_faults(language) if not any(f"`{one}`" in page for one in texts)] == []


@languages
def test_each_fault_of_the_network_is_explained(language: str) -> None:
    page = read(language)
    if language == "es":
        texts = [find_spanish_message(code) for code in CURES]
    else:
        source = (ROOT / "conekta_mcp" / "api" / "failures.py").read_text(encoding="utf-8")
        built = re.findall(r'_build_detail\(\s*"(\w+)",\s*f?"([^"]+)"', source)
        assert {code for code, _ in built} >= set(CURES), f"{CODE_PREFIX} of failures.py"
        texts = [
            blank(text.replace("{NO_ANSWER}", "No answer from Conekta: "))
            for code, text in built
            if code in CURES
        ]
    assert [text for text in texts if f"`{text}`" not in page] == []


@languages
def test_each_reason_why_a_database_cannot_be_opened_is_explained(language: str) -> None:
    page = read(language)
    assert [
        reason for reason in (*DATABASE_REASONS.values(), NOTHING_LEFT) if f"`{reason}`" not in page
    ] == []


def list_texts() -> str:
    """Every text of the package, a line each."""
    files = sorted((ROOT / "conekta_mcp").rglob("*.py"))
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    found = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "\n".join(node.value for node in found if isinstance(node.value, str))


@languages
def test_each_line_of_a_start_is_one_that_the_server_says(language: str) -> None:
    """What is said to begin or end otherwise stands as `…`, and a flag before a colon is put there later."""
    told = list_texts()
    quoted = re.findall(r"^\| `([^`]+)` \|", read(language).split("\n## ")[3], re.MULTILINE)
    assert len(quoted) > 15
    pieces = [piece for line in quoted for piece in re.split(r" ?…|: |; |CONEKTA_API_KEY ", line) if piece]
    assert [piece for piece in pieces if piece not in told] == []


def test_the_spanish_page_has_the_english_line_beside_each() -> None:
    english, spanish = (
        re.findall(r"^\| (`.+`) \|", read(one).split("\n## ")[3], re.MULTILINE) for one in PAGES
    )
    assert [one.partition(" | ")[2] for one in spanish] == english


def test_the_parts_stand_in_the_order_of_doctor() -> None:
    # A setting of HTTP over stdio is one that changes nothing, which doctor says too.
    settings = Settings(sandbox=True, store="memory", port=8001)
    found = [one.name for one in anyio.run(examine_setup, settings)]
    assert "settings" in found
    assert [name for name in ORDER if name in found] == list(dict.fromkeys(found))
