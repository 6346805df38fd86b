"""wait_for_payment: waits until an order or link is paid or can no longer be, by webhook or polling."""

from collections.abc import Mapping
from typing import Any, Literal

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.orders.tools import GetOrderInput, get_order
from conekta_mcp.domains.payment_links.tools import GetPaymentLinkInput, get_payment_link
from conekta_mcp.domains.support.clues.parsing import normalize_id
from conekta_mcp.domains.support.explaining.explainer import describe_link
from conekta_mcp.domains.support.explaining.next_steps import (
    is_used_up,
    keep_open_steps,
    list_link_steps,
    list_order_steps,
)
from conekta_mcp.domains.support.explaining.state import describe_now, find_failure
from conekta_mcp.domains.support.fields import WaitForPaymentInput, is_link_id
from conekta_mcp.results.statuses import CANCELED, normalize_status
from conekta_mcp.results.times import say

Raw = Mapping[str, Any]
Outcome = Literal["paid", "pre_authorized", "declined", "expired", "canceled", "voided", "still_waiting"]
MAX_READS, MAX_WOKEN_READS = 30, 5
"""The maximum of reads, and of reads after news, so that a burst of news leaves some."""
FIRST_DELAY, GROWTH, LONGEST_DELAY = 2.0, 1.5, 30.0
"""Seconds between two reads; short at first, because most payers pay at once."""
ENDED_STATUSES = {
    **dict.fromkeys(("paid", "partially_refunded", "refunded", "charged_back"), "paid"),
    **{one: one for one in ("pre_authorized", "expired", "canceled", "voided", "declined")},
}
"""How an order ended, by its payment_status."""


async def wait_for_payment(reader: Reader, asked: WaitForPaymentInput) -> dict[str, Any]:
    """Read again after news or a growing delay, until the payment ended or the time is over."""
    limit, delay, reads, woken = asked.minutes * 60, FIRST_DELAY, 1, 0
    is_link = is_link_id(asked.id)
    subject = normalize_id("link_id", asked.id) if is_link else asked.id
    first = seen = await _read(reader, subject, is_link=is_link)
    outcome = _find_end(seen, first, is_link=is_link)
    while outcome is None and reads < MAX_READS and reader.has_budget():
        left = limit - reader.elapsed
        if left <= 0:
            break
        await reader.tell(int(reader.elapsed), limit)
        began, pause = reader.elapsed, min(delay, left)
        await reader.wait_for_news(subject, pause)
        rest = pause - (reader.elapsed - began)
        woken += rest > 0
        if rest > 0 and woken > MAX_WOKEN_READS:
            await reader.sleep(rest)
        delay = min(delay * GROWTH, LONGEST_DELAY)
        seen = await _read(reader, subject, is_link=is_link)
        reads += 1
        outcome = _find_end(seen, first, is_link=is_link)
    await reader.tell(limit, limit)
    steps = list_link_steps(seen) if is_link else list_order_steps(seen)
    return {
        "outcome": outcome or "still_waiting",
        "now": describe_link(seen) if is_link else describe_now(seen),
        "waited_seconds": int(reader.elapsed),
        "reads": reads,
        "hint": None if outcome else _describe_timeout(reader.elapsed, limit),
        "link" if is_link else "order": seen,
        "failure": None if is_link or outcome == "paid" else find_failure(seen),
        "next_steps": keep_open_steps(reader, steps),
    }


async def _read(reader: Reader, subject: str, *, is_link: bool) -> Raw:
    if is_link:
        return await get_payment_link.call(reader, GetPaymentLinkInput(checkout_id=subject))
    return await get_order.call(reader, GetOrderInput(order_id=subject))


def _find_end(seen: Raw, first: Raw, *, is_link: bool) -> str | None:
    """Return how the payment ended; None while it can still be paid."""
    if not is_link:
        return ENDED_STATUSES.get(str(normalize_status(seen.get("payment_status"))))
    paid, before = seen.get("paid_payments_count") or 0, first.get("paid_payments_count") or 0
    # A link for many payments may have been paid before: then only a new one is what is waited for, if there
    # can be one.
    if paid > before or is_used_up(seen):
        return "paid"
    return {"expired": "expired", CANCELED: CANCELED}.get(str(normalize_status(seen.get("status"))))


def _describe_timeout(seconds: float, limit: int) -> str:
    """Return how long the wait was; the budget of reads may end it early."""
    time = f"{limit // 60} min" if round(seconds) >= limit else f"{int(seconds)} s"
    return say(
        f"No llegó en {time}; eso no dice que no vaya a llegar. Se puede seguir esperando.",
        f"It did not arrive within {time}; that does not say that it will not. Waiting can go on.",
    )
