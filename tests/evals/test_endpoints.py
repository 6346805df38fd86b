"""The runner speaks both kinds of endpoint, and ends whatever a model does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from mcp.types import Tool

from evals.__main__ import KEY, build_parser, create_endpoint
from evals.endpoints.http import ATTEMPTS
from evals.model_agent import MAX_CALLS, MAX_TURNS, NOT_AN_OBJECT, ModelAgent
from evals.play import Outcome, Scene
from evals.server import Answer
from evals.task import Solution, Task
from evals.views import VIEWS, View
from tests.evals.stub import Kind, Stub, Told, serve_stub

pytestmark = pytest.mark.anyio
ASKED = "¿Ya llegó el pago de {ana.name}?"
TASK = Task("one", ASKED, (), Solution((), ""), (), reply="Sí, esa Ana.")
FOUND = Answer("one order", {"payments": [{"id": "ord_1"}]}, failed=False)
both = pytest.mark.parametrize("kind", ["openai", "anthropic"])


@dataclass
class FakeServer:
    """Answers every call with FOUND, and keeps what was called."""

    calls: list[tuple[str, Any]] = field(default_factory=list)
    instructions: str = "Amounts are centavos."
    tools: tuple[Tool, ...] = (
        Tool(name="find_payment", description="Find.", input_schema={"type": "object", "properties": {}}),
    )

    async def call(self, tool: str, arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        return FOUND if tool == "find_payment" else Answer("Error: no such tool", {}, failed=True)


@contextmanager
def stage(kind: Kind, *answers: Told, done: bool = False) -> Iterator[tuple[Stub, Scene]]:
    with serve_stub(kind, *answers) as stub:
        seeds = {"ana": {"name": "Ana Ruiz"}}
        yield stub, Scene(TASK, seeds, FakeServer(), lambda: done, "Thursday 05 March 2026, 10:00")  # type: ignore[arg-type]  # the calls of a Server, without a process


async def work(stub: Stub, scene: Scene, view: View = "text") -> Outcome:
    arguments = build_parser().parse_args(
        ["--model", "m-1", "--base-url", stub.base_url, "--api", stub.kind, "--tasks", ""]
    )
    async with httpx.AsyncClient(trust_env=False) as http:
        endpoint = create_endpoint(http, arguments)
        unhurried = replace(endpoint.poster, sleep=return_at_once)
        return await ModelAgent(replace(endpoint, poster=unhurried), view).work(scene)


async def return_at_once(_: float) -> None:
    pass


@both
async def test_a_model_calls_a_tool_and_answers(kind: Kind) -> None:
    answers = (Told("Busco.", (("find_payment", {"text": "Ana"}),)), Told("Sí, llegó."))
    with stage(kind, *answers) as (stub, scene):
        assert await work(stub, scene) == Outcome("Sí, llegó.", "answered")
    assert scene.server.calls == [("find_payment", {"text": "Ana"})]
    usage = scene.usage
    assert (usage.turns, usage.calls, usage.failed_calls, usage.answer_bytes) == (2, 1, 0, len("one order"))
    assert (usage.input_tokens, usage.output_tokens) == (200, 20)


async def test_an_openai_endpoint_is_sent_tools_and_the_conversation() -> None:
    answers = (Told(calls=(("find_payment", {"text": "Ana"}),)), Told("Sí."))
    with stage("openai", *answers) as (stub, scene):
        await work(stub, scene)
    first, second = stub.requests
    assert first["model"] == "m-1"
    assert first["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "find_payment",
                "description": "Find.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
    system, person = first["messages"]
    assert system["role"] == "system"
    assert "Thursday 05 March 2026, 10:00" in system["content"]
    assert "Amounts are centavos." in system["content"]
    assert person == {"role": "user", "content": "¿Ya llegó el pago de Ana Ruiz?"}
    call = {
        "id": "call_0_0",
        "type": "function",
        "function": {"name": "find_payment", "arguments": '{"text": "Ana"}'},
    }
    assert second["messages"][2:] == [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_0_0", "content": "one order"},
    ]


async def test_an_anthropic_endpoint_is_sent_tools_and_the_conversation() -> None:
    answers = (Told("Busco.", (("find_payment", {"text": "Ana"}),)), Told("Sí."))
    with stage("anthropic", *answers) as (stub, scene):
        await work(stub, scene)
    first, second = stub.requests
    assert first["tools"] == [
        {
            "name": "find_payment",
            "description": "Find.",
            "input_schema": {"type": "object", "properties": {}},
        }
    ]
    assert "Amounts are centavos." in first["system"]
    assert second["messages"] == [
        {"role": "user", "content": "¿Ya llegó el pago de Ana Ruiz?"},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Busco."},
                {"type": "tool_use", "id": "call_0_0", "name": "find_payment", "input": {"text": "Ana"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "call_0_0",
                    "content": "one order",
                    "is_error": False,
                }
            ],
        },
    ]


@both
async def test_several_calls_at_once_are_all_answered_in_their_order(kind: Kind) -> None:
    calls = (("find_payment", {"text": "Ana"}), ("gone", {}), ("find_payment", {"text": "Eva"}))
    with stage(kind, Told(calls=calls), Told("Sí.")) as (stub, scene):
        assert (await work(stub, scene)).ended == "answered"
    assert scene.server.calls == list(calls)
    assert (scene.usage.calls, scene.usage.failed_calls) == (3, 1)
    sent = stub.requests[1]["messages"]
    if kind == "openai":
        assert [one["tool_call_id"] for one in sent[-3:]] == ["call_0_0", "call_0_1", "call_0_2"]
    else:
        assert [one["is_error"] for one in sent[-1]["content"]] == [False, True, False]


@both
@pytest.mark.parametrize("given", ['{"text": "A', '["Ana"]', "null"])
async def test_malformed_arguments_are_told_and_call_nothing(kind: Kind, given: str) -> None:
    malformed = given if kind == "openai" else [given]
    with stage(kind, Told(calls=(("find_payment", malformed),)), Told("Perdón.")) as (stub, scene):
        assert (await work(stub, scene)).text == "Perdón."
    assert scene.server.calls == []
    assert (scene.usage.calls, scene.usage.failed_calls) == (1, 1)
    assert NOT_AN_OBJECT in json.dumps(stub.requests[1], ensure_ascii=False)


@both
async def test_a_refusal_ends_with_its_text(kind: Kind) -> None:
    with stage(kind, Told("I will not.", ending="refused")) as (stub, scene):
        assert await work(stub, scene) == Outcome("I will not.", "refused")
    assert len(stub.requests) == 1


@both
async def test_what_is_cut_off_calls_nothing(kind: Kind) -> None:
    told = Told("Bus", (("find_payment", {"text": "A"}),), ending="cut off")
    with stage(kind, told) as (stub, scene):
        assert await work(stub, scene) == Outcome("Bus", "cut off")
    assert scene.server.calls == []


@both
async def test_a_loop_without_end_is_stopped_by_the_bound_of_turns(kind: Kind) -> None:
    with stage(kind, Told(calls=(("find_payment", {}),))) as (stub, scene):
        assert await work(stub, scene) == Outcome("", f"more than {MAX_TURNS} turns")
    assert len(stub.requests) == MAX_TURNS


@both
async def test_too_many_calls_at_once_are_not_begun(kind: Kind) -> None:
    many = Told("Todo.", (("find_payment", {}),) * (MAX_CALLS + 1))
    with stage(kind, many) as (stub, scene):
        assert await work(stub, scene) == Outcome("Todo.", f"more than {MAX_CALLS} calls")
    assert scene.server.calls == []


@both
async def test_a_question_is_answered_once_by_the_reply_of_the_task(kind: Kind) -> None:
    with stage(kind, Told("¿Cuál Ana?"), Told("¿Segura?")) as (stub, scene):
        assert await work(stub, scene) == Outcome("¿Segura?", "answered")
    assert stub.requests[1]["messages"][-1] == {"role": "user", "content": "Sí, esa Ana."}
    assert len(stub.requests) == 2


@both
async def test_nobody_replies_once_the_end_state_is_reached(kind: Kind) -> None:
    with stage(kind, Told("Listo. ¿Algo más?"), done=True) as (stub, scene):
        assert await work(stub, scene) == Outcome("Listo. ¿Algo más?", "answered")
    assert len(stub.requests) == 1


@both
async def test_an_answer_that_passes_is_asked_for_again(kind: Kind) -> None:
    with stage(kind, Told(status=429), Told(status=503), Told("Sí.")) as (stub, scene):
        assert (await work(stub, scene)).text == "Sí."
    assert len(stub.requests) == 3


@both
@pytest.mark.parametrize(
    ("told", "ended", "requests"),
    [
        (Told(status=503), f"endpoint: no answer in {ATTEMPTS} attempts: HTTP 503", ATTEMPTS),
        (Told(status=401, raw='{"error": "no"}'), 'endpoint: HTTP 401: {"error": "no"}', 1),
        (Told(raw="<html>"), "endpoint: the answer is no JSON", 1),
        (Told(raw="[]"), "endpoint: the answer is no JSON object", 1),
    ],
    ids=["503", "401", "html", "list"],
)
async def test_an_endpoint_that_fails_ends_the_play_and_not_the_run(
    kind: Kind, told: Told, ended: str, requests: int
) -> None:
    with stage(kind, told) as (stub, scene):
        assert await work(stub, scene) == Outcome("", ended)
    assert len(stub.requests) == requests


@both
async def test_json_of_another_shape_is_told_as_that(kind: Kind) -> None:
    shape = {"openai": "chat completion", "anthropic": "message"}[kind]
    with stage(kind, Told(raw='{"choices": [], "content": null}')) as (stub, scene):
        assert await work(stub, scene) == Outcome("", f"endpoint: the answer is no {shape}")


@both
async def test_the_key_comes_from_its_variable(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "k-1")
    with stage(kind, Told("Sí.")) as (stub, scene):
        await work(stub, scene)
    headers = stub.headers[0]
    assert {name: headers.get(name) for name in ("authorization", "x-api-key")} == (
        {"authorization": "Bearer k-1", "x-api-key": None}
        if kind == "openai"
        else {"authorization": None, "x-api-key": "k-1"}
    )


@pytest.mark.parametrize(
    ("view", "shown"),
    {
        "text": "one order",
        "structured": '{"payments":[{"id":"ord_1"}]}',
        "both": 'one order\n{"payments":[{"id":"ord_1"}]}',
    }.items(),
)
async def test_a_model_sees_what_its_client_shows(view: View, shown: str) -> None:
    with stage("openai", Told(calls=(("find_payment", {}),)), Told("Sí.")) as (stub, scene):
        await work(stub, scene, view)
    assert stub.requests[1]["messages"][-1]["content"] == shown
    assert scene.usage.answer_bytes == len(shown)
    assert view in VIEWS


async def test_an_error_without_structured_content_is_shown_as_text() -> None:
    with stage("openai", Told(calls=(("gone", {}),)), Told("No.")) as (stub, scene):
        await work(stub, scene, "structured")
    assert stub.requests[1]["messages"][-1]["content"] == "Error: no such tool"
