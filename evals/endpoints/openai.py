"""POST {base}/chat/completions with tools."""

import json
from dataclasses import dataclass
from typing import Any

from evals.endpoints.conversation import (
    Conversation,
    Ending,
    EndpointError,
    Reply,
    Said,
    ToolCall,
    Turn,
)
from evals.endpoints.http import Poster
from evals.task import Json


@dataclass(frozen=True)
class OpenAiEndpoint:
    poster: Poster
    model: str

    async def reply(self, conversation: Conversation) -> Reply:
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": conversation.system},
                *(message for turn in conversation.turns for message in _write_turn(turn)),
            ],
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.schema,
                    },
                }
                for tool in conversation.tools
            ],
        }
        return _read_reply(await self.poster.post(body))


def _write_turn(turn: Turn) -> list[Json]:
    if isinstance(turn, Said):
        return [{"role": "user", "content": turn.text}]
    if isinstance(turn, Reply):
        return [turn.sent]
    return [{"role": "tool", "tool_call_id": one.call.id, "content": one.content} for one in turn]


def _read_reply(answer: Json) -> Reply:
    try:
        choice = answer["choices"][0]
        message: Json = choice["message"]
        calls = tuple(_read_call(one) for one in message.get("tool_calls") or ())
    except (LookupError, TypeError) as cause:
        raise EndpointError("the answer is no chat completion") from cause
    refusal = message.get("refusal")
    usage = answer.get("usage") or {}
    return Reply(
        text=message.get("content") or refusal or "",
        calls=calls,
        ending=_read_ending(choice.get("finish_reason"), bool(refusal)),
        input_tokens=usage.get("prompt_tokens", 0),
        output_tokens=usage.get("completion_tokens", 0),
        sent=_keep_message(message),
    )


def _keep_message(message: Json) -> Json:
    kept = {name: message[name] for name in ("content", "tool_calls") if message.get(name)}
    return {"role": "assistant", "content": None, **kept}


def _read_ending(reason: Any, refused: bool) -> Ending:
    if refused or reason == "content_filter":
        return "refused"
    return "cut off" if reason == "length" else "answered"


def _read_call(call: Json) -> ToolCall:
    function = call["function"]
    return ToolCall(call["id"], function["name"], read_arguments(function.get("arguments") or "{}"))


def read_arguments(text: Any) -> Json | None:
    """Return the object in a JSON text (or the object that some endpoints send); None if there is none."""
    if isinstance(text, dict):
        return text
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, dict) else None
