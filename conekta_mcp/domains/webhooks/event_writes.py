"""Plan of sending an event again: to which webhooks, and which deliveries prove it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from conekta_mcp.catalog import EffectKind, Sender, Verification
from conekta_mcp.domains.webhooks.addresses import format_address
from conekta_mcp.domains.webhooks.event_tools import get_event, resend_event
from conekta_mcp.domains.webhooks.tools import get_webhook
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.comparison import digest_value
from conekta_mcp.effects.new_row import hide_field
from conekta_mcp.effects.question_text import Facts, build_question
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    create_reader,
    list_children,
)
from conekta_mcp.effects.verify_object import UNKNOWN, StateBefore, build_verification, verify_object
from conekta_mcp.effects.write_plan import WritePlan, observe_facts
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.results.page import hides_rows

READ_EVENT = create_reader(get_event, "event_id")
ADDRESSES = "addresses"
"""The key of the webhooks' addresses in the event that was read."""


def _describe_resend(_: Any, event: Raw) -> Facts:
    """Return the event, and the addresses to which it is sent."""
    return {
        "type": quote_text(str(event.get("type") or "")),
        "addresses": ", ".join(map(format_address, event.get(ADDRESSES, ()))),
    }


def _digest_deliveries(event: Raw) -> dict[str, str]:
    return {str(log.get("id")): digest_value(log) for log in list_children(event, "webhook_logs")}


async def _read_event(api: Sender, arguments: Any) -> Raw:
    """Read an event, and the addresses of the webhooks to which it is sent again."""
    ids = arguments.webhooks_ids
    event, *webhooks = await gather_answers(
        partial(call_read_tool, api, get_event, event_id=arguments.event_id),
        *(partial(call_read_tool, api, get_webhook, webhook_id=one) for one in ids),
    )
    return {**event, ADDRESSES: [one.get("url") for one in webhooks]}


def _note_deliveries(_: Any, event: Raw) -> StateBefore:
    return {"logs": _digest_deliveries(event)}


def _judge_resend(_: Any, event: Raw, noted: StateBefore) -> Verification:
    """Decide by the deliveries: a new one, or a new attempt."""
    if hides_rows(event.get("webhook_logs")) or not noted["logs"].keys() <= _digest_deliveries(event).keys():
        return UNKNOWN
    fresh = [
        log
        for log in list_children(event, "webhook_logs")
        if digest_value(log) != noted["logs"].get(str(log.get("id")))
    ]
    return build_verification("applied", fresh[0]) if fresh else build_verification("not_applied")


EVENT_WRITE_PLANS: Mapping[str, WritePlan] = {
    resend_event.name: WritePlan(
        kind=EffectKind.MESSAGE,
        is_reversible=False,
        subject="event_id",
        read=_read_event,
        content=lambda event: event.get(ADDRESSES),
        observe=observe_facts(_describe_resend),
        question=build_question(
            "¿Mandar otra vez el evento {type} ({event_id}) a {addresses}?",
            "Send the event {type} ({event_id}) again to {addresses}?",
        ),
        verifier=verify_object(
            READ_EVENT,
            _judge_resend,
            create_lookup(get_event, "event_id"),
            _note_deliveries,
            shown={"webhooks_ids": hide_field("a delivery is shown with its address, not with its webhook")},
        ),
        expect_answer=expect_answer(resend_event),
    ),
}
