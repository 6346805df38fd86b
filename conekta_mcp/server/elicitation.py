"""Asks a person through the MCP client of a call, in both ways of the protocol."""

import contextlib
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.mcpserver import Context
from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequests, InputRequiredResult
from mcp_types.version import is_version_at_least
from pydantic import ValidationError

from conekta_mcp.consent.client import Answer, PendingQuestion
from conekta_mcp.consent.refusals import build_unasked_question
from conekta_mcp.privacy.markup import disarm_markup
from conekta_mcp.server.card_support import supports_cards
from conekta_mcp.server.departures import has_departed

PATIENT_CLIENTS = ("claude-code", "inspector-cli", "ai-sdk-mcp-client", "@langchain/mcp-adapters", "mcp-use")
"""Names of clients that wait for a person without asking for progress (tried)."""
PROCESS = token_hex(16)
"""The name of the session over stdio."""
INPUT_REQUIRED_PROTOCOL = "2026-07-28"
"""From this protocol on a question is a result, and the answer comes with the repeated call."""
APPROVAL_INPUT = "approval"


class McpClient:
    """Implements `conekta_mcp.consent.client.Client` for the context of one call."""

    def __init__(self, context: Context[Any, Any]) -> None:
        self._context = context

    @property
    def name(self) -> str | None:
        try:
            params = self._context.session.client_params
        # Raised by the SDK where a call has no session, such as one from inside this process.
        except (ValueError, AttributeError):
            return None
        info = params.client_info if params else None
        return f"{info.name} {info.version}" if info else None

    @property
    def session(self) -> str:
        token = get_access_token()
        if token is None:
            return PROCESS
        request = self._context.request_context.request
        session_id = request.headers.get("mcp-session-id") if request is not None else None
        return "\n".join((token.token, session_id or "", self.name or ""))

    @property
    def shows_cards(self) -> bool:
        try:
            return supports_cards(self._context)
        except ValueError:  # a call from inside this process, without a client
            return False

    @property
    def is_patient(self) -> bool:
        try:
            meta = self._context.request_context.meta or {}
        except ValueError:  # a call from inside this process
            return False
        return "progress_token" in meta or (self.name or "").startswith(PATIENT_CLIENTS)

    async def report_waiting(self, message: str, seconds: float) -> None:
        with contextlib.suppress(ValueError, anyio.ClosedResourceError, anyio.BrokenResourceError):
            # Between the 0 and the 1 of the call, and more each time, as the protocol wants.
            await self._context.report_progress((seconds + 1) / (seconds + 60), 1, message)

    @property
    def has_departed(self) -> bool:
        try:
            request = self._context.request_context.request
        except ValueError:  # a call from inside this process
            return False
        return request is not None and has_departed(request)

    @property
    def can_ask(self) -> bool:
        try:
            capabilities = self._context.client_capabilities
        except ValueError:  # a call from inside this process, without a client
            return False
        asking = capabilities.elicitation if capabilities else None
        # Clients from before URL mode declare elicitation without naming a mode, and mean forms.
        if asking is None or (asking.form is None and asking.url is not None):
            return False
        # Asking during the call needs a way back to the client, which stateless HTTP does not have.
        return self.asks_by_result or self._context.session.can_send_request

    @property
    def asks_by_result(self) -> bool:
        return is_version_at_least(self._context.protocol_version or "", INPUT_REQUIRED_PROTOCOL)

    @property
    def returned_state(self) -> str | None:
        # Without an answer the state says nothing, and is not used up: the question is asked again.
        return (
            self._context.request_state if APPROVAL_INPUT in (self._context.input_responses or {}) else None
        )

    def read_answer(self) -> Answer:
        return parse_answer((self._context.input_responses or {}).get(APPROVAL_INPUT))

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        """Ask during the call (protocols up to 2025-11-25); raise NotApproved if nobody was asked."""
        context = self._context
        try:
            message = disarm_markup(question)
            return parse_answer(await context.session.elicit_form(message, dict(form), context.request_id))
        # The client answered, but not with the result of a form.
        except ValidationError:
            return "unclear"
        except (MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError) as cause:
            raise build_unasked_question() from cause


def to_input_required(question: PendingQuestion) -> InputRequiredResult:
    form = ElicitRequestFormParams(message=disarm_markup(question.text), requested_schema=dict(question.form))
    requests: InputRequests = {APPROVAL_INPUT: ElicitRequest(params=form)}
    return InputRequiredResult(input_requests=requests, request_state=question.state)


def parse_answer(result: object) -> Answer:
    """Return the answer of an accepted form, which is one boolean; a closed form is a no."""
    if not isinstance(result, ElicitResult):
        return "unclear"
    if result.action != "accept":
        return "closed" if result.action == "cancel" else "decline"
    content = result.content or {}
    approve = content.get("approve")
    if len(content) != 1 or not isinstance(approve, bool):
        return "unclear"
    return "approve" if approve else "decline"


async def report_progress(context: Context[Any, Any], title: str, done: int, of: int) -> None:
    """Report progress if the client asked for it; a disconnected client is ignored."""
    with contextlib.suppress(ValueError, anyio.ClosedResourceError, anyio.BrokenResourceError):
        await context.report_progress(done, of, title)
