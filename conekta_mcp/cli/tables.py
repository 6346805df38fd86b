"""Tables that fit the terminal, and colours if it shows them and NO_COLOR is not set."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

GAP = "  "
MIN_WIDTH = 8
"""The least width of a column; if the table still does not fit, each row is printed as a block."""
CODES: Mapping[str, str] = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}


def paint(text: str, colour: str | None, stream: TextIO | None = None) -> str:
    """Return `text` in a colour, if `stream`, by default stdout, is a terminal with colours."""
    if colour is None or not has_colour(stream or sys.stdout):
        return text
    return f"\033[{CODES[colour]}m{text}\033[0m"


def has_colour(stream: TextIO) -> bool:
    """Tell whether colours are shown: see no-color.org; terminals of type "dumb" have none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def find_width(stream: TextIO | None = None) -> int | None:
    """Return the columns of the terminal; None if output is not a terminal."""
    return shutil.get_terminal_size().columns if (stream or sys.stdout).isatty() else None


def wrap_lines(text: str, width: int | None) -> str:
    """Return each line of `text` wrapped to `width` columns, with its indentation; words stay whole."""
    if width is None:
        return text
    room = max(width, MIN_WIDTH)
    return "\n".join(_wrap_line(line, room) if len(line) > room else line for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def format_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None,
    colours: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield the lines of a table, at most `width` columns wide; `colours` are those of cells."""
    natural = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    widths = _shrink(natural, width - len(GAP) * (len(heads) - 1)) if width else natural
    if widths is None:
        yield from _format_blocks(heads, rows, width or 0)
        return
    for line in _format_row(heads, widths):
        yield paint(line, "bold")
    for row in rows:
        yield from _format_row(row, widths, colours or {})


def _shrink(natural: Sequence[int], room: int) -> list[int] | None:
    """Return widths that fit into `room`, with the widest columns narrowed; None if too narrow."""
    widths = list(natural)
    while (excess := sum(widths) - room) > 0:
        widest = max(widths)
        if widest <= MIN_WIDTH:
            return None
        # Down to the next widest at most, so that the columns end as equal as they can.
        next_widest = max((one for one in widths if one < widest), default=MIN_WIDTH)
        widths[widths.index(widest)] = max(widest - excess, next_widest, MIN_WIDTH)
    return widths


def _format_row(
    row: Sequence[str], widths: Sequence[int], colours: Mapping[str, str] | None = None
) -> Iterator[str]:
    cells = [textwrap.wrap(text, width) or [""] for text, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        parts = [
            paint(part.ljust(width), (colours or {}).get(text))
            for text, cell, width in zip(row, cells, widths, strict=True)
            for part in [cell[number] if number < len(cell) else ""]
        ]
        yield GAP.join(parts).rstrip()


def _format_blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    longest = max(map(len, heads))
    for row in rows:
        for head, text in zip(heads, row, strict=True):
            start = f"{head:<{longest}}{GAP}"
            lines = textwrap.wrap(text, max(MIN_WIDTH, width - len(start))) or [""]
            yield paint(start, "bold") + lines[0]
            yield from (" " * len(start) + line for line in lines[1:])
        yield ""
