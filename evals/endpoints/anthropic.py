"""POST {base}/v1/messages with tools."""

from dataclasses import dataclass

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

VERSION = "2023-06-01"
MAX_TOKENS = 4096
ENDINGS: dict[str, Ending] = {"refusal": "refused", "max_tokens": "cut off"}


@dataclass(frozen=True)
class AnthropicEndpoint:
    poster: Poster
    model: str

    async def reply(self, conversation: Conversation) -> Reply:
        body = {
            "model": self.model,
            "max_tokens": MAX_TOKENS,
            "system": conversation.system,
            "messages": [_write_turn(turn) for turn in conversation.turns],
            "tools": [
                {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
                for tool in conversation.tools
            ],
        }
        return _read_reply(await self.poster.post(body))


def _write_turn(turn: Turn) -> Json:
    if isinstance(turn, Said):
        return {"role": "user", "content": turn.text}
    if isinstance(turn, Reply):
        return {"role": "assistant", "content": turn.sent}
    results = [
        {"type": "tool_result", "tool_use_id": one.call.id, "content": one.content, "is_error": one.failed}
        for one in turn
    ]
    return {"role": "user", "content": results}


def _read_reply(answer: Json) -> Reply:
    try:
        blocks: list[Json] = answer["content"]
        calls = tuple(_read_call(block) for block in blocks if block["type"] == "tool_use")
        text = "\n".join(block["text"] for block in blocks if block["type"] == "text")
    except (LookupError, TypeError) as cause:
        raise EndpointError("the answer is no message") from cause
    usage = answer.get("usage") or {}
    return Reply(
        text=text,
        calls=calls,
        ending=ENDINGS.get(answer.get("stop_reason") or "", "answered"),
        input_tokens=_sum_input(usage),
        output_tokens=usage.get("output_tokens", 0),
        sent=blocks,
    )


def _sum_input(usage: Json) -> int:
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(usage.get(name) or 0 for name in names)


def _read_call(block: Json) -> ToolCall:
    arguments = block.get("input")
    return ToolCall(block["id"], block["name"], arguments if isinstance(arguments, dict) else None)
