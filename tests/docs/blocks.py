"""Reads the fenced blocks of README and docs/, with the comments that say how they run."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMANDS = frozenset({"sh", "python", "js", "php", "ruby"})
DATA = frozenset({"json", "toml"})
OUTPUT = "text"
SEPARATORS = frozenset({"|", "||", "&&", ";"})
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w+-]*)[^`]*$")
MARK = re.compile(r"^\s*<!-- (?P<kind>not run|background|exits|file|python)(?:: (?P<what>.+?))? -->$")
COMMENT = {"sh": "#", "python": "#", "ruby": "#", "js": "//", "php": "//"}


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is that of its fence."""

    page: str
    line: int
    language: str
    text: str
    marks: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def runs(self) -> bool:
        return self.language in COMMANDS and "not run" not in self.marks

    @property
    def code(self) -> str:
        """What runs, without the comments, which differ from language to language."""
        sign = COMMENT.get(self.language)
        lines = self.text.splitlines()
        return "\n".join(re.sub(rf"\s*(^|\s){sign}.*$", "", one) if sign else one for one in lines)


def list_documents() -> list[str]:
    """Every page whose blocks are checked, relative to the checkout."""
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page.relative_to(ROOT).as_posix() for page in found)


def read_blocks(page: str) -> list[Block]:
    """Read the blocks of a page from top to bottom."""
    return list(find_blocks(page, (ROOT / page).read_text(encoding="utf-8")))


def find_blocks(page: str, text: str) -> Iterator[Block]:
    """Find the blocks of a text; a fence may be indented, inside of a list."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        if not opened:
            at += 1
            continue
        indent = opened["indent"]
        end = next(n for n in range(at + 1, len(lines)) if lines[n].rstrip() == f"{indent}```")
        inside = "\n".join(one.removeprefix(indent) for one in lines[at + 1 : end])
        yield Block(page, at + 1, opened["language"], inside, dict(_read_marks(lines, at)))
        at = end + 1


def _read_marks(lines: list[str], fence: int) -> Iterator[tuple[str, str]]:
    for above in reversed(lines[:fence]):
        found = MARK.match(above)
        if not found:
            return
        yield found["kind"], found["what"] or ""


def pair_output(blocks: list[Block]) -> Iterator[tuple[Block, Block | None]]:
    """Give each block but those of output, with the output that its page shows."""
    for place, block in enumerate(blocks):
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if not is_output(block):
            yield block, after if after and is_output(after) else None


def is_output(block: Block) -> bool:
    return block.language == OUTPUT and "not run" not in block.marks


def matches_shown(shown: str, printed: str) -> bool:
    """Tell whether a page shows what was printed."""
    pattern = (
        "\n".join(
            "(?:.*\n?)*?" if line.strip() == "…" else ".*?".join(map(re.escape, line.rstrip().split("…")))
            for line in shown.strip("\n").splitlines()
        )
        .replace("(?:.*\n?)*?\n", "(?:.*\n)*?")
        .replace("\n(?:.*\n?)*?", "(?:\n.*)*?")
    )
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    return re.fullmatch(pattern, "\n".join(lines)) is not None


def list_commands(text: str) -> Iterator[list[str]]:
    """Give the words that follow conekta-mcp, for each time that a block of sh starts it."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        for place, word in enumerate(words):
            if word == "conekta-mcp" and (
                place == 0
                or words[place - 1] in SEPARATORS | {"--"}
                or "=" in words[place - 1]
                or "exec" in words[:place]  # in a container
            ):
                yield list(takewhile(lambda one: one not in SEPARATORS, words[place + 1 :]))
