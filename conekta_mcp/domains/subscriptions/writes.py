"""Plans of the writes on subscriptions (conekta-api.md 4.9, 5.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
from conekta_mcp.domains.subscriptions import deprecated_tools as singular
from conekta_mcp.domains.subscriptions.observed import (
    describe_subscription,
    find_charged_card,
    list_ended_ids,
    list_touched_ids,
    observe_bill,
    observe_change,
    observe_end,
    observe_start,
    pin_card,
    read_bill_state,
    read_new_subscription,
    read_subscription_state,
)
from conekta_mcp.domains.subscriptions.proofs import (
    RUNNING_STATUSES,
    SUBSCRIPTIONS_LOOKUP,
    OutcomeJudge,
    judge_cancellation,
    judge_resumption,
    judge_retry,
    judge_update,
    verify_subscription,
)
from conekta_mcp.domains.subscriptions.tools import (
    cancel_subscription,
    create_subscription,
    get_subscription,
    list_subscriptions,
    pause_subscription,
    resume_subscription,
    retry_subscription,
    update_subscription,
)
from conekta_mcp.effects.answer_check import AnswerExpectation, IfShown, NoneOf, expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_text import build_question
from conekta_mcp.effects.state_reading import Raw, create_lookup, create_reader, format_call, get_object
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import verify_status
from conekta_mcp.effects.write_plan import ObservedState, Unasked, WritePlan, observe_facts
from conekta_mcp.results.statuses import CANCELED_STATUSES

ID_ARGUMENTS = ("customer_id", "subscription_id")
ENDED = {"status": OneOf(CANCELED_STATUSES)}
NOT_ENDED = {"status": NoneOf(CANCELED_STATUSES)}
RUNNING = {"status": NoneOf(("paused", *CANCELED_STATUSES))}


def _plan_action(
    spanish: str,
    english: str,
    decide: OutcomeJudge,
    observe: Callable[[Any, Raw], ObservedState],
    kind: EffectKind = EffectKind.CHARGE,
    *,
    is_reversible: bool = False,
) -> WritePlan:
    return WritePlan(
        kind=kind,
        is_reversible=is_reversible,
        subject="customer_id",
        touches_read=list_ended_ids if kind is EffectKind.REMOVAL else list_touched_ids,
        rests_on=lambda _, raw: find_charged_card(raw),
        read=read_bill_state if decide is judge_retry else read_subscription_state,
        observe=observe,
        question=build_question(spanish, english),
        verifier=verify_subscription(decide),
    )


def _expect_start(arguments: Any, raw: Raw) -> Raw:
    """Expect a running subscription that charges the card that was shown."""
    card = pin_card(arguments, raw)
    return {**RUNNING, **{name: IfShown(value) for name, value in card.items()}}


def _plan_start(tool: Operation[Any], ends: tuple[str, str] = ("", "")) -> WritePlan:
    """Plan a new subscription; `ends` says in both languages what becomes of an earlier one."""
    return WritePlan(
        kind=EffectKind.CHARGE,
        is_reversible=False,
        subject="customer_id",
        touches_read=list_touched_ids,
        read=read_new_subscription,
        observe=observe_start,
        pin=pin_card,
        question=build_question(
            f"¿Suscribir a {{person}} al plan {{plan}} de {{price}}{{first}}{{changes}}{ends[0]}?",
            f"Subscribe {{person}} to the plan {{plan}} of {{price}}{{first}}{{changes}}{ends[1]}?",
        ),
        verifier=verify_new_row(
            list_subscriptions,
            # A list that was kept on the way may be another customer's.
            NewRow(tool=tool, derive=lambda arguments: {"customer_id": arguments.customer_id}),
            create_lookup(list_subscriptions, "customer_id"),
            "customer_id",
            row_lookup=lambda arguments, row: format_call(
                get_subscription, customer_id=arguments.customer_id, subscription_id=str(row.get("id"))
            ),
        ),
        expect_answer=expect_answer(tool, more=_expect_start),
    )


CHANGE = _plan_action(
    "¿Cambiar la suscripción {id} de {person} {target} {plan} de {price}{changes}{sooner}?",
    "Change the subscription {id} of {person} {target} {plan} of {price}{changes}{sooner}?",
    judge_update,
    observe_change,
    is_reversible=True,
)
CANCEL = _plan_action(
    "¿Terminar para siempre la suscripción {id} de {person} al plan {plan} de {price}?",
    "End for good the subscription {id} of {person} to the plan {plan} of {price}?",
    judge_cancellation,
    observe_end,
    EffectKind.REMOVAL,
)
RESUME = _plan_action(
    "¿Reanudar la suscripción {id} de {person} al plan {plan} de {price}, que puede cobrarse de inmediato?",
    "Resume the subscription {id} of {person} to the plan {plan} of {price}, which may be charged at once?",
    judge_resumption,
    observe_start,
)
PAUSE = WritePlan(
    unasked=Unasked.RESUMABLE,
    subject="customer_id",
    read=read_subscription_state,
    needs_state=False,
    observe=observe_facts(describe_subscription),
    question=build_question(
        "¿Pausar los cobros de la suscripción {id} de {person} al plan {plan} de {price}?",
        "Pause the billing of the subscription {id} of {person} to the plan {plan} of {price}?",
    ),
)


def _expect_meant(more: Raw) -> AnswerExpectation:
    """Expect, besides `more`, the id of the subscription that was read."""
    expect_kept = _expect_kept(more)

    def expect(arguments: Any, raw: Raw) -> Raw:
        known = get_object(raw, "subscription").get("id")
        return {**expect_kept(arguments, raw), **({"id": known} if known else {})}

    return expect


def _expect_kept(more: Raw) -> AnswerExpectation:
    """Expect, besides `more`, the plan and the card that the call does not change."""

    def expect(arguments: Any, raw: Raw) -> Raw:
        was = get_object(raw, "subscription")
        kept = {name: was[name] for name in ("plan_id", "card_id") if was.get(name)}
        named = {name for name in kept if getattr(arguments, name, None) is not None}
        return {**more, **{name: IfShown(value) for name, value in kept.items() if name not in named}}

    return expect


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_subscription.name: _plan_start(create_subscription),
    update_subscription.name: replace(
        CHANGE, expect_answer=expect_answer(update_subscription, more=_expect_kept(NOT_ENDED))
    ),
    cancel_subscription.name: replace(CANCEL, expect_answer=expect_answer(cancel_subscription, more=ENDED)),
    pause_subscription.name: replace(
        PAUSE,
        verifier=verify_status(
            create_reader(get_subscription, *ID_ARGUMENTS),
            "status",
            ("paused",),
            create_lookup(get_subscription, *ID_ARGUMENTS),
            others=RUNNING_STATUSES,
        ),
        expect_answer=expect_answer(pause_subscription, more={"status": "paused"}),
    ),
    resume_subscription.name: replace(
        RESUME, expect_answer=expect_answer(resume_subscription, more=_expect_kept(RUNNING))
    ),
    retry_subscription.name: replace(
        _plan_action(
            "¿Cobrar ahora otra vez {sum} a la tarjeta de {person} por el plan {plan} (suscripción {id})?",
            "Charge the card of {person} again now, {sum}, for the plan {plan} (subscription {id})?",
            judge_retry,
            observe_bill,
        ),
        expect_answer=expect_answer(retry_subscription, more=_expect_kept(NOT_ENDED)),
    ),
    singular.create_customer_subscription.name: _plan_start(
        singular.create_customer_subscription,
        ("; la suscripción que ya tenga puede terminar", "; a subscription they have may end"),
    ),
    singular.update_customer_subscription.name: replace(
        CHANGE,
        expect_answer=expect_answer(singular.update_customer_subscription, more=_expect_meant(NOT_ENDED)),
    ),
    singular.cancel_customer_subscription.name: replace(
        CANCEL,
        expect_answer=expect_answer(singular.cancel_customer_subscription, more=_expect_meant(ENDED)),
    ),
    singular.pause_customer_subscription.name: replace(
        PAUSE,
        verifier=verify_status(
            create_reader(singular.get_customer_subscription, "customer_id"),
            "status",
            ("paused",),
            SUBSCRIPTIONS_LOOKUP,
            others=RUNNING_STATUSES,
        ),
        expect_answer=expect_answer(singular.pause_customer_subscription, more={"status": "paused"}),
    ),
    singular.resume_customer_subscription.name: replace(
        RESUME,
        expect_answer=expect_answer(singular.resume_customer_subscription, more=_expect_meant(RUNNING)),
    ),
}
