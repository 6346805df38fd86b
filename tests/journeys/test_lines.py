"""Over stdio each line is answered at once, also one that cannot be read."""

import json

from tests.journeys.lines import serving_lines

CALL = b'{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"create_customer","arguments":%s}}'
PHONE = b'"email":"ana@example.com","phone":"+525555555555"'


def test_what_cannot_be_read_is_answered_and_the_next_call_is_served() -> None:
    with serving_lines(mark=b"\xef\xbb\xbf") as lines:
        deep = b'{"metadata":' + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"}"
        answers = [
            lines.ask(CALL % (b"2", deep)),
            lines.ask(CALL % (b'"three"', b'{"name":"Ana \xf0\x9f"}')),
            lines.ask(b'{"jsonrpc":"2.0","id":4,"method"'),
            lines.ask(b"nonsense"),
            lines.ask(CALL % (b"5", b'{"name":"' + b"x" * 4_300_000 + b'"}')),
        ]
        lines.send(b"")
        served = lines.ask(b'{"jsonrpc":"2.0","id":6,"method":"ping"}')
        lines.process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        assert lines.process.wait(60) == 0
    found = [(one["id"], one["error"]["code"], one["error"]["data"]["reason"]) for one in answers]
    assert found == [
        (2, -32700, "too_deep"),
        ("three", -32700, "invalid_utf8"),
        (4, -32700, "invalid_json"),
        (None, -32700, "invalid_json"),
        (5, -32600, "too_long"),
    ]
    assert served == {"jsonrpc": "2.0", "id": 6, "result": {}}


def test_a_text_that_was_cut_inside_an_emoji_is_taken_and_the_answer_says_so() -> None:
    with serving_lines() as lines:
        result = lines.ask(
            CALL % (b"1", b'{"name":"Ana Ruiz","custom_reference":"Ana \\ud83d",' + PHONE + b"}")
        )["result"]
    assert result["structuredContent"]["custom_reference"] == "Ana \ufffd"
    assert result["structuredContent"]["note"].startswith("Algún texto llegó cortado o roto")
    assert result["structuredContent"]["note"] in json.dumps(result["content"], ensure_ascii=False)
