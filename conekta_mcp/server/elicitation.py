"""A call's MCP client, as asking a person needs it, in both eras of the protocol."""

from collections.abc import Mapping
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.mcpserver import Context
from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequests, InputRequiredResult
from mcp_types.version import is_version_at_least
from pydantic import ValidationError

from conekta_mcp.consent.client import Answer, PendingQuestion
from conekta_mcp.consent.refusals import build_unasked_question

INPUT_REQUIRED_PROTOCOL = "2026-07-28"
"""The first protocol in which a question is a result, and its answer comes with the call made anew."""
APPROVAL_INPUT = "approval"


class McpClient:
    """The client behind the context of one call; implements `conekta_mcp.consent.client.Client`."""

    def __init__(self, context: Context[Any, Any]) -> None:
        self._context = context

    @property
    def name(self) -> str | None:
        """The client and its version, as it says."""
        try:
            params = self._context.session.client_params
        except (ValueError, AttributeError):
            return None
        info = params.client_info if params else None
        return f"{info.name} {info.version}" if info else None

    @property
    def can_ask(self) -> bool:
        """Whether the client can put a form to a person."""
        try:
            capabilities = self._context.client_capabilities
        except ValueError:  # a call from inside this process, without a client
            return False
        asking = capabilities.elicitation if capabilities else None
        if asking is None or (asking.form is None and asking.url is not None):
            return False
        return self.asks_by_result or self._context.session.can_send_request

    @property
    def asks_by_result(self) -> bool:
        """Whether a question is a result in the protocol of this call."""
        return is_version_at_least(self._context.protocol_version or "", INPUT_REQUIRED_PROTOCOL)

    @property
    def returned_state(self) -> str | None:
        """The sealed approval that this call brings back."""
        return self._context.request_state

    def read_answer(self) -> Answer:
        """Return the answer that came back with the state."""
        return parse_answer((self._context.input_responses or {}).get(APPROVAL_INPUT))

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        """Ask during the call, as protocols up to 2025-11-25 do.

        Raises:
            NotApproved: the client did not put the question to anybody.
        """
        context = self._context
        try:
            return parse_answer(await context.session.elicit_form(question, dict(form), context.request_id))
        except ValidationError:
            return "unclear"
        except (MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError) as cause:
            raise build_unasked_question() from cause


def to_input_required(question: PendingQuestion) -> InputRequiredResult:
    """Return the MCP result that puts `question` to the person."""
    form = ElicitRequestFormParams(message=question.text, requested_schema=dict(question.form))
    requests: InputRequests = {APPROVAL_INPUT: ElicitRequest(params=form)}
    return InputRequiredResult(input_requests=requests, request_state=question.state)


def parse_answer(result: object) -> Answer:
    """Read the form's result; only a boolean alone in an accepted form is an answer."""
    if not isinstance(result, ElicitResult):
        return "unclear"
    if result.action != "accept":
        return "decline"
    content = result.content or {}
    approve = content.get("approve")
    if len(content) != 1 or not isinstance(approve, bool):
        return "unclear"
    return "approve" if approve else "decline"
