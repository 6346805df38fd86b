"""What a finished claim stores, and the answer of a repeat."""

import json
from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, Failure
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import IdempotentSender, WriteResult, replay_answer, to_failure_json

pytestmark = pytest.mark.anyio
DONE = Claim(
    account="a1b2", tool="create_card_order", key="k-1", fingerprint="f", arguments="{}", owner="one", at=1.0,
    until=2.0, state="done", outcome="applied",
)  # fmt: skip
DECLINED = Failure(
    type="processing_error",
    details=(
        Detail(code="conekta.errors.processing.bank.declined", message="La tarjeta fue declinada."),
        Detail(code="two", debug_message="Declined.", param="token_id"),
    ),
    http_status=402,
    log_id="6a0000000000000000000001",
    outcome="applied",
    created={"object": "order", "id": "ord_1"},
)


class Noting:
    """An account that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def send(self, request: Request) -> dict[str, Any]:
        self.asked.append(request)
        return {"id": "ord_1"}


def test_a_repeat_gets_the_object() -> None:
    assert replay_answer(replace(DONE, answer='{"raw": {"id": "ord_1"}}')) == WriteResult(
        {"id": "ord_1"}, repeated=True
    )


@pytest.mark.parametrize("by", ["reading", "resending", "person"])
def test_a_repeat_says_how_a_lost_answer_was_settled(by: str) -> None:
    settled = replace(DONE, settled_by=by, answer='{"raw": {"id": "ord_1"}, "settled": true}')
    assert replay_answer(settled) == WriteResult({"id": "ord_1"}, settled=by, repeated=True)


def test_a_repeat_gets_the_failure_whole_that_it_ended_with() -> None:
    kept = replace(DONE, answer=json.dumps({"failure": to_failure_json(DECLINED)}))
    with pytest.raises(Failure) as caught:
        replay_answer(kept)
    assert vars(caught.value) == {**vars(DECLINED), "repeated": True}


async def test_the_key_of_an_intent_goes_to_conekta_hashed_and_only_where_it_takes_one() -> None:
    account = Noting()
    post = Request(method="POST", path="/orders", body={"currency": "MXN"}, accepts_key=True)
    for name, tool, key in (
        ("a1b2", "create_order", "k-1"),
        ("a1b2", "create_order", "k-1"),
        ("a1b2", "create_order", "k-2"),
        ("a1b2", "x", "k-1"),
        ("c3d4", "create_order", "k-1"),
    ):
        await IdempotentSender(account, name, tool, key).send(post)
    await IdempotentSender(account, "a1b2", "create_order", "k-1").send(replace(post, accepts_key=False))
    keys = [request.idempotency_key for request in account.asked]
    assert keys[0] == keys[1] == "e8340e1ce0550daad6795dc4cf84cfd5151aee73"
    assert len({*keys}) == 5
    assert keys[5] is None
    assert {len(key) for key in keys[:5] if key} == {40}
