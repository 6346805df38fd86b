"""Tables fit the terminal."""

import io

import pytest

from conekta_mcp.cli.tables import find_width, format_table, has_colour, paint, wrap_lines

HEADS = ("name", "endpoint")
ROWS = [("list_customers", "GET /customers and more words"), ("get_order", "GET /orders/{order_id}")]


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [None, *range(20, 80, 7), 200])
def test_no_line_is_wider_and_no_word_is_lost(width: int | None) -> None:
    lines = list(format_table(HEADS, ROWS, width))
    assert width is None or max(map(len, lines)) <= width
    text = "".join("".join(lines).split())
    assert all(letter in text for row in ROWS for cell in row for letter in cell.split()) or width
    for row in ROWS:
        for cell in row:
            assert all(text.count(letter) >= cell.count(letter) for letter in cell if letter != " ")


def test_without_a_terminal_each_row_is_a_line() -> None:
    assert list(format_table(HEADS, ROWS, None)) == [
        "name            endpoint",
        "list_customers  GET /customers and more words",
        "get_order       GET /orders/{order_id}",
    ]


def test_the_widest_column_gives_way_first() -> None:
    assert list(format_table(HEADS, ROWS[:1], 30)) == [
        "name            endpoint",
        "list_customers  GET /customers",
        "                and more words",
    ]


def test_what_does_not_fit_at_all_is_a_block_a_row() -> None:
    heads = tuple(f"column{number}" for number in range(9))
    lines = list(format_table(heads, [tuple("a value of it" for _ in heads)], 40))
    assert lines[0] == "column0  a value of it"
    assert len(lines) == 10


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert paint("x", "red", Screen()) == "\033[31mx\033[0m"
    assert paint("x", None, Screen()) == "x"
    assert paint("x", "red", io.StringIO()) == "x"
    monkeypatch.setenv("TERM", "dumb")
    assert not has_colour(Screen())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colour(Screen())


def test_lines_of_text_fit_and_keep_their_indent_and_words() -> None:
    text = "  ✓ 3. Bill\n       MXN 500.00 · CLABE 646180111607931046 · ord_3jhhVN1111CrxHLR6\nshort"
    assert wrap_lines(text, None) == text
    assert wrap_lines(text, 80) == text
    assert wrap_lines(text, 40).split("\n") == [
        "  ✓ 3. Bill",
        "       MXN 500.00 · CLABE",
        "       646180111607931046 ·",
        "       ord_3jhhVN1111CrxHLR6",
        "short",
    ]
    assert wrap_lines("a_word_that_is_wide", 3) == "a_word_that_is_wide"


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "93")
    assert (find_width(Screen()), find_width(io.StringIO())) == (93, None)
