"""What a proof claims when others act too, when answers hide things, and when nothing can be read."""

import contextlib
from typing import Any

import pytest

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.effects import verify_new_row
from conekta_mcp.effects.comparison import is_consistent, measure_extent
from conekta_mcp.effects.intent_mark import build_mark
from conekta_mcp.effects.reading import walking_back
from conekta_mcp.errors import Detail, Failure, RequestRefused, Unreachable
from tests.conftest import LINES, PERSON
from tests.effects.scenes import (
    SCENES,
    SPEI,
    ana,
    paid,
    payout_body,
)
from tests.effects.world import World, outcome, witness_of
from tests.sandbox.subscriptions.subscribing import plan

pytestmark = pytest.mark.anyio
SEARCH_BY_EMAIL = 'list_customers {"search":"ana@example.com"}'
MARK = build_mark("a1b2", "a_tool", "a key")
PLAN = {"name": "Mensual", "amount": 9900, "interval": "month", "frequency": 1, "plan_id": "mine"}
DOWN = Unreachable(type="connection_error", details=(Detail(message="No."),), outcome="unknown")


TWICE = {
    "create_customer": ("get_customer", "customer_id"),
    "create_order": ("get_order", "order_id"),
    "create_payout": ("get_payout", "payout_order_id"),
    "create_payment_link": ("get_payment_link", "checkout_id"),
    "create_plan": ("get_plan", "plan_id"),
    "create_company": ("get_company", "company_id"),
    "create_api_key": ("get_api_key", "api_key_id"),
    "create_webhook": ("get_webhook", "webhook_id"),
    "create_webhook_key": ("get_webhook_key", "webhook_key_id"),
}


