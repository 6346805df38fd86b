"""An agent that asks a model what to do, within bounds."""

from dataclasses import dataclass

from evals.endpoints.conversation import (
    Conversation,
    Endpoint,
    EndpointError,
    Reply,
    Result,
    Said,
    ToolCall,
    ToolText,
)
from evals.play import Outcome, Scene, measure_bytes
from evals.server import Server
from evals.views import View, show

MAX_TURNS, MAX_CALLS = 16, 30
"""A model that needs more goes in circles."""
SYSTEM = (
    "You help the people of a Mexican shop with its payments, by the tools of one server. It is {now} in "
    "Mexico City. Do what is asked and nothing else; say what is true and what you could not do.\n\n"
    "Instructions of the server:\n{instructions}"
)
NOT_AN_OBJECT = "Error: the arguments are no JSON object. Nothing was called."


@dataclass(frozen=True)
class ModelAgent:
    endpoint: Endpoint
    view: View

    async def work(self, scene: Scene) -> Outcome:
        system = SYSTEM.format(now=scene.now, instructions=scene.server.instructions)
        conversation = Conversation(system, list_tool_texts(scene.server), [Said(scene.request)])
        try:
            return await self._converse(scene, conversation)
        except EndpointError as problem:
            return Outcome("", f"endpoint: {problem}")

    async def _converse(self, scene: Scene, conversation: Conversation) -> Outcome:
        may_reply, usage = bool(scene.task.reply), scene.usage
        while usage.turns < MAX_TURNS:
            reply = await self._take_turn(scene, conversation)
            if reply.calls and reply.ending == "answered":
                if usage.calls + len(reply.calls) > MAX_CALLS:
                    return Outcome(reply.text, f"more than {MAX_CALLS} calls")
                conversation.turns.append(tuple([await self._call(scene, call) for call in reply.calls]))
            elif may_reply and reply.ending == "answered" and "?" in reply.text and not scene.is_done():
                may_reply = False
                conversation.turns.append(Said(scene.task.reply))
            else:
                return Outcome(reply.text, reply.ending)
        return Outcome("", f"more than {MAX_TURNS} turns")

    async def _take_turn(self, scene: Scene, conversation: Conversation) -> Reply:
        reply = await self.endpoint.reply(conversation)
        conversation.turns.append(reply)
        scene.usage.turns += 1
        scene.usage.input_tokens += reply.input_tokens
        scene.usage.output_tokens += reply.output_tokens
        return reply

    async def _call(self, scene: Scene, call: ToolCall) -> Result:
        if call.arguments is None:
            scene.usage.calls += 1
            scene.usage.failed_calls += 1
            return Result(call, NOT_AN_OBJECT, failed=True)
        answer = await scene.call(call.tool, call.arguments)
        content = show(answer, self.view)
        scene.usage.answer_bytes += measure_bytes(content)
        return Result(call, content, answer.failed)


def list_tool_texts(server: Server) -> tuple[ToolText, ...]:
    return tuple(ToolText(tool.name, tool.description or "", tool.input_schema) for tool in server.tools)
