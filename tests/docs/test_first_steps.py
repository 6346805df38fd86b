"""From nothing to a first answer in three steps: counted on the pages themselves."""

import re

import pytest

from tests.docs.blocks import ROOT, read_blocks

MOST = 3
STARTS = ("start-merchant.md", "start-developer.md", "start-company.md", "image.md")
PAGES = [f"{folder}{name}" for name in STARTS for folder in ("docs/", "docs/es/")]
HEADING = re.compile(r"^#{2,6} ")
STEP = re.compile(r"^(?:## )?(\d+)\. ")
STEPS_HEADING = re.compile(r"^## (?:Three steps|Tres pasos)$")
"""image.md has its steps in a list under this heading."""


def list_steps(page: str) -> list[tuple[int, int]]:
    """The number of each step, and the commands pasted in it: a block is pasted at once."""
    blocks = {block.line: block for block in read_blocks(page) if block.language == "sh"}
    steps: list[tuple[int, int]] = []
    is_step = is_in_list = False
    for at, line in enumerate((ROOT / page).read_text("utf-8").splitlines(), 1):
        if HEADING.match(line):
            is_in_list = bool(STEPS_HEADING.match(line))
            is_step = False
        if (found := STEP.match(line)) and (is_in_list or line.startswith("## ")):
            steps.append((int(found[1]), 0))
            is_step = True
        if is_step and at in blocks:
            number, commands = steps[-1]
            steps[-1] = (number, commands + 1)
    return steps


@pytest.mark.parametrize("page", PAGES)
def test_a_start_has_at_most_three_steps_of_one_paste_each(page: str) -> None:
    steps = list_steps(page)
    assert [number for number, _ in steps] == list(range(1, MOST + 1)), page
    assert [number for number, commands in steps if commands > 1] == [], page
    assert 1 <= sum(commands for _, commands in steps) <= MOST, page


@pytest.mark.parametrize("name", STARTS)
def test_both_languages_have_the_same_steps(name: str) -> None:
    assert list_steps(f"docs/{name}") == list_steps(f"docs/es/{name}")


@pytest.mark.parametrize("page", [page for page in PAGES if "image" not in page])
def test_whoever_installs_is_told_where_a_terminal_finds_the_program(page: str) -> None:
    """Pipx puts it where a new system's PATH does not look."""
    (install,) = [block.text for block in read_blocks(page) if "pipx install" in block.text]
    assert [line.split("#")[0].strip() for line in install.splitlines()][-1] == "pipx ensurepath"
