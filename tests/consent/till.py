"""A server with one tool that asks for consent, and a till that counts its refunds."""

import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
from mcp import Client, MCPError
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.mcpserver import Context, MCPServer
from mcp.types import (
    INVALID_PARAMS,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    TextContent,
)

from conekta_mcp.consent.consent import Consent, GrantedApproval
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.domains.refunds.tools import refund_order
from conekta_mcp.errors import Detail, Failure, StoreUnavailable
from conekta_mcp.server.elicitation import McpClient, to_input_required
from conekta_mcp.server.rendering.results import render_failure, to_error_fields
from conekta_mcp.server.request_state import create_bad_state_middleware, create_request_state_security
from conekta_mcp.server.tools.registration import build_sdk_tool

START = 1_768_564_855.0
REFUND = {"order_id": "ord_1", "amount": 50000, "reason": "requested_by_client"}
QUESTION = "¿Reembolsar MXN 500.00 de MXN 1,250.00 a «Ana Ruiz»?"
IN_ENGLISH = "Refund MXN 500.00 of MXN 1,250.00 to “Ana Ruiz”?"
Answer = Callable[[Any, Any], Awaitable[ElicitResult]]


class Shelf:
    """Documents in a dict that never expire."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}
        self.kept: list[tuple[str, bool]] = []
        """What was changed, and whether that waits for the disk; named values of the store too."""

    async def change(
        self, folder: str, name: str, old: str | None, new: str | None, _: float, *, durable: bool = True
    ) -> bool:
        if self.texts.get((folder, name)) != old:
            return False
        self.kept.append((folder, durable))
        self.texts.pop((folder, name), None)
        if new is not None:
            self.texts[folder, name] = new
        return True

    async def find(self, folder: str, name: str) -> str | None:
        return self.texts.get((folder, name))

    async def list_all(self, folder: str) -> dict[str, str]:
        return {name: text for (where, name), text in self.texts.items() if where == folder}


class Tokens:
    """The part of a store that consent needs."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = lambda: START
        self.documents = Shelf()
        self.used: dict[str, float] = {}
        self.values: dict[str, str] = {}
        self.down = False

    async def read_time(self) -> float:
        return self.clock()

    async def remember(self, name: str, value: str, _: float, *, durable: bool = True) -> None:
        self.values[name] = value
        self.documents.kept.append((name.partition(":")[0], durable))

    async def recall(self, name: str) -> str | None:
        return self.values.get(name)

    async def use_token_once(self, token: str, until: float) -> bool:
        if self.down:
            detail = Detail(code="conekta_mcp.errors.store_down", message="The store does not answer.")
            raise StoreUnavailable(type="store_unavailable", details=(detail,), outcome="not_applied")
        fresh = token not in self.used
        self.used[token] = until
        return fresh


@dataclass
class Till:
    """What refunds were made, and what a test can move: the clock, the account, what would happen."""

    now: float = START
    account: str = "0123456789abcdef"
    profile: str = "store-b"
    company: str = ""
    mode: str = "live"
    said: dict[str, str] = field(default_factory=lambda: {"es": QUESTION, "en": IN_ENGLISH})
    amount: int = 50000
    store: Tokens = field(default_factory=Tokens)
    made: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store.clock = lambda: self.now

    def server(self, *, secrets: tuple[str, ...] = (), language: str = "es", **more: Any) -> MCPServer:
        """Another worker in front of this till."""
        settings: dict[str, Any] = {"allow_preview": False, **more}
        consent = Consent(
            language=language,
            secrets=secrets,
            store=self.store,  # type: ignore[arg-type]  # all that consent uses of it
            **settings,
        )

        def render(failure: Failure) -> Any:
            return render_failure(failure, refund_order, language, livemode=None)

        async def run(_: Any, arguments: dict[str, Any], context: Context[Any, Any]) -> Any:
            own = {name: value for name, value in arguments.items() if name != "approval"}
            try:
                approved = await consent.obtain(
                    self.asked(own), McpClient(context), arguments.get("approval")
                )
            except Failure as failure:
                return render(failure)
            if not isinstance(approved, GrantedApproval):
                return to_input_required(approved)
            self.made.append((own, approved.how))
            return receipt(approved)

        server: MCPServer = MCPServer(
            "till",
            tools=[build_sdk_tool(refund_order, run)],
            request_state_security=create_request_state_security(secrets),
            log_level="CRITICAL",
        )

        async def refuse(failure: Failure, _: Any) -> Any:
            return to_error_fields(failure, refund_order, language)

        server.middleware.insert(0, create_bad_state_middleware(refuse))
        return server

    def asked(self, own: dict[str, Any]) -> ApprovalRequest:
        """What this call asks now."""
        token = get_access_token()
        return ApprovalRequest(
            tool="refund_order",
            arguments=json.dumps(own, sort_keys=True),
            amount=self.amount,
            currency="MXN",
            account=token.client_id if token else self.account,
            profile=self.profile,
            company=self.company,
            mode=self.mode,
            question=self.said,
        )


def receipt(approved: GrantedApproval) -> CallToolResult:
    """The answer of a refund that was made."""
    made = {"id": "ord_1", "status": approved.how}
    return CallToolResult(content=[TextContent(text=json.dumps(made))], structured_content=made)


@dataclass
class Person:
    """Whoever sits at the client: notes what they are asked and answers always the same."""

    action: str = "accept"
    content: dict[str, Any] | None = field(default_factory=lambda: {"approve": True})
    before: Callable[[], None] = lambda: None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def __call__(self, _: Any, params: ElicitRequestFormParams) -> ElicitResult:
        self.asked.append((params.message, params.requested_schema))
        self.before()
        return ElicitResult(action=self.action, content=self.content)  # type: ignore[arg-type]


SHARED = ("a-secret-that-all-replicas-of-a-shop-share",)
YES = {"approval": ElicitResult(action="accept", content={"approve": True})}
NO = {"approval": ElicitResult(action="decline")}


async def answered(server: Any, person: Any, mode: str = "auto", **given: Any) -> Any:
    """What the client of `person` is answered."""
    async with Client(server, mode=mode, elicitation_callback=person) as client:
        return (await client.call_tool("refund_order", {**REFUND, **given})).structured_content


async def question(session: ClientSession, **given: Any) -> tuple[str, ElicitRequest]:
    """The question of a call, sealed."""
    asked = await session.call_tool("refund_order", {**REFUND, **given}, allow_input_required=True)
    assert isinstance(asked, InputRequiredResult)
    request = (asked.input_requests or {})["approval"]
    assert isinstance(request, ElicitRequest)
    return str(asked.request_state), request


async def reply(session: ClientSession, state: str, answers: Any = YES, **given: Any) -> Any:
    """What the second round of a call is answered; an altered state is an error of the protocol."""
    try:
        result = await session.call_tool(
            "refund_order", {**REFUND, **given}, input_responses=answers, request_state=state
        )
    except MCPError as error:
        if error.code != INVALID_PARAMS or not isinstance(error.data, dict):
            raise
        return {"error": {name: told for name, told in error.data.items() if name != "reason"}}
    return result.structured_content


async def over_http(stack: AsyncExitStack, http: Any, key: str, person: Any, mode: str) -> Client:
    """A client of the app `http` that sends `key` as its Bearer."""
    transport = httpx2.ASGITransport(http)
    headers = {"Authorization": f"Bearer {key}"}
    wire = await stack.enter_async_context(
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)
    )
    target = streamable_http_client("http://127.0.0.1/mcp", http_client=wire)
    return await stack.enter_async_context(Client(target, mode=mode, elicitation_callback=person))
