"""JSON with and without comments: one value changes, and every other byte stays."""

import json
import re
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead
from conekta_mcp.cli.installing.edits.json_edits import JsonText
from conekta_mcp.cli.installing.edits.jsonc import COMMENT, STRING, parse_text
from tests.depth import tries

NAMES = st.sampled_from(["mcpServers", "a", "b", "ñ", "x/y", '"', "//no comment", "servers"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.text(alphabet='aé"\\/ \n\u2028', max_size=6),
    st.sampled_from(["https://example.com", "/* no comment */", "\\", '"', "{", ","]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)
TRIVIA = ["", " ", "\t", "\n", "\r\n", "\n  ", "\n\n    "]
COMMENTED = ["", " ", "\n  ", "\r\n\t", "/* é */", "// }, {\n", "/*\n,*/ ", ' // "a": 1\r\n  ']
ENTRY = {"command": "/opt/x", "args": ["serve"]}


@st.composite
def texts(draw: st.DrawFn, *, comments: bool) -> str:
    """The text of an object, with white space, comments and last commas wherever they may be."""
    random = Random(draw(st.integers(0, 2**32)))

    def space() -> str:
        return random.choice(COMMENTED if comments else TRIVIA)

    def write_parts(parts: list[str], marks: str) -> str:
        last = random.choice(["", ","]) if comments and parts else ""
        body = ",".join(f"{space()}{part}{space()}" for part in parts)
        return f"{marks[0]}{body}{last}{space()}{marks[1]}"

    def write(value: Any) -> str:
        if isinstance(value, dict):
            members = [f"{write(name)}{space()}:{space()}{write(one)}" for name, one in value.items()]
            return write_parts(members, "{}")
        if isinstance(value, list):
            return write_parts([write(one) for one in value], "[]")
        return json.dumps(value, ensure_ascii=random.random() < 0.5)

    return f"{space()}{write(draw(OBJECTS))}{space()}"


def list_comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    parts = re.findall(f"{STRING.pattern}|{COMMENT.pattern}", text, re.DOTALL)
    return [part for part in parts if not part.startswith('"')]


def is_within(old: str, new: str) -> bool:
    """Whether `new` is `old` with characters put in, and none left out."""
    rest = iter(new)
    return all(character in rest for character in old)


def squeeze(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


@given(text=st.one_of(texts(comments=True), texts(comments=False)))
@tries(100)
def test_a_text_is_read_as_what_was_written(text: str) -> None:
    parse_text(text, comments=True)
    if not list_comments(text):
        try:
            expected = json.loads(text)
        except ValueError:
            return
        assert parse_text(text, comments=False).value == expected


@given(text=texts(comments=True), name=NAMES)
@tries(100)
def test_a_new_value_is_put_in_and_everything_else_stays(text: str, name: str) -> None:
    before = parse_text(text, comments=True).value
    parent = before.get(name)
    if name in before and (not isinstance(parent, dict) or "conekta" in parent):
        return
    new = JsonText(text, comments=True).set_value((name, "conekta"), ENTRY)
    expected = {**before, name: {**(parent or {}), "conekta": ENTRY}}
    found = parse_text(new, comments=True).value
    assert found == expected
    assert list(found) == list(expected), "the order of names"
    assert is_within(squeeze(text), squeeze(new))
    assert list_comments(new) == list_comments(text)


@given(text=texts(comments=False), name=NAMES)
@tries(100)
def test_strict_json_stays_strict_json(text: str, name: str) -> None:
    before = json.loads(text)
    parent = before.get(name, {})
    if not isinstance(parent, dict):
        with pytest.raises(CannotEdit):
            JsonText(text, comments=False).set_value((name, "conekta"), ENTRY)
        return
    new = JsonText(text, comments=False).set_value((name, "conekta"), ENTRY)
    assert json.loads(new) == {**before, name: {**parent, "conekta": ENTRY}}


@given(text=texts(comments=True), name=NAMES)
@tries(100)
def test_a_value_is_replaced_and_the_bytes_around_it_stay(text: str, name: str) -> None:
    read = JsonText(text, comments=True)
    member = read.root.find_member(name)
    if member is None:
        return
    new = read.set_value((name,), ENTRY)
    start, end = text[: member.node.start], text[member.node.end :]
    assert (new.startswith(start), new.endswith(end)) == (True, True)
    assert json.loads(new[len(start) : len(new) - len(end)]) == ENTRY


@given(text=texts(comments=True), name=NAMES)
@tries(100)
def test_a_value_is_removed_and_everything_else_stays(text: str, name: str) -> None:
    read = JsonText(text, comments=True)
    if read.root.find_member(name) is None:
        return
    new = read.remove_value((name,))
    expected = {key: value for key, value in parse_text(text, comments=True).value.items() if key != name}
    assert parse_text(new, comments=True).value == expected
    assert is_within(squeeze(new), squeeze(text))


@given(text=texts(comments=True), name=NAMES)
@tries(100)
def test_what_was_put_in_beside_others_is_removed_without_a_trace(text: str, name: str) -> None:
    read = JsonText(text, comments=True)
    member = read.root.find_member(name)
    if member is None or not member.node.members or member.node.find_member("conekta"):
        return
    new = read.set_value((name, "conekta"), ENTRY)
    again = JsonText(new, comments=True).remove_value((name, "conekta"))
    assert squeeze(again) == squeeze(text)


@given(text=texts(comments=True), item=SCALARS)
@tries(100)
def test_an_item_is_put_at_the_end_of_an_array_and_removed_again(text: str, item: Any) -> None:
    read = JsonText(text, comments=True)
    for name, value in read.root.value.items():
        if not isinstance(value, list):
            continue
        new = read.append_item(name, item)
        found = parse_text(new, comments=True).value
        assert found == {**read.root.value, name: [*value, item]}
        again = JsonText(new, comments=True).remove_item(name, len(value))
        assert parse_text(again, comments=True).value == read.root.value
        if value:
            assert squeeze(again) == squeeze(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "line 1, column 2 is not JSON"),
        ('{"a": 1,}', "line 1, column 9 is not JSON"),
        ('{"a": 1} // x', "line 1, column 10 is not JSON"),
        ('{\n  "a": key_SECRET\n}', "line 2, column 8 is not JSON"),
        ('{"a": 01}', "line 1, column 7 is not JSON"),
        ('{"a": 1 "b": 2}', "line 1, column 9 is not JSON"),
        ("{1: 2}", "line 1, column 2 is not JSON"),
        ('{"a" 1}', "line 1, column 6 is not JSON"),
        ('{"a": "x\ny"}', "line 1, column 7 is not JSON"),
        ('{"a": 1, "a": 2}', "an object in it has the same name twice"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place_and_without_its_text(text: str, where: str) -> None:
    with pytest.raises(CannotRead) as refused:
        parse_text(text, comments=False)
    assert str(refused.value) == where


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '{\n  "mcpServers": {\n    "conekta": 1\n  }\n}\n'),
        ("{}", '{\n  "mcpServers": {\n    "conekta": 1\n  }\n}'),
        ('{"a": 1}', '{"a": 1, "mcpServers": {"conekta": 1}}'),
        ('{\r\n\t"a": 1\r\n}\r\n', '{\r\n\t"a": 1,\r\n\t"mcpServers": {\r\n\t\t"conekta": 1\r\n\t}\r\n}\r\n'),
        (
            '{\n    "a": 1, // last\n}',
            '{\n    "a": 1, // last\n    "mcpServers": {\n        "conekta": 1\n    },\n}',
        ),
        (
            '{\n  "a": 1 // last\n  // more\n}',
            '{\n  "a": 1, // last\n  // more\n  "mcpServers": {\n    "conekta": 1\n  }\n}',
        ),
        ('{\n  "mcpServers": { }\n}', '{\n  "mcpServers": {\n    "conekta": 1\n  }\n}'),
        (
            '{\n  "mcpServers": {\n    // none\n  }\n}',
            '{\n  "mcpServers": {\n    // none\n    "conekta": 1\n  }\n}',
        ),
    ],
)  # fmt: skip
def test_a_new_value_looks_like_the_rest_of_its_file(text: str, expected: str) -> None:
    assert JsonText(text, comments=True).set_value(("mcpServers", "conekta"), 1) == expected


@pytest.mark.parametrize("text", ["[]", "1", '{"mcpServers": []}'])
def test_where_servers_cannot_be_it_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        JsonText(text, comments=True).set_value(("mcpServers", "conekta"), 1)


def test_what_is_no_array_gets_no_item() -> None:
    with pytest.raises(CannotEdit):
        JsonText('{"inputs": {}}', comments=True).append_item("inputs", 1)


@pytest.mark.parametrize("text", ["// my servers", "/* none */\r\n", "\n// one\n// two\n"])
def test_a_file_of_comments_alone_gets_an_object_behind_them(text: str) -> None:
    new = JsonText(text, comments=True).set_value(("servers", "conekta"), ENTRY)
    assert new.startswith(text)
    assert json.loads(new[len(text) :]) == {"servers": {"conekta": ENTRY}}
    with pytest.raises(CannotRead):
        JsonText(text, comments=False)


def test_a_file_of_twice_as_many_entries_takes_twice_the_steps() -> None:
    """Claude Code keeps its history beside its servers, in one file of several megabytes."""

    def count_steps(entries: int) -> int:
        text = json.dumps({f"project {number}": {"history": []} for number in range(entries)})
        steps = 0

        def count(*_: object) -> None:
            nonlocal steps
            steps += 1

        sys.setprofile(count)
        try:
            JsonText(text, comments=False)
        finally:
            sys.setprofile(None)
        return steps

    assert count_steps(800) < 3 * count_steps(400)
