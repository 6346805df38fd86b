"""The failures of calls that nobody approved; nothing was sent for any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from conekta_mcp.errors import Detail, NotApproved

if TYPE_CHECKING:
    from conekta_mcp.consent.pending.record import PendingApproval

ASK_AGAIN_HINT = "If the person still wants it, make the call anew: they are asked again."


def build_refusal(kind: str, code: str, message: str, hint: str, **more: Any) -> NotApproved:
    detail = Detail(code=f"conekta_mcp.errors.{code}", message=message)
    return NotApproved(type=kind, details=(detail,), outcome="not_applied", hint=hint, **more)


def build_invalid_approval() -> NotApproved:
    message = "This approval does not belong to this call, or was altered. Nothing was sent."
    return build_refusal("consent_invalid", "consent_invalid", message, ASK_AGAIN_HINT)


def build_changed_effect() -> NotApproved:
    message = "What would happen changed after the person was asked. Nothing was sent."
    return build_refusal("consent_invalid", "consent_changed", message, ASK_AGAIN_HINT)


def build_used_approval() -> NotApproved:
    message = "This approval was used before; it works once. Nothing was sent for this call."
    hint = "Look whether the first call was applied before anything else. " + ASK_AGAIN_HINT
    return build_refusal("consent_invalid", "consent_used", message, hint)


def build_expired_approval(decision: str | None = None) -> NotApproved:
    message = "The approval did not come in time. Nothing was sent."
    return build_refusal("consent_expired", "consent_expired", message, ASK_AGAIN_HINT, decision=decision)


def build_declined_approval(decision: str | None = None, hint: str | None = None) -> NotApproved:
    message = "The person did not approve it. Nothing was sent."
    hint = hint or "Do not repeat the call unless the person asks for it again."
    return build_refusal("consent_declined", "consent_declined", message, hint, decision=decision)


def build_lost_yes(standing: PendingApproval | None) -> NotApproved:
    """Return why a yes that was there a moment ago is none, by the approval as it stands now."""
    if standing and standing.state == "declined":
        return build_declined_approval(standing.describe_decision())
    if standing and standing.state == "spent":
        return build_used_approval()
    return build_expired_approval(standing.describe_decision() if standing else None)


def build_unclear_answer() -> NotApproved:
    message = "The answer to the question was neither yes nor no. Nothing was sent."
    return build_refusal("consent_invalid", "consent_unclear", message, ASK_AGAIN_HINT)


def build_unasked_question() -> NotApproved:
    message = "The client failed to ask the person. Nothing was sent."
    return build_refusal("consent_unavailable", "consent_unasked", message, ASK_AGAIN_HINT)


def build_paused_asking(seconds: int) -> NotApproved:
    message = (
        "Nobody is asked for a while: the last questions were refused or not answered. Nothing was sent."
    )
    hint = "Tell the person what you wanted to do. Do not repeat the call before retry_after_s is over."
    return build_refusal("consent_paused", "consent_paused", message, hint, retry_after_s=max(1, seconds))


def build_pending_approval(
    message: str, places: Iterable[tuple[str, str]], hint: str, seconds: int, preview: Mapping[str, Any]
) -> NotApproved:
    """Return the failure of a call without an answer yet; `places` say where a person can answer."""
    details = [Detail(code="conekta_mcp.errors.consent_pending", message=message)]
    # Without a code: the texts are in the operator's language already.
    details += [Detail(message=text, param=channel) for channel, text in places]
    return NotApproved(
        type="consent_pending",
        details=tuple(details),
        outcome="not_applied",
        retryable=True,
        retry_after_s=seconds,
        hint=hint,
        preview=dict(preview),
    )


def build_unavailable_consent() -> NotApproved:
    # One detail for each reader: agent, user, operator.
    messages = {
        "consent_unavailable": "A person has to approve this, and this client cannot ask. Nothing was sent.",
        "consent_user_choices": (
            "User: use a client that can ask (MCP elicitation), or do it in Conekta's panel."
        ),
        "consent_operator_choices": (
            "Operator: --confirm says what needs a yes; --approval-channels, --store and --approvers say "
            "where a person can answer; --allow-preview lets the model show a preview and repeat the call "
            "with its token, which is weaker: nothing proves that a person saw it."
        ),
    }
    details = (
        Detail(
            code=f"conekta_mcp.errors.{code}", message=text, param="confirm" if "operator" in code else None
        )
        for code, text in messages.items()
    )
    return NotApproved(
        type="consent_unavailable",
        details=tuple(details),
        outcome="not_applied",
        hint="Do not repeat the call here. Tell the person the choices in details.",
    )


def build_preview(shown: Mapping[str, Any]) -> NotApproved:
    """Return the failure that shows what would happen, with the token for a second call."""
    message = "NOT done yet: this is a preview that a person has to see and approve. Nothing was sent."
    hint = (
        "Show preview.question to the person word for word. Only if they say yes, repeat the same call with "
        "approval set to preview.token."
    )
    return build_refusal("consent_preview", "consent_preview", message, hint, preview=dict(shown))
