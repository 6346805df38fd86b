"""The layers of Python between a model and an MCP server, each as an agent uses it, without a model.

It runs in an environment of its own, because some of them need the SDK before version 2. What it saw is
written as one JSON object: the schemas that each layer would show a model, and the answers to a walk over all
default tools, each called with only what it requires.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from agents import Agent
from agents.mcp import MCPServerStdio, MCPUtil
from agents.run_context import RunContextWrapper
from agents.tool_context import ToolContext
from fastmcp.client.transports import StdioTransport
from google.genai import _extra_utils, types
from langchain_core.messages import AIMessage
from langchain_google_genai._function_utils import convert_to_genai_function_declarations
from langchain_mcp_adapters.tools import load_mcp_tools
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = {"line_items": [{"name": "Plan mensual", "unit_price": 50000, "quantity": 1}]}
SOON = 60 * 60 * 24


def find_answer(said: Any) -> dict[str, Any]:
    """Find the JSON object of an answer, whatever a layer wrapped around its text."""
    if isinstance(said, dict) and isinstance(said.get("text"), str):
        said = said["text"]
    if isinstance(said, str):
        try:
            return find_answer(json.loads(said))
        except ValueError:
            return {"error": said}
    if isinstance(said, list):
        return find_answer(said[0])
    return said if isinstance(said, dict) else {"error": repr(said)}


async def walk(call: Call, now: int) -> dict[str, Any]:
    """Call every default tool with only what it requires."""
    seen: dict[str, Any] = {}

    async def ask(name: str, given: dict[str, Any]) -> dict[str, Any]:
        seen[name] = find_answer(await call(name, given))
        return dict(seen[name])

    await ask("list_customers", {})
    mine = {"customer_id": (await ask("create_customer", PERSON)).get("id")}
    await ask("get_customer", mine)
    await ask("update_customer", {**mine, "name": "Ana R"})
    await ask("add_card_source", {**mine, "token_id": "tok_test_visa_4242"})
    await ask("add_spei_recurrent_source", mine)
    address = {"street1": "Calle 1", "postal_code": "06100", "country": "MX"}
    await ask("add_shipping_contact", {**mine, "address": address})
    bill = await ask("create_order_reusing_clabe", {**mine, **LINES})
    await ask("create_order", {**PERSON, **LINES})
    await ask("find_payment", {"text": "500 pesos"})
    await ask("explain_payment", {"id": bill.get("id")})
    await ask("simulate_payment", {"order_id": bill.get("id")})
    await ask("refund_order", {"order_id": bill.get("id"), "amount": 50000, "reason": "requested_by_client"})
    await ask("create_payment_link", {"name": "Plan", "expires_at": now + SOON, **LINES})
    await ask("delete_customer", {"customer_id": "cus_none"})
    await ask("search_operations", {"query": "planes"})
    await ask("describe_operation", {"name": "get_order"})
    read = json.dumps({"order_id": bill.get("id")})
    await ask("call_read_operation", {"name": "get_order", "arguments": read})
    change = json.dumps({**mine, "name": "Ana Ruiz"})
    await ask("call_write_operation", {"name": "update_customer", "arguments": change})
    # As layers that fill in what a model left out.
    seen["filled_in"] = find_answer(
        await call("list_customers", {"limit": 5.0, "next": "", "search": "", "toolCallId": "1"})
    )
    return seen


async def use_openai(server: list[str], env: dict[str, str], now: int) -> dict[str, Any]:
    """Call as openai-agents does, with every schema made strict."""
    params: Any = {"command": server[0], "args": server[1:], "env": env}
    async with MCPServerStdio(params, client_session_timeout_seconds=60) as connected:
        context, agent = RunContextWrapper(None), Agent(name="walker")
        tools: Any = await MCPUtil.get_function_tools(connected, True, context, agent)
        named = {tool.name: tool for tool in tools}

        async def call(name: str, given: dict[str, Any]) -> Any:
            text = json.dumps(given)
            one = ToolContext(None, tool_name=name, tool_call_id="call_1", tool_arguments=text)
            return await named[name].on_invoke_tool(one, text)

        return {
            "strict": {tool.name: tool.strict_json_schema for tool in tools},
            "schemas": {tool.name: tool.params_json_schema for tool in tools},
            "answers": await walk(call, now) if now else {},
        }


async def use_google(session: ClientSession, now: int) -> dict[str, Any]:
    """Call as google-genai does, with the session as a tool."""
    config = types.GenerateContentConfig(tools=[session])
    parsed, adapters = await _extra_utils.parse_config_for_mcp_sessions(config)
    functions = _extra_utils.get_function_map(config, adapters, is_caller_method_async=True)
    declared = [one for tool in parsed.tools for one in tool.function_declarations]

    async def call(name: str, given: dict[str, Any]) -> Any:
        asked = types.Part(function_call=types.FunctionCall(name=name, args=given))
        content = types.Content(role="model", parts=[asked])
        response = types.GenerateContentResponse(candidates=[types.Candidate(content=content)])
        (part,) = await _extra_utils.get_function_response_parts_async(response, functions)
        answer = part.function_response.response
        return (answer.get("result") or answer.get("error")).structuredContent

    return {
        "schemas": {one.name: one.parameters.model_dump(mode="json", exclude_none=True) for one in declared},
        "answers": await walk(call, now) if now else {},
    }


async def use_langchain(session: ClientSession, now: int) -> dict[str, Any]:
    """Call as langchain-mcp-adapters does, with its tools declared to Gemini by langchain-google-genai."""
    tools = await load_mcp_tools(session)
    named = {tool.name: tool for tool in tools}
    declared = convert_to_genai_function_declarations(tools)
    one = declared if hasattr(declared, "function_declarations") else declared[0]

    async def call(name: str, given: dict[str, Any]) -> Any:
        try:
            return await named[name].ainvoke(given)
        except Exception as refused:  # noqa: BLE001  an answer that is an error is raised
            return {"error": str(refused)}

    return {
        "schemas": {
            function.name: function.model_dump(mode="json", exclude_none=True)
            for function in one.function_declarations
        },
        "answers": await walk(call, now) if now else {},
    }


async def use_langgraph(session: ClientSession, now: int) -> dict[str, Any]:
    """Call as a graph does whose tools stand in a ToolNode: a message of a model asks, a message answers."""
    tools = await load_mcp_tools(session)
    # As graphs of agents have it: an error is an answer that the model reads.
    node = ToolNode(tools, handle_tool_errors=True)
    graph = StateGraph(MessagesState).add_node("tools", node).add_edge(START, "tools").compile()

    async def call(name: str, given: dict[str, Any]) -> Any:
        asked = AIMessage("", tool_calls=[{"name": name, "args": given, "id": "call_1", "type": "tool_call"}])
        return (await graph.ainvoke({"messages": [asked]}))["messages"][-1].content

    return {
        "schemas": {tool.name: tool.args_schema for tool in tools},
        "answers": await walk(call, now) if now else {},
    }


async def use_pydantic_ai(server: list[str], env: dict[str, str], now: int) -> dict[str, Any]:
    """Call as an agent of pydantic-ai does; a function plays its model."""
    told: dict[str, Any] = {}
    wanted: list[ToolCallPart] = []

    def play(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        told["schemas"] = {tool.name: tool.parameters_json_schema for tool in info.function_tools}
        if wanted:
            return ModelResponse(parts=[wanted.pop()])
        # An answer is an object, an error is a text that asks the model to try again.
        told["answer"] = messages[-1].parts[-1].content
        return ModelResponse(parts=[TextPart("done")])

    transport = StdioTransport(command=server[0], args=server[1:], env=env)
    # Its five seconds for a start are few where other tests run beside this one.
    served = MCPToolset(transport, init_timeout=240)
    async with PydanticAgent(FunctionModel(play), toolsets=[served]) as agent:

        async def call(name: str, given: dict[str, Any]) -> Any:
            wanted.append(ToolCallPart(name, given))
            await agent.run("go on")
            return told["answer"]

        await call("list_customers", {})
        return {"answers": await walk(call, now) if now else {}, "schemas": told["schemas"]}


async def main() -> None:
    """Use each layer on the server that the arguments start; `now` 0 lists only."""
    now, env = int(sys.argv[1]), json.loads(sys.argv[2])
    server = sys.argv[3:]
    seen: dict[str, Any] = {
        "openai": await use_openai(server, env, now),
        "pydantic_ai": await use_pydantic_ai(server, env, now),
    }
    params = StdioServerParameters(command=server[0], args=server[1:], env=env)
    for name, use in (("google", use_google), ("langchain", use_langchain), ("langgraph", use_langgraph)):
        async with stdio_client(params) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            seen[name] = await use(session, now)
    sys.stdout.write(json.dumps(seen))


asyncio.run(main())