@pytest.mark.parametrize("tool", TWICE)
async def test_two_new_ones_that_fit_are_both_named(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    first, second = [(await world.act(tool, given))["id"] for _ in range(2)]
    read, key = TWICE[tool]
    look = f'{read} {{"{key}":"{second}"}}; {read} {{"{key}":"{first}"}}'
    assert await outcome(world, tool, given, witness) == ("unknown", look)


@pytest.mark.parametrize(
    "tool",
    [
        "add_card_source", "add_spei_recurrent_source", "add_shipping_contact", "add_fiscal_entity",
        "add_line_item", "create_subscription", "create_blacklist_rule", "test_webhook",
    ],
)  # fmt: skip
async def test_two_new_children_that_fit_leave_it_unknown(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    for _ in range(2):
        await world.act(tool, given)
    found, look = await outcome(world, tool, given, witness)
    assert (found, bool(look)) == ("unknown", True)


async def test_what_somebody_else_made_of_other_facts_is_not_taken_for_it(world: World) -> None:
    who = ana(world.shop)
    given = {"customer_id": who, "line_items": LINES}
    witness = await witness_of(world, "create_order", given)
    assert (witness, world.asked.pop().path) == ({}, f"/customers/{who}")
    world.shop.order(who, SPEI, metadata={"a": "1"}, line_items=[{**LINES[0], "quantity": 2}])
    world.shop.order(None, SPEI, line_items=LINES)
    world.shop.order(who, {"type": "cash"}, line_items=LINES)
    look = 'list_orders {"limit":20}'
    assert await outcome(world, "create_order", given, witness) == ("unknown", look)
    answer = await world.act("create_order", given)
    proof = await world.prove("create_order", given, witness)
    assert (proof.outcome, proof.answer) == ("applied", answer)


async def test_a_payout_of_another_amount_is_not_taken_for_it(world: World) -> None:
    given = SCENES["create_payout"](world.shop)
    witness = await witness_of(world, "create_payout", given)
    world.shop.post("/payout_orders", {**payout_body(given["customer_id"]), "amount": 100})
    assert (await outcome(world, "create_payout", given, witness))[0] == "unknown"
    assert await outcome(world, "create_payout", given, witness, mark=MARK) == ("not_applied", None)


async def test_a_declined_card_left_an_order_and_that_is_a_failure(world: World) -> None:
    given = {**PERSON, "line_items": LINES, "token_id": "tok_test_card_declined"}
    with pytest.raises(RequestRefused) as told:
        await world.act("create_card_order", given)
    proof = await world.prove("create_card_order", given, {})
    assert proof.answer is not None
    assert (proof.outcome, proof.answer["charges"]["data"][0]["status"]) == ("applied", "declined")
    failure = proof.declined
    assert failure is not None
    assert (failure.http_status, failure.outcome, failure.created) == (402, "applied", told.value.created)
    assert "no money was taken" in str(failure)


@pytest.mark.parametrize("tool", ["create_charge", "create_charges"])
async def test_a_charge_that_was_declined_and_then_read_is_a_failure(tool: str, world: World) -> None:
    order = world.shop.order(ana(world.shop))["id"]
    given = {"order_id": order, "payment_method": "card", "token_id": "tok_test_card_declined"}
    witness = await witness_of(world, tool, given)
    with pytest.raises(RequestRefused):
        await world.act(tool, given)
    proof = await world.prove(tool, given, witness)
    assert proof.declined is not None
    assert proof.declined.created["status"] == "declined"


async def test_a_subscription_whose_retry_was_declined_is_a_failure(world: World) -> None:
    given = SCENES["retry_subscription"](world.shop)
    witness = await witness_of(world, "retry_subscription", given)
    with contextlib.suppress(RequestRefused):
        await world.act("retry_subscription", given)
    proof = await world.prove("retry_subscription", given, witness)
    assert proof.declined is not None
    assert (proof.outcome, proof.declined.created["status"]) == ("applied", "past_due")


async def test_what_was_paid_is_not_declined(world: World) -> None:
    given = {**PERSON, "line_items": LINES, "token_id": "tok_test_visa_4242"}
    await world.act("create_card_order", given)
    assert (await world.prove("create_card_order", given, {})).declined is None


async def test_a_charge_that_failed_twice_is_unknown(world: World) -> None:
    order = world.shop.order(ana(world.shop))["id"]
    given = {"order_id": order, "payment_method": "card", "token_id": "tok_test_card_declined"}
    for tool in ("create_charge", "create_charges"):
        witness = await witness_of(world, tool, given)
        for _ in range(2):
            with pytest.raises(RequestRefused):
                await world.act(tool, given)
        look = f'get_order {{"order_id":"{order}"}}'
        assert await outcome(world, tool, given, witness) == ("unknown", look)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_new_row, "MAX_NOTED_IDS", 2)
    for name in ("PAGE_ROWS", "MAX_PAGES"):
        monkeypatch.setattr(walking_back, name, 2)


@pytest.mark.usefixtures("short_pages")
async def test_what_lies_further_back_than_is_looked_is_unknown(world: World) -> None:
    for name in ("a", "b", "c"):
        plan(world.shop, id=name)
    witness = await witness_of(world, "create_plan", PLAN)
    assert witness == {"ids": ["c", "b"], "all": False}
    await world.act("create_plan", PLAN)
    for name in ("d", "e"):
        plan(world.shop, id=name)
    assert (await outcome(world, "create_plan", PLAN, witness))[0] == "applied"
    for name in ("f", "g"):
        plan(world.shop, id=name)
    assert await outcome(world, "create_plan", PLAN, witness) == ("unknown", "list_plans {}")


@pytest.mark.usefixtures("short_pages")
async def test_a_shop_that_was_empty_is_looked_through_whole(world: World) -> None:
    witness = await witness_of(world, "create_plan", PLAN)
    assert witness == {"ids": [], "all": True}
    await world.act("create_plan", PLAN)
    for name in ("a", "b", "c"):
        plan(world.shop, id=name)
    assert (await outcome(world, "create_plan", PLAN, witness))[0] == "applied"
    plan(world.shop, id="d")
    assert (await outcome(world, "create_plan", PLAN, witness))[0] == "unknown"


@pytest.mark.usefixtures("short_pages")
async def test_deleted_rows_that_were_noted_do_not_hide_the_new_one(world: World) -> None:
    for name in ("a", "b", "c", "d"):
        plan(world.shop, id=name)
    witness = await witness_of(world, "create_plan", PLAN)
    world.shop.delete("/plans/d")
    made = await world.act("create_plan", PLAN)
    proof = await world.prove("create_plan", PLAN, witness)
    assert (proof.outcome, proof.answer) == ("applied", made)


@pytest.mark.parametrize("tool", ["refund_order", "create_customer", "delete_customer", "retry_subscription"])
async def test_what_cannot_be_read_is_unknown_and_says_where_to_look(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    world.failing = DOWN
    found, look = await outcome(world, tool, given, witness)
    assert (found, bool(look)) == ("unknown", True)
    if tool != "create_customer":  # reads nothing before it
        with pytest.raises(Failure, match=r"No\."):
            await world.read_effect(tool, given)


async def test_a_new_row_counts_although_the_whole_cannot_be_read(world: World) -> None:
    witness = await witness_of(world, "create_customer", PERSON)
    made = await world.act("create_customer", PERSON)

    def refuse(request: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if request.path == f"/customers/{made['id']}":
            raise DOWN
        return answer

    world.altered = refuse
    proof = await world.prove("create_customer", PERSON, witness)
    assert proof.answer is not None
    assert (proof.outcome, proof.answer["id"]) == ("applied", made["id"])


@pytest.mark.parametrize(
    ("amount", "taken", "found"),
    [
        (None, None, "applied"),
        (100, 100, "applied"),
        (100, 200, "not_applied"),
        (100, None, "unknown"),
    ],
)
async def test_a_capture_of_another_amount_was_somebody_elses(
    amount: int | None, taken: int | None, found: str, world: World
) -> None:
    """Unless all that was held is shown: a smaller capture may show so too."""
    order = world.shop.order(ana(world.shop), {"type": "card", "token_id": "tok_test_visa_4242"},
                             pre_authorize=True)["id"]  # fmt: skip
    given = {"order_id": order, **({"amount": amount} if amount else {})}
    witness = await witness_of(world, "capture_order", given)
    world.shop.post(f"/orders/{order}/capture", {"amount": taken} if taken else {})
    assert (await outcome(world, "capture_order", given, witness))[0] == found
    again = await witness_of(world, "capture_order", given)
    assert (await outcome(world, "capture_order", given, again))[0] == "not_applied"


async def test_one_message_more_is_ours_and_two_may_be_anybodys(world: World) -> None:
    given = SCENES["email_payment_link"](world.shop)
    witness = await witness_of(world, "email_payment_link", given)
    for found in ("applied", "unknown"):
        await world.act("email_payment_link", given)
        assert (await outcome(world, "email_payment_link", given, witness))[0] == found
    world.altered = lambda _, answer: {key: answer[key] for key in answer if key != "emails_sent"}
    assert (await outcome(world, "email_payment_link", given, witness))[0] == "unknown"


async def test_a_change_that_shows_in_part_or_otherwise_is_unknown(world: World) -> None:
    given = SCENES["update_customer"](world.shop)
    world.shop.put(f"/customers/{given['customer_id']}", {"name": "Eva Luna"})
    look = f'get_customer {{"customer_id":"{given["customer_id"]}"}}'
    assert await outcome(world, "update_customer", given, {}) == ("unknown", look)
    plan(world.shop)
    change = {"plan_id": "gold", "amount": 12000}
    witness = await witness_of(world, "update_plan", change)
    world.shop.put("/plans/gold", {"amount": 13000})
    assert (await outcome(world, "update_plan", change, witness))[0] == "unknown"


async def test_a_charge_that_is_not_found_tells_nothing(world: World) -> None:
    given = {"charge_id": "6a0000000000000000000001", "reference_id": "R-1"}
    look = 'list_charges {"search":"6a0000000000000000000001"}'
    assert await outcome(world, "update_charge", given, {}) == ("unknown", look)


async def test_a_document_of_the_same_name_tells_nothing(world: World) -> None:
    given = SCENES["upload_company_document"](world.shop)
    empty = await witness_of(world, "upload_company_document", given)
    await world.act("upload_company_document", given)
    witness = await witness_of(world, "update_company_document", given)
    assert (await outcome(world, "update_company_document", given, witness))[0] == "unknown"
    other = {**given, "name": "otra.pdf"}
    assert (await outcome(world, "upload_company_document", other, empty))[0] == "unknown"
    by_path = {key: given[key] for key in given if key not in ("base64", "name")} | {"path": "a/nota.pdf"}
    assert (await outcome(world, "upload_company_document", by_path, empty))[0] == "applied"


async def test_evidence_from_before_was_anothers(world: World) -> None:
    given = SCENES["submit_chargeback_evidence"](world.shop)
    await world.act("submit_chargeback_evidence", given)
    witness = await witness_of(world, "submit_chargeback_evidence", given)
    assert (await outcome(world, "submit_chargeback_evidence", given, witness))[0] == "not_applied"


async def test_a_refund_that_was_never_listed_was_not_cancelled(world: World) -> None:
    given = {**paid(world.shop), "refund_id": "6a0000000000000000000001"}
    witness = await witness_of(world, "cancel_refund", given)
    assert (await outcome(world, "cancel_refund", given, witness))[0] == "not_applied"
    # The charge is shown without its refunds, so that nothing says that this one is gone.
    assert (await outcome(world, "cancel_refund", given, {"listed": True}))[0] == "unknown"


async def test_what_is_already_deleted_cannot_be_asked_about(world: World) -> None:
    given = SCENES["delete_customer"](world.shop)
    await world.act("delete_customer", given)
    with pytest.raises(RequestRefused) as caught:
        await world.read_effect("delete_customer", given)
    assert caught.value.http_status == 404


DELETIONS = sorted(tool.name for tool in ALL_TOOLS if tool.name.startswith("delete_") and tool.name in SCENES)


@pytest.mark.parametrize("tool", DELETIONS)
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, None),
        (404, None),
        (404, "not_found"),
        (404, "conekta.errors.resource_not_found.unknown_route"),
        (403, "conekta.errors.resource_not_found.entity"),
    ],
)
async def test_a_refusal_that_is_not_conektas_404_does_not_pass_for_deleted(
    tool: str, status: int, code: str | None, world: World
) -> None:
    given = SCENES[tool](world.shop)
    detail = Detail(code=code, message="Not found")
    world.failing = RequestRefused(type="resource_not_found_error", details=(detail,), http_status=status)
    assert (await outcome(world, tool, given, {}))[0] == "unknown"


