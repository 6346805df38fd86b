"""The judge of the soak counts every answer, and knows which call made a row."""

from dataclasses import replace
from typing import Any

import pytest

from tests.soak.judge import Answer, Intent, Json, Ledger, Loss, Row, findings
from tests.soak.plan import LONG, QUIET, Planned, Planning

MADE: Json = {"id": "ord_1"}
REFUSED: Json = {"error": {"type": "api_error", "outcome": "not_applied"}}
UNKNOWN: Json = {"error": {"type": "connection_error", "outcome": "unknown"}}


def make_intent(*answers: Answer, **more: Any) -> Intent:
    plan = Planned(
        number=1, like=1, tool="create_order", fault="cut after", times=1, blind=0, own_key=True, twice=False,
        eager=False, stubborn=False,
    )  # fmt: skip
    given: dict[str, Any] = {"plan": plan, "arguments": {}, "method": "POST", "path": "/orders", "body": {}}
    given |= {"idempotent": False, "kept_by_key": True, "kinds": ("order",), "answers": list(answers), **more}
    return Intent(**given)


def judge(intent: Intent, *ids: str, limit: int | None = None) -> list[tuple[str, str]]:
    """The kinds of what is found of an intent for which the ledger made these, at places 1, 2 and so on."""
    rows = [Row(place=at, name=one, shown=one, body={"amount": 500}) for at, one in enumerate(ids, 1)]
    ledger = Ledger(rows={1: rows}, places={"before": 0, "first": 1, "after": 9})
    planning = Planning(seed=1, number=1, passes=130.0, intents=(intent.plan,), limit=limit)
    return [
        (one.kind, one.detail.partition(":")[0].partition(";")[0])
        for one in findings(planning, [intent], ledger)
    ]


@pytest.mark.parametrize(
    ("answers", "made", "found"),
    [
        ([Answer(told=MADE)], ["ord_1"], []),
        ([Answer(told=MADE)], [], ["lie", "lie"]),
        ([Answer(told=MADE)], ["ord_1", "ord_2"], ["duplicate", "lie"]),
        ([Answer(told=MADE)], ["ord_7"], ["lie"]),
        ([Answer(told=REFUSED, after="after")], ["ord_1"], ["lie", "lie"]),
        ([Answer(told=UNKNOWN)], ["ord_1"], ["never settled"]),
        ([Answer(told=REFUSED, after="before"), Answer(told=MADE)], ["ord_1"], []),
        # A lie that a later answer made good is a lie.
        ([Answer(told=REFUSED, after="after"), Answer(told=MADE)], ["ord_1"], ["lie"]),
        ([Answer(told=MADE), Answer(told=REFUSED, after="after")], ["ord_1"], ["lie"]),
    ],
)  # fmt: skip
def test_every_answer_is_compared_with_what_there_was(
    answers: list[Answer], made: list[str], found: list[str]
) -> None:
    assert [kind for kind, _ in judge(make_intent(*answers), *made)] == found


def test_what_only_a_false_answer_showed_must_not_be_told() -> None:
    told = Answer(told={"id": "ord_1", "amount": 507, "x": 1})
    assert judge(make_intent(told, false=[507]), "ord_1") == [("lie", "told what only a false answer shows")]
    assert judge(make_intent(told, false=[508]), "ord_1") == []


def test_after_a_lost_store_only_conektas_memory_of_the_key_is_promised() -> None:
    again = make_intent(Answer(told=MADE), forgotten=True, kept_by_key=False)
    assert judge(again, "ord_1", "ord_2") == []
    again.kept_by_key = True
    assert judge(again, "ord_1", "ord_2") == [("duplicate", "made 2 times")]


@pytest.mark.parametrize(
    ("answers", "loss", "made", "found"),
    [
        # What was told before the loss is about what was made before it.
        ([Answer(told=REFUSED, after="first")], Loss(answers=1, after="first"), 1, ["lie", "lie"]),
        ([Answer(told=REFUSED, after="before")], Loss(answers=1, after="first"), 1, ["lie"]),
        ([Answer(told=UNKNOWN)], Loss(answers=1, after="first"), 1, []),
        # What is told after it is about the new request only.
        (
            [Answer(told=UNKNOWN), Answer(told=REFUSED, after="after")],
            Loss(answers=1, after="first"), 1, [],
        ),
        (
            [Answer(told=UNKNOWN), Answer(told=REFUSED, after="after")],
            Loss(answers=1, after="first"), 2, ["lie", "lie"],
        ),
        (
            [Answer(told=UNKNOWN), Answer(told=REFUSED, after="first")],
            Loss(answers=1, after="first"), 2, ["lie"],
        ),
    ],
)  # fmt: skip
def test_not_applied_is_judged_by_the_store_that_knew(
    answers: list[Answer], loss: Loss, made: int, found: list[str]
) -> None:
    intent = make_intent(*answers, forgotten=True, kept_by_key=False, lost_store=loss)
    ids = [f"ord_{number}" for number in range(1, made + 1)]
    assert [kind for kind, _ in judge(intent, *ids)] == found


@pytest.mark.parametrize(
    ("path", "passes", "found"),
    [
        ("/checkouts/6f8a/cancel", LONG, []),
        ("/checkouts/6f8a/cancel", QUIET, ["never settled"]),
        ("/orders/ord_1/cancel", LONG, ["never settled"]),
    ],
)
def test_a_lost_link_may_stay_unknown_only_beside_others_once_conekta_forgot_its_key(
    path: str, passes: float, found: list[str]
) -> None:
    link, other = make_intent(Answer(told=UNKNOWN)), make_intent(Answer(told=REFUSED))
    link.plan = replace(link.plan, tool="create_payment_link")
    other.plan, other.path = replace(other.plan, number=2, like=2, tool="cancel_order"), path
    planning = Planning(seed=1, number=1, passes=passes, intents=(link.plan, other.plan))
    ledger = Ledger(rows={1: [], 2: []}, places={})
    assert [one.kind for one in findings(planning, [link, other], ledger)] == found


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("DELETE", "/webhooks/696ccb79", []),
        ("PUT", "/webhooks/696ccb79", ["never settled"]),
        ("DELETE", "/customers/cus_1", ["never settled"]),
    ],
)
def test_what_goes_into_a_list_that_was_emptied_may_stay_unknown(
    method: str, path: str, found: list[str]
) -> None:
    webhook, other = make_intent(Answer(told=UNKNOWN)), make_intent(Answer(told=REFUSED))
    webhook.plan, webhook.path = replace(webhook.plan, tool="create_webhook"), "/webhooks"
    other.plan = replace(other.plan, number=2, like=2, tool="cancel_order")
    other.method, other.path = method, path
    planning = Planning(seed=1, number=1, passes=QUIET, intents=(webhook.plan, other.plan))
    ledger = Ledger(rows={1: [], 2: []}, places={})
    assert [one.kind for one in findings(planning, [webhook, other], ledger)] == found


def test_a_limit_is_passed_by_a_centavo() -> None:
    intent = make_intent(Answer(told=MADE))
    intent.plan = Planned(**{**vars(intent.plan), "tool": "refund_order"})
    assert judge(intent, "ord_1", limit=500) == []
    assert judge(intent, "ord_1", limit=499) == [
        ("limit passed", "the limit of 499 centavos was passed by 1")
    ]
