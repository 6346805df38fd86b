"""An unreadable message is answered with the id of its request, if it has one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.types import JSONRPCError, JSONRPCRequest

from conekta_mcp.server.lines.messages import CutMessage, replace_lone_surrogates
from conekta_mcp.server.lines.stdio import read_message
from conekta_mcp.server.lines.unreadable import build_too_long, find_request_id
from tests.depth import tries

HEAD = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":'


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (HEAD + b'{"id":5', 1),
        (b'{"params":{"id":5,"x":"\xff"},"id":"a-1"}', "a-1"),
        (b'{"params":[{"id":5}],"method":"x"', None),
        (b'{"id":1,"id":2,', 2),
        (b'{"id":1.5,"a":', None),
        (b'{"id":true', None),
        (b'{"id":null}', None),
        (b'{"a":"\\"id\\":7,","id":8,', 8),
        (b'"id":3', None),
        (b'{"text":"id","id":4,', 4),
        (b'{"id":"' + b"x" * 300 + b'"', None),
        (b"", None),
    ],
)
def test_the_id_is_the_one_at_the_top(message: bytes, found: object) -> None:
    assert find_request_id(message) == found


@pytest.mark.parametrize(
    ("message", "code", "reason", "request_id"),
    [
        (HEAD + b'{"name":"\xf0\x9f"}}', -32700, "invalid_utf8", 1),
        (HEAD + b'{"a":' * 2000 + b"1" + b"}" * 2001, -32700, "too_deep", 1),
        (HEAD + b"{nonsense", -32700, "invalid_json", 1),
        (b"nonsense", -32700, "invalid_json", None),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, "invalid_request", None),
        (b'{"id":6,"method":"ping"}', -32600, "invalid_request", 6),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600, "invalid_request", None),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, "invalid_request", None),
        (b"5", -32600, "invalid_request", None),
    ],
)
def test_each_kind_of_broken_message_has_its_answer(
    message: bytes, code: int, reason: str, request_id: object
) -> None:
    answer = read_message(message)
    assert isinstance(answer, JSONRPCError)
    assert (answer.error.code, answer.error.data, answer.id) == (code, {"reason": reason}, request_id)
    assert '"id":null' in answer.model_dump_json(exclude_unset=True) or request_id is not None


@pytest.mark.parametrize(
    ("head", "tail", "found"),
    [
        (b'{"id":9,"params":{"x":"aaa', b'aaa"}}', 9),
        (b'{"params":{"id":5,"x":"aaa', b'aaa"},"id":77,"jsonrpc":"2.0"}', 77),
        (b'{"params":{"id":5,"x":"aaa', b'aaa","id":6}}', None),
        (b'{"params":{"id":5,"x":"aaa', b'aaa"},"id":"b"}\r', "b"),
    ],
)
def test_a_message_that_is_too_long_is_answered_by_what_was_kept_of_it(
    head: bytes, tail: bytes, found: object
) -> None:
    answer = build_too_long(CutMessage(head, tail, 4_194_304))
    assert (answer.id, answer.error.code, answer.error.data) == (found, -32600, {"reason": "too_long"})
    assert answer.error.message == "Not read: a message may have 4,194,304 bytes."


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('"Ana \\ud83d"', "Ana \ufffd"),
        ('"\\uDE00 Ana"', "\ufffd Ana"),
        ('"\\ud83d\\ud83d\\ude00"', "\ufffd\U0001f600"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\\\ud83d"', "\\ud83d"),
        ('"\\\\\\ud83d"', "\\\ufffd"),
    ],
)
def test_half_an_emoji_becomes_a_mark_and_a_whole_one_stays(sent: str, read: str) -> None:
    repaired = replace_lone_surrogates(sent.encode())
    assert (json.loads(repaired), len(repaired)) == (read, len(sent))


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\ud83d\ude00\\u"d8'))))
@tries(100)
def test_any_text_that_a_client_escapes_can_be_read(text: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "x", "params": {"text": text}}
    read = read_message(replace_lone_surrogates(json.dumps(message).encode()))
    assert isinstance(read, JSONRPCRequest)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert (read.params or {})["text"].replace("\ufffd", "") == whole.replace("\ufffd", "")