@pytest.mark.parametrize(
    ("seen", "wanted", "fits", "much"),
    [
        ("+525512345678", "55 1234 5678", True, "some"),
        ("ANA", "Ana", True, "some"),
        ({"country": "mx"}, {"country": "MX"}, True, "all"),
        (None, "x", True, "none"),
        ({}, {"a": 1}, True, "none"),
        ({"a": 1, "b": 3}, {"a": 1, "b": 2}, False, "some"),
        ("text", {"a": 1}, False, "none"),
        ({"data": [{"a": 2}, {"a": 1, "b": 5}]}, [{"a": 1}, {"a": 2}], True, "all"),
        ([{"b": 5}], [{"a": 1}], True, "some"),
        ({"data": [{"a": 1}], "has_more": True}, [{"a": 1}, {"a": 2}], True, "some"),
        ([{"a": 1}], [{"a": 1}, {"a": 1}], False, "none"),
        ([{"a": 1}, {"a": 3}], [{"a": 1}, {"a": 1}], False, "none"),
        (7, [1], False, "none"),
        (1_768_564_855, "1768564855", True, "all"),
        (-70000.0, -70000, True, "all"),
        ("Café", "Cafe\u0301", True, "all"),
    ],
)
async def test_what_agrees(seen: Any, wanted: Any, fits: bool, much: str) -> None:
    assert (is_consistent(seen, wanted), measure_extent(seen, wanted)) == (fits, much)


async def test_times_far_outside_the_calendar_are_still_said(world: World) -> None:
    given = SCENES["cancel_payment_link"](world.shop)
    world.altered = lambda _, answer: {**answer, "expires_at": 10**18}
    stakes = await world.read_effect("cancel_payment_link", given)
    assert "open until 31 Dec 2099" in stakes.question["en"]


@pytest.mark.parametrize(
    ("tool", "children"),
    [
        ("add_shipping_contact", "shipping_contacts"),
        ("add_line_item", "line_items"),
        ("delete_shipping_contact", "shipping_contacts"),
    ],
)
async def test_what_a_cut_list_does_not_show_is_unknown(tool: str, children: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    world.altered = lambda _, answer: {**answer, children: {"data": [], "has_more": True}}
    assert (await outcome(world, tool, given, witness))[0] == "unknown"
