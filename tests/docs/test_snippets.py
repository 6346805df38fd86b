"""Every command and snippet of README and docs/ runs, unless its page says why not."""

import json
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest

from conekta_mcp.accounts.profiles_file import read_profiles
from conekta_mcp.cli.installing.clients import CLIENTS
from conekta_mcp.cli.installing.edits.formats import get_servers, parse_file
from conekta_mcp.cli.installing.entries import is_ours
from conekta_mcp.cli.parser import build_command_parser, choose_command
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.policy.file import read_policy
from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox
from tests.debian_packages import find_or_install
from tests.docs.blocks import (
    COMMANDS,
    DATA,
    OUTPUT,
    Block,
    list_commands,
    list_documents,
    matches_shown,
    pair_output,
    read_blocks,
)
from tests.docs.running import Reader
from tests.installed_once import find_python, install_npm_project, install_python_project

DOCUMENTS = list_documents()
BLOCKS = {page: read_blocks(page) for page in DOCUMENTS}
EVERY_BLOCK = [block for blocks in BLOCKS.values() for block in blocks]
JOURNEYS = Path(__file__).parents[1] / "journeys"
DEBIAN = {"php": "php-cli", "ruby": "ruby"}


def is_spanish(page: str) -> bool:
    return page in {"README.es.md"} or page.startswith("docs/es/")


def find_original(page: str) -> str:
    """The English page of a Spanish one."""
    return "README.md" if page == "README.es.md" else page.replace("docs/es/", "docs/")


def repeats_original(page: str) -> bool:
    """Whether a Spanish page tells its reader to run what the English page does, which runs there."""
    if not is_spanish(page):
        return False
    here, there = (
        [
            (one.code, one.marks, shown.text if shown else "")
            for one, shown in pair_output(BLOCKS.get(name, []))
            if one.runs
        ]
        for name in (page, find_original(page))
    )
    return here == there


RUN = [page for page in DOCUMENTS if any(one.runs for one in BLOCKS[page]) and not repeats_original(page)]


@pytest.fixture(scope="module")
def conekta() -> Iterator[RunningSandbox]:
    with serve_sandbox() as running:
        yield running


@pytest.mark.system
@pytest.mark.parametrize("page", RUN)
def test_what_a_page_tells_to_run_succeeds_and_prints_what_it_shows(
    page: str, conekta: RunningSandbox, tmp_path: Path
) -> None:
    pairs = [(block, shown) for block, shown in pair_output(BLOCKS[page]) if block.runs]
    languages = {block.language for block, _ in pairs}
    package = Path(__file__).with_name("package.json")
    reader = Reader(
        folder=tmp_path,
        conekta=conekta.url,
        files=collect_files(spanish=is_spanish(page)),
        programs={name: find_or_install(name, one) for name, one in DEBIAN.items() if name in languages},
        node_modules=install_npm_project("snippets", [package]) / "node_modules"
        if "js" in languages
        else None,
        pythons={
            name: find_python(install_python_project(name, JOURNEYS / name / "requirements.txt"))
            for name in {block.marks["python"] for block, _ in pairs if "python" in block.marks}
        },
    )
    told = reader.run([block for block, _ in pairs])
    problems = [
        f"{block.place} exits with {printed.code}:\n{printed.out}\n{printed.err}"
        if printed.code
        else f"{block.place} prints:\n{printed.out}\n{printed.err}"
        for (block, shown), printed in zip(pairs, told, strict=True)
        if printed.code != 0 or (shown and not matches_shown(shown.text, printed.out))
    ]
    assert not problems, "\n".join(problems)


def collect_files(*, spanish: bool) -> dict[str, str]:
    """What the pages of one language tell to save, and before it those of the other."""
    ordered = sorted(EVERY_BLOCK, key=lambda one: is_spanish(one.page) == spanish)
    return {one.marks["file"]: one.text for one in ordered if "file" in one.marks}


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_block_runs_is_read_or_says_why_not(page: str) -> None:
    lacks = []
    for block, _ in pair_output(BLOCKS[page]):
        known = COMMANDS | DATA
        if block.language not in known and "not run" not in block.marks:
            lacks.append(
                f"{block.place}: nothing runs a block of «{block.language}»: <!-- not run: REASON -->"
            )
        if "not run" in block.marks and len(block.marks["not run"].split()) < 2:
            lacks.append(f"{block.place}: <!-- not run --> lacks its reason")
    shown = [one for one in BLOCKS[page] if one.language == OUTPUT and "not run" not in one.marks]
    paired = [output for block, output in pair_output(BLOCKS[page]) if output and block.runs]
    lacks += [
        f"{one.place}: output of no block that runs: <!-- not run: REASON -->"
        for one in shown
        if one not in paired
    ]
    assert not lacks, "\n".join(lacks)


@pytest.mark.parametrize(
    "page", [page for page in DOCUMENTS if any(one.language in DATA for one in BLOCKS[page])]
)
def test_every_block_of_data_is_what_the_server_reads(page: str, tmp_path: Path) -> None:
    for block in BLOCKS[page]:
        if block.language in DATA and "not run" not in block.marks:
            read_data(block, tmp_path)


def read_data(block: Block, folder: Path) -> None:
    """Read a block as the part of the server does that takes it."""
    content = tomllib.loads(block.text) if block.language == "toml" else json.loads(block.text)
    client = next((one for one in CLIENTS if isinstance(content, dict) and one.servers in content), None)
    if client:
        servers = get_servers(client, parse_file(client.format, block.text))
        assert all(is_ours(client, entry) for entry in servers.values()), f"{block.place}: another command"
    elif block.language == "toml":
        file = folder / "read.toml"
        file.write_text(block.text, encoding="utf-8")
        if any("key_env" in one or "key_file" in one for one in content.values() if isinstance(one, dict)):
            assert read_profiles(str(file), {}).keys() == content.keys()
        else:
            read_policy(str(file), lambda: ALL_TOOLS, lambda: content.get("profiles", {}))


@pytest.mark.parametrize(
    "block",
    [one for one in EVERY_BLOCK if one.language == "sh" and "not run" in one.marks],
    ids=lambda one: one.place,
)
def test_a_command_that_does_not_run_here_is_one_that_the_parser_takes(block: Block) -> None:
    for words in list_commands(block.text):
        name, rest = choose_command(words)
        command = cast("Any", import_module(f"conekta_mcp.cli.commands.{name}"))
        build_command_parser(name, command).parse_intermixed_args(rest)
