"""check_subscription: why a subscription is past due, when it is retried, and how to resume it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from conekta_mcp.catalog import Operation, Reader
from conekta_mcp.domains.orders.tools import get_order
from conekta_mcp.domains.payment_sources.tools import list_payment_sources
from conekta_mcp.domains.plans.tools import get_plan
from conekta_mcp.domains.subscriptions.tools import (
    GetSubscriptionInput,
    get_subscription,
    list_subscriptions,
)
from conekta_mcp.domains.support.explaining.explainer import build_not_found
from conekta_mcp.domains.support.explaining.failures import describe_failure
from conekta_mcp.domains.support.explaining.next_steps import keep_open_steps, list_subscription_steps
from conekta_mcp.domains.support.fields import CheckSubscriptionInput
from conekta_mcp.domains.support.wording import say_amount, say_moment
from conekta_mcp.domains.webhooks.event_tools import list_events
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.order_sums import list_charges
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import get_times, say

Raw = Mapping[str, Any]
MAX_CHECKED = 3
HOUR, MONTHS_OF_YEAR = 3600, 12
URGENCY = ("past_due", "paused", "active", "in_trial", "canceled", "expired")


async def check_subscription(reader: Reader, asked: CheckSubscriptionInput) -> dict[str, Any]:
    if asked.customer_id and not asked.subscription_id:
        listing = list_subscriptions.input(customer_id=asked.customer_id, limit=50)
        page = await list_subscriptions.call(reader, listing)
        found: list[Raw] = sorted(get_rows(page) or [], key=_get_urgency)
        more = len(found[MAX_CHECKED:])
    else:
        subscription_id = str(asked.subscription_id)
        customer_id = asked.customer_id or await _find_owner(reader, subscription_id)
        wanted = GetSubscriptionInput(customer_id=customer_id, subscription_id=subscription_id)
        found, more = [await get_subscription.call(reader, wanted)], 0
    checked = [await _check_one(reader, one) for one in found[:MAX_CHECKED]]
    return {
        "subscriptions": checked,
        "more_subscriptions": more or None,
        "found": None if checked else say("No tiene suscripciones.", "They have no subscriptions."),
    }


async def _find_owner(reader: Reader, subscription_id: str) -> str:
    """Return the customer of a subscription, from its events, because no route returns it.

    Raises:
        RequestRefused: no event names the customer.
    """
    page = await list_events.call(reader, list_events.input(search=subscription_id, limit=20))
    for event in get_rows(page) or []:
        data = event.get("data")
        subject = data.get("object") if isinstance(data, Mapping) else None
        if (
            isinstance(subject, Mapping)
            and subject.get("id") == subscription_id
            and subject.get("customer_id")
        ):
            return str(subject["customer_id"])
    raise build_not_found(
        say(
            f"Ningún evento nombra {subscription_id}: da también customer_id.",
            f"No event names {subscription_id}: give customer_id too.",
        )
    )


async def _check_one(reader: Reader, subscription: Raw) -> dict[str, Any]:
    customer_id, order_id = subscription.get("customer_id"), subscription.get("last_billing_cycle_order_id")
    plan, page, order = await gather_answers(
        lambda: _read_or_empty(reader, get_plan, plan_id=str(subscription.get("plan_id"))),
        lambda: _read_or_empty(reader, list_payment_sources, customer_id=str(customer_id), limit=100),
        # Without an id this reads nothing, as with an id that is none.
        lambda: _read_or_empty(reader, get_order, order_id=order_id and str(order_id)),
    )
    cards = [one for one in get_rows(page) or [] if one.get("type") == "card"]
    card_id = subscription.get("card_id")
    card = next((one for one in cards if one.get("id") == card_id), None)
    is_card_gone = bool(card_id) and card is None and get_rows(page) is not None
    declined = [charge for charge in list_charges(order) if charge.get("status") == "declined"]
    next_try = _compute_next_try(subscription, plan, declined)
    failed = declined if normalize_status(subscription.get("status")) in {"past_due", "canceled"} else []
    bill = Bill(plan, order, declined, next_try, card, is_card_gone=is_card_gone)
    return {
        "subscription": subscription,
        "now": describe_subscription(subscription, bill),
        "plan": plan or None,
        "card": card,
        "other_cards": [one for one in cards if one is not card],
        "failure": describe_failure(str(failed[-1].get("failure_code") or "card_declined"))
        if failed
        else None,
        "failed_attempts": len(failed) or None,
        "unpaid_order_id": order_id if normalize_status(subscription.get("status")) == "past_due" else None,
        "next_try_at": next_try,
        "next_steps": keep_open_steps(
            reader, list_subscription_steps(subscription, None if is_card_gone else card_id, plan)
        ),
    }


@dataclass(frozen=True)
class Bill:
    """What is known of the bill of a subscription, besides the subscription itself."""

    plan: Raw
    order: Raw
    """The order of the latest cycle."""
    declined: Sequence[Raw]
    next_try: int | None
    card: Raw | None
    is_card_gone: bool = False

    @property
    def next_amount(self) -> str:
        return say_amount(self.plan) or say("su plan", "its plan")

    def warn_of_card(self, next_bill: object) -> str:
        """Say what is wrong before the next bill, though nothing shows it yet."""
        if self.is_card_gone:
            return say(
                " Su tarjeta ya no está guardada: ese cobro va a fallar si no se le da otra.",
                " Its card is not saved any more: that bill will fail unless it is given another.",
            )
        expiry = find_card_expiry(self.card or {})
        day = get_times().find_local(next_bill) if isinstance(next_bill, int) else None
        if expiry is None or day is None or day.date() < expiry:
            return ""
        month = (expiry - timedelta(1)).strftime("%m/%y")
        return say(
            f" Su tarjeta vence en {month}, antes de ese cobro.",
            f" Its card expires in {month}, before that bill.",
        )


def find_card_expiry(card: Raw) -> date | None:
    """Return the first day on which a card is no longer valid; None where its month is not known."""
    month, year = str(card.get("exp_month") or ""), str(card.get("exp_year") or "")[-2:]
    if not (month.isdecimal() and year.isdecimal() and 1 <= int(month) <= MONTHS_OF_YEAR):
        return None
    return (date(2000 + int(year), int(month), 1) + timedelta(31)).replace(day=1)


def describe_subscription(subscription: Raw, bill: Bill) -> str:
    """Describe the state of a subscription in a sentence or two."""
    status, amount = normalize_status(subscription.get("status")), bill.next_amount
    ends = say_moment(subscription.get("billing_cycle_end"))
    if status == "past_due":
        return _describe_past_due(bill)
    if status == "in_trial":
        trial = say_moment(subscription.get("trial_end"))
        return say(
            f"En prueba hasta {trial}; después se cobran {amount}.",
            f"In trial until {trial}; then {amount} is charged.",
        ) + bill.warn_of_card(subscription.get("trial_end"))
    if status == "active":
        return say(
            f"Al corriente; el próximo cobro de {amount} es el {ends}.",
            f"Paid up; the next bill of {amount} is on {ends}.",
        ) + bill.warn_of_card(subscription.get("billing_cycle_end"))
    if status == "paused":
        return say(
            "En pausa: no se cobra hasta reanudarla.", "Paused: nothing is charged until it is resumed."
        )
    if status == "canceled":
        return _describe_cancellation(subscription, bill)
    if status == "expired":
        return say("Terminó: se cobraron todos sus ciclos.", "It ended: all its cycles were charged.")
    return say(f"Conekta dice {status}.", f"Conekta says {status}.")


def _describe_past_due(bill: Bill) -> str:
    ending = f" {bill.card['last4']}" if bill.card and bill.card.get("last4") else ""
    when, owed = say_moment(bill.next_try), say_amount(bill.order) or bill.next_amount
    again = (
        say(f"Se espera otro intento hacia {when}.", f"Another try is expected about {when}.")
        if when
        else say("Conekta no dice si lo intentará de nuevo.", "Conekta does not say whether it tries again.")
    )
    with_card = (
        say(f"con la tarjeta{ending}", f"with the card{ending}")
        if not bill.is_card_gone
        else say("pero la tarjeta ya no está guardada", "but the card is not saved any more")
    )
    return say(
        f"Debe {owed}; intentos fallidos: {len(bill.declined)}, {with_card}. {again}",
        f"{owed} is due; failed attempts: {len(bill.declined)}, {with_card}. {again}",
    ) + ("" if bill.is_card_gone else bill.warn_of_card(bill.next_try))


def _describe_cancellation(subscription: Raw, bill: Bill) -> str:
    if subscription.get("canceled_reason") == "user_cancelation":
        return say("Cancelada a petición.", "Cancelled on request.")
    if bill.declined:
        return say("Cancelada: no se pudo cobrar.", "Cancelled: it could not be charged.")
    return say("Cancelada; Conekta no dice por qué.", "Cancelled; Conekta does not say why.")


def _compute_next_try(subscription: Raw, plan: Raw, declined: Sequence[Raw]) -> int | None:
    """Return when Conekta should retry, derived from the plan (conekta-api.md 4.9); else None."""
    delay, last = plan.get("retry_delay_hours"), declined[-1].get("created_at") if declined else None
    most = plan.get("max_retries")
    if (
        normalize_status(subscription.get("status")) != "past_due"
        or not isinstance(delay, int)
        or not isinstance(last, int)
    ):
        return None
    is_over = isinstance(most, int) and len(declined) > most
    return None if is_over else last + delay * HOUR


async def _read_or_empty(reader: Reader, tool: Operation[Any], **arguments: object) -> dict[str, Any]:
    """Read an object that may be deleted, such as a plan; return {} if it is, or if its id is no id."""
    try:
        return await tool.call(reader, tool.input(**arguments))
    except ValidationError:
        return {}
    except Failure as failure:
        if not failure.is_missing_object:
            raise
        return {}


def _get_urgency(subscription: Raw) -> int:
    status = normalize_status(subscription.get("status"))
    return URGENCY.index(status) if status in URGENCY else len(URGENCY)
