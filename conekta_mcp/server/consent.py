"""Obtains a person's yes, in both eras of the protocol; whatever is not a plain yes is a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.mcpserver import Context
from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequests, InputRequiredResult
from mcp_types.version import is_version_at_least
from pydantic import ValidationError

from conekta_mcp.safety.store import Store
from conekta_mcp.server.approvals import Approvals, Bound, How, Sealed
from conekta_mcp.server.question import WORDS, Asked, answer_form, bound_to, shown
from conekta_mcp.server.unapproved import (
    APPROVAL_SECONDS,
    changed,
    declined,
    expired,
    preview,
    unasked,
    unavailable,
    unclear,
    used,
)

__all__ = ["Approved", "Asked", "Consent"]

INPUT_REQUIRED = "2026-07-28"
"""The first protocol in which a question is a result, and its answer comes with the call made anew."""
QUESTION = "approval"
REMEMBERED_SECONDS = 3600
"""How much longer than it lives a used approval is remembered: no clock of a replica is that wrong."""


@dataclass(frozen=True, kw_only=True)
class Approved:
    """A person's yes: asked through the client, or by the weaker preview."""

    how: How
    id: str


class Consent:
    """Asks, and lets an approval work once."""

    def __init__(
        self,
        *,
        language: str,
        allow_preview: bool,
        secrets: tuple[str, ...],
        store: Store,
        clock: Callable[[], float],
        random: Callable[[int], bytes] = token_bytes,
        patience: float = APPROVAL_SECONDS,
    ) -> None:
        self._language = language
        self._allow_preview = allow_preview
        self._store = store
        self._approvals = Approvals(secrets, clock, random)
        self._clock = clock
        self._patience = patience

    async def obtain(
        self, asked: Asked, context: Context[Any, Any], preview_token: str | None
    ) -> Approved | InputRequiredResult:
        """Give the person's yes, or the question that the client has to put to them.

        Raises:
            NotApproved: there is no yes.
            StoreDown: that an approval is used cannot be noted.
        """
        question = shown(asked, self._language)
        bound = bound_to(asked, question)
        if not can_ask(context):
            return await self._previewed(question, bound, preview_token)
        if not uses_input_required(context):
            return await self._asked_within(question, bound, context)
        if context.request_state is None:
            sealed = self._approvals.sealed("elicited", bound)
            form = ElicitRequestFormParams(message=question, requested_schema=answer_form(self._language))
            asking: InputRequests = {QUESTION: ElicitRequest(params=form)}
            return InputRequiredResult(input_requests=asking, request_state=sealed.token)
        sealed = self._approvals.opened(context.request_state, "elicited", bound)
        await self._use(sealed)
        judge((context.input_responses or {}).get(QUESTION))
        return Approved(how="elicited", id=sealed.id)

    def unchanged(self, before: Asked, now: Asked) -> None:
        """Raise NotApproved if what was asked `before` is not what would happen `now`."""
        if bound_to(before, shown(before, self._language)) != bound_to(now, shown(now, self._language)):
            raise changed()

    async def _asked_within(self, question: str, bound: Bound, context: Context[Any, Any]) -> Approved:
        """Ask during the call, as protocols up to 2025-11-25 do."""
        sealed = self._approvals.sealed("elicited", bound)
        form = answer_form(self._language)
        try:
            with anyio.fail_after(self._patience):
                answer = await context.session.elicit_form(question, form, context.request_id)
        except TimeoutError:
            raise expired() from None
        except ValidationError:
            raise unclear() from None
        except (MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError) as cause:
            raise unasked() from cause
        if self._clock() >= sealed.until:
            raise expired()
        judge(answer)
        return Approved(how="elicited", id=sealed.id)

    async def _previewed(self, question: str, bound: Bound, token: str | None) -> Approved:
        if not self._allow_preview:
            raise unavailable()
        if token is None:
            sealed = self._approvals.sealed("preview", bound)
            raise preview(question, sealed.token, sealed.until, WORDS[self._language]["weaker"])
        sealed = self._approvals.opened(token, "preview", bound)
        await self._use(sealed)
        return Approved(how="preview", id=sealed.id)

    async def _use(self, sealed: Sealed) -> None:
        if not await self._store.use_once(f"approval:{sealed.id}", sealed.until + REMEMBERED_SECONDS):
            raise used()


def can_ask(context: Context[Any, Any]) -> bool:
    """Tell whether the client of this call can put a form to a person."""
    try:
        capabilities = context.client_capabilities
    except ValueError:  # a call from inside this process, without a client
        return False
    asking = capabilities.elicitation if capabilities else None
    if asking is None or (asking.form is None and asking.url is not None):
        return False
    return uses_input_required(context) or context.session.can_send_request


def uses_input_required(context: Context[Any, Any]) -> bool:
    """Tell whether a question is a result in the protocol of this call."""
    return is_version_at_least(context.protocol_version or "", INPUT_REQUIRED)


def judge(answer: object) -> None:
    """Raise NotApproved unless `answer` is a plain yes."""
    if not isinstance(answer, ElicitResult):
        raise unclear()
    if answer.action != "accept":
        raise declined()
    content = answer.content or {}
    approve = content.get("approve")
    if len(content) != 1 or not isinstance(approve, bool):
        raise unclear()
    if not approve:
        raise declined()
