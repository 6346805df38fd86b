"""Over stdio each line is answered at once, also one that cannot be read."""

import json
from typing import Any

import pytest

from tests.journeys.lines import serving_lines

pytestmark = pytest.mark.system

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


def call(number: int, tool: str, arguments: Any) -> bytes:
    params = {"name": tool, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}).encode()


BILL = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "line_items": [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}],
}
YES = '"result":{"action":"accept","content":{"approve":true}}'
NO_ANSWERS = [
    '"id":%d,"error":{"code":-32601,"message":"Method not found"}',
    '"id":%d,"error":{"code":"E1","message":"no"}',
    '"id":%d,"error":"no"',
    '"id":%d,"result":null',
    '"id":%d,"result":"accept"',
    '"id":%d',
    '"id":%d,"result":{"action":"accept","content":{"approve":true,"why":"\udcff"}}',
    '"id":null,"error":{"code":-32700,"message":"Parse error"}',
    '"error":{"code":-32700,"message":"Parse error"}',
    f'"id":%d.0,{YES}',
    f'"id":true,{YES}',
    f'"id":[%d],{YES}',
    f'"id":"somebody else",{YES}',
    f'"id":9%d9,{YES}',
]
"""Answers to a question that say neither yes nor no, or not to which question."""


def test_an_answer_that_cannot_be_used_ends_the_question_and_is_never_echoed() -> None:
    with serving_lines("--confirm", "money", "--store", "memory", elicitation={}) as lines:
        for number, shape in enumerate(NO_ANSWERS, 1):
            bill = {**BILL, "idempotency_key": f"bill-{number}"}
            question = lines.ask(call(number, "create_order", bill))
            assert question["method"] == "elicitation/create", shape
            text = shape % question["id"] if "%d" in shape else shape
            answer = lines.ask(f'{{"jsonrpc":"2.0",{text}}}'.encode(errors="surrogateescape"))
            assert (answer["id"], answer["result"]["structuredContent"]["error"]["code"]) == (
                number,
                "conekta_mcp.errors.consent_unasked",
            ), shape
        # One that comes too late, or that nobody asked for, is nothing to answer either.
        lines.send(b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"late"}}')
        lines.send(b'{"jsonrpc":"2.0","id":null,"result":{}}')
        listed = lines.ask(call(99, "list_orders", {}))
    assert (listed["id"], listed["result"]["structuredContent"]["rows"]) == (99, [])


def test_what_is_answered_late_does_not_end_the_question_after_it() -> None:
    with serving_lines("--confirm", "money", "--store", "memory", elicitation={}) as lines:
        first = lines.ask(call(1, "create_order", BILL))
        lines.send(b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}')
        given_up = lines.receive()
        second = lines.ask(call(2, "create_order", {**BILL, "name": "Eva Paz", "email": "eva@example.com"}))
        lines.send(b'{"jsonrpc":"2.0","id":%d,"error":{"code":1,"message":"late"}}' % first["id"])
        made = lines.ask(b'{"jsonrpc":"2.0","id":%d,%s}' % (second["id"], YES.encode()))
    assert (given_up["method"], given_up["params"]["requestId"]) == ("notifications/cancelled", first["id"])
    assert (made["id"], made["result"]["isError"]) == (2, False)


TOLERATED = [
    b'\xef\xbb\xbf{"jsonrpc":"2.0","id":%d,"method":"ping"}\r',
    b' \xef\xbb\xbf {"jsonrpc":"2.0","id":%d,"method":"ping","params":[]}',
    b'{"jsonrpc":"2.0","id":%d,"method":"ping","params":""}',
    b'{"jsonrpc":"2.0","id":%d,"method":"ping","params": [ ] }',
    b'{"jsonrpc":"2.0","id":%d,"method":"ping","params":null}',
    *(
        b'{"jsonrpc":"2.0","id":%d,"method":"ping","params":{"_meta":' + meta + b"}}"
        for meta in (b"null", b"[]", b'""', b'{"progressToken":null}', b'{"progressToken":null,"a":1}')
    ),
]
NAMELESS = {
    "prompts/get": ({"name": ""}, "Unknown prompt: (no name)"),
    "resources/read": ({"uri": ""}, "Unknown resource: (no name)"),
}


def test_what_has_no_name_is_told_so() -> None:
    with serving_lines("--language", "en") as lines:
        told = lines.ask(call(1, "", {}))["result"]["structuredContent"]["error"]["message"]
        assert told == "There is no tool (no name)."
        for method, (params, message) in NAMELESS.items():
            asked = {"jsonrpc": "2.0", "id": 2, "method": method, "params": params}
            assert lines.ask(json.dumps(asked).encode())["error"]["message"] == message


def test_what_clients_write_for_nothing_is_read_as_nothing_on_every_line() -> None:
    with serving_lines() as lines:
        for number, line in enumerate(TOLERATED):
            for blank in (b"", b"\r", b" \t", b"\xef\xbb\xbf"):
                lines.send(blank)
            assert lines.ask(line % number) == {"jsonrpc": "2.0", "id": number, "result": {}}, line
