"""A lost cancellation is judged by a status in both spellings; a word that nobody knows tells nothing."""

from typing import Any

import pytest

from conekta_mcp.domains.subscriptions.proofs import judge_cancellation, judge_resumption
from conekta_mcp.results.statuses import normalize_status
from tests.effects.scenes import SCENES
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
FIELDS = {
    "cancel_order": ("payment_status", "pending_payment"),
    "void_order": ("payment_status", "pre_authorized"),
    "cancel_payment_link": ("status", "Issued"),
    "cancel_payout": ("status", "open"),
    "cancel_subscription": ("status", "active"),
    "cancel_customer_subscription": ("status", "active"),
}
DONE = ("canceled", "cancelled", "Cancelled", "CANCELED")
STRANGE = ("canceling", "closed", "", 7, True, ["canceled"])


@pytest.mark.parametrize("tool", FIELDS)
async def test_both_spellings_are_done_and_an_unknown_word_is_unknown(tool: str, world: World) -> None:
    name, still = FIELDS[tool]
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    shown: dict[Any, str] = {}
    for word in (*DONE, still, "canceling", "closed"):
        world.altered = lambda _, answer, word=word: {**answer, name: word}
        shown[word] = (await outcome(world, tool, given, witness))[0]
    assert shown == {
        **dict.fromkeys(DONE, "applied"),
        still: "not_applied",
        "canceling": "unknown",
        "closed": "unknown",
    }


@pytest.mark.parametrize("tool", ["pause_subscription", "pause_customer_subscription"])
async def test_an_unknown_word_does_not_say_that_a_pause_failed(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    for word, found in (("paused", "applied"), ("active", "not_applied"), ("on_hold", "unknown")):
        world.altered = lambda _, answer, word=word: {**answer, "status": word}
        assert (await outcome(world, tool, given, {}))[0] == found


async def test_a_refund_is_gone_only_from_a_charge_that_is_shown_with_its_refunds(world: World) -> None:
    given = SCENES["cancel_refund"](world.shop)
    witness = await witness_of(world, "cancel_refund", given)
    expected = [
        ({"data": [{"id": "c", "refunds": {"data": [], "has_more": False}}]}, "applied"),
        ({"data": [{"id": "c"}]}, "unknown"),
        ({"data": []}, "unknown"),
        ({"data": [{"id": "c", "refunds": {"data": [], "has_more": True}}]}, "unknown"),
        (None, "unknown"),
    ]
    for status, found in (("cancelled", "applied"), ("pending", "not_applied"), ("halted", "unknown")):
        refund = {"id": given["refund_id"], "status": status}
        expected.append(({"data": [{"id": "c", "refunds": {"data": [refund]}}]}, found))
    for charges, found in expected:
        world.altered = lambda _, answer, charges=charges: {**answer, "charges": charges}
        assert (await outcome(world, "cancel_refund", given, witness))[0] == found, charges


async def test_a_capture_is_unknown_where_the_status_is(world: World) -> None:
    given = SCENES["capture_order"](world.shop)
    witness = await witness_of(world, "capture_order", given)
    for word, found in (
        ("cancelled", "not_applied"),
        ("pre_authorized", "not_applied"),
        ("caught", "unknown"),
    ):
        world.altered = lambda _, answer, word=word: {**answer, "payment_status": word}
        assert (await outcome(world, "capture_order", given, witness))[0] == found


@pytest.mark.parametrize(
    ("status", "ended", "resumed"),
    [
        ("canceled", "applied", "unknown"),
        ("Cancelled", "applied", "unknown"),
        ("paused", "not_applied", "not_applied"),
        ("active", "not_applied", "applied"),
        ("dormant", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_a_subscription_is_judged_by_words_that_are_known(status: Any, ended: str, resumed: str) -> None:
    now, noted = {"status": status}, {"status": "paused"}
    assert judge_cancellation({}, now, noted, []) == ended
    assert judge_resumption({}, now, noted, []) == resumed


def test_a_status_has_one_spelling() -> None:
    assert {normalize_status(one) for one in DONE} == {"canceled"}
    assert [normalize_status(one) for one in STRANGE] == ["canceling", "closed", None, None, None, None]
