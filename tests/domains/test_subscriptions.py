"""Tools of subscriptions, the plural and the deprecated ones, and of the customer portal."""

from functools import partial
from typing import Any

import httpx
import pytest

from conekta_mcp.catalog import Risk
from conekta_mcp.domains.subscriptions import deprecated_tools, portal_tools
from conekta_mcp.domains.subscriptions import tools as subscriptions
from conekta_mcp.domains.subscriptions.results import Subscription
from tests.domains import bodies
from tests.domains.row import Row, each
from tests.domains.subscription_bodies import (
    ANSWER,
    END,
    ENDED,
    EVENT,
    EVENT_ID,
    EVENTS,
    HINT,
    PORTAL,
    PORTAL_ANSWER,
    STATUS_TEXTS,
    SUBSCRIPTION,
)
from tests.tables import as_row

pytestmark = pytest.mark.anyio
CUSTOMER = {"customer_id": "cus_1"}
ONE = {**CUSTOMER, "subscription_id": "sub_1"}
MANY_PATH, ONE_PATH = "/customers/cus_1/subscriptions", "/customers/cus_1/subscriptions/sub_1"
OLD_PATH, PORTAL_PATH = "/customers/cus_1/subscription", "/subscriptions/sub_1/customer_portal"
CHANGES = {"plan_id": "silver", "card_id": "src_2", "trial_end": END}


def acting(tool: str, given: dict[str, Any], path: str, **became: Any) -> Row:
    """A row of a tool that sends no body and gets the subscription as it became."""
    text = STATUS_TEXTS[became.get("status", "active")]
    conekta, answer = {**SUBSCRIPTION, **became}, {**ANSWER, **became, "status_text": text, **HINT}
    return Row(tool=tool, given=given, request=f"POST {path}", conekta=conekta, answer=answer)


def reading(tool: str, given: dict[str, Any], path: str, conekta: Any, answer: Any) -> list[Row]:
    """The rows of a tool that reads one object, lean and whole."""
    whole = {**given, "detail": "full"}
    return [
        Row(tool=tool, given=given, request=f"GET {path}", conekta=conekta, answer=answer),
        Row(
            tool=tool,
            about="whole",
            given=whole,
            request=f"GET {path}",
            conekta=conekta,
            answer={"conekta": conekta},
        ),
    ]


def writing(tool: str, given: dict[str, Any], request: str, body: dict[str, Any], about: str) -> Row:
    """A row of a tool that sends a body and gets the subscription."""
    return Row(
        tool=tool,
        about=about,
        given=given,
        request=request,
        body=body,
        conekta=SUBSCRIPTION,
        answer={**ANSWER, **HINT},
    )


ROWS = [
    Row(
        tool="list_subscriptions",
        given=CUSTOMER,
        request=f"GET {MANY_PATH}?limit=20",
        conekta={
            **bodies.listed(SUBSCRIPTION),
            "previous_page_url": f"https://api.conekta.io{MANY_PATH}?previous=sub_1",
        },
        answer={"data": [as_row(ANSWER)], "has_more": False, "previous": "sub_1"},
    ),
    Row(
        tool="list_subscriptions",
        about="a page",
        given={**CUSTOMER, "limit": 2, "next": "sub_9"},
        request=f"GET {MANY_PATH}?limit=2&next=sub_9",
        conekta=bodies.listed(),
        answer={"data": [], "has_more": False},
    ),
    *reading("get_subscription", ONE, ONE_PATH, SUBSCRIPTION, {**ANSWER, **HINT}),
    writing(
        "create_subscription",
        {**CUSTOMER, "plan_id": "gold"},
        f"POST {MANY_PATH}",
        {"plan_id": "gold"},
        "least",
    ),
    writing("create_subscription", {**CUSTOMER, **CHANGES}, f"POST {MANY_PATH}", CHANGES, "most"),
    writing("update_subscription", {**ONE, **CHANGES}, f"PUT {ONE_PATH}", CHANGES, "most"),
    writing(
        "update_subscription", {**ONE, "card_id": "src_2"}, f"PUT {ONE_PATH}", {"card_id": "src_2"}, "card"
    ),
    acting("cancel_subscription", ONE, f"{ONE_PATH}/cancel", **ENDED),
    acting("pause_subscription", ONE, f"{ONE_PATH}/pause", status="paused", paused_at=END),
    acting("resume_subscription", ONE, f"{ONE_PATH}/resume"),
    acting("retry_subscription", ONE, f"{ONE_PATH}/retry", status="past_due"),
    Row(
        tool="list_subscription_events",
        given={**ONE, "limit": 5, "previous": EVENT_ID},
        request=f"GET {ONE_PATH}/events?limit=5&previous={EVENT_ID}",
        conekta=bodies.listed(EVENT),
        answer=EVENTS,
    ),
    *reading("get_customer_subscription", CUSTOMER, OLD_PATH, SUBSCRIPTION, {**ANSWER, **HINT}),
    writing("create_customer_subscription", {**CUSTOMER, **CHANGES}, f"POST {OLD_PATH}", CHANGES, "most"),
    writing("update_customer_subscription", {**CUSTOMER, **CHANGES}, f"PUT {OLD_PATH}", CHANGES, "most"),
    acting("cancel_customer_subscription", CUSTOMER, f"{OLD_PATH}/cancel", **ENDED),
    acting("pause_customer_subscription", CUSTOMER, f"{OLD_PATH}/pause", status="paused", paused_at=END),
    acting("resume_customer_subscription", CUSTOMER, f"{OLD_PATH}/resume"),
    Row(
        tool="list_customer_subscription_events",
        given=CUSTOMER,
        request=f"GET {OLD_PATH}/events",
        conekta=bodies.listed(EVENT),
        answer=EVENTS,
    ),
    *reading("get_customer_portal", {"subscription_id": "sub_1"}, PORTAL_PATH, PORTAL, PORTAL_ANSWER),
    Row(
        tool="create_customer_portal",
        given={"subscription_id": "sub_1"},
        request=f"POST {PORTAL_PATH}",
        conekta=PORTAL,
        answer=PORTAL_ANSWER,
    ),
]
NEW = {**CUSTOMER, "plan_id": "gold"}
REFUSED = [
    ("create_subscription", CUSTOMER, "plan_id.missing"),
    ("create_subscription", {**NEW, "plan_id": "a/b"}, "plan_id.invalid"),
    ("create_subscription", {**NEW, "card_id": "tok_test_visa_4242"}, "card_id.invalid"),
    ("create_subscription", {**NEW, "card_id": "off_ref_1"}, "card_id.invalid"),
    ("create_subscription", {**NEW, "card_id": 7}, "card_id.invalid_datatype"),
    ("create_subscription", {**NEW, "trial_end": 1776340962000}, "trial_end.invalid"),
    ("create_subscription", {**NEW, "trial_end": "soon"}, "trial_end.invalid_datatype"),
    ("create_subscription", {**NEW, "amount": 100}, "amount.unknown_argument"),
    ("create_customer_subscription", {**NEW, "trial_end": 0}, "trial_end.invalid"),
    ("get_subscription", {**ONE, "subscription_id": "../x"}, "subscription_id.invalid"),
    ("get_subscription", CUSTOMER, "subscription_id.missing"),
    ("update_subscription", {**ONE, "subscription_id": "gold-plan"}, "subscription_id.invalid"),
    ("cancel_subscription", {**ONE, "customer_id": "sub_1"}, "customer_id.invalid"),
    ("pause_subscription", {"subscription_id": "sub_1"}, "customer_id.missing"),
    ("retry_subscription", {**ONE, "card_id": "src_2"}, "card_id.unknown_argument"),
    ("list_subscription_events", {**ONE, "limit": 0}, "limit.invalid"),
    ("list_customer_subscription_events", {**CUSTOMER, "limit": 5}, "limit.unknown_argument"),
    ("create_customer_portal", {}, "subscription_id.missing"),
    ("get_customer_portal", {"subscription_id": "scp_1"}, "subscription_id.invalid"),
]
TOOLS = (*subscriptions.TOOLS, *deprecated_tools.TOOLS, *portal_tools.TOOLS)


@pytest.fixture
def client_for(client_for: Any) -> Any:
    """What is secret is there only if its toolset is named."""
    return partial(client_for, toolsets=("subscriptions", "customer_portal"))


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize(("tool", "given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error["code"], sent) == (f"conekta_mcp.errors.parameter_validation.{code}", [])


async def test_without_a_card_the_next_step_is_told(client_for: Any) -> None:
    detail = {"message": "No card.", "debug_message": "No card.", "code": "conekta.errors.processing_error"}
    refusal = httpx.Response(
        402, json={"details": [detail], "object": "error", "type": "processing_error", "log_id": None}
    )
    async with client_for(refusal) as (client, sent):
        result = await client.call_tool("create_subscription", NEW)
    error = result.structured_content["error"]
    assert (error["http_status"], error["outcome"], len(sent)) == (402, "not_applied", 1)
    closed = "add_card_source (not switched on here)"
    assert error["hint"] == f"Without a card nobody subscribes: save one with {closed}."


async def test_a_subscription_whose_answer_is_lost_is_looked_for_not_repeated(client_for: Any) -> None:
    async with client_for(httpx.ReadTimeout("lost")) as (client, sent):
        result = await client.call_tool("create_subscription", NEW)
    error = result.structured_content["error"]
    assert (error["outcome"], len(sent)) == ("unknown", 1)
    assert error["hint"] == (
        "Whether this was applied is not known. Do not repeat it before looking: list_subscriptions."
    )


def test_the_singular_ones_are_deprecated_and_name_their_successor_first() -> None:
    plural = {tool.name for tool in subscriptions.TOOLS}
    successors = {tool.name: tool.description.split(" instead; deprecated. ")[0] for tool in TOOLS}
    assert successors["get_customer_subscription"] == "Use list_subscriptions"
    assert {successors[tool.name].removeprefix("Use ") for tool in deprecated_tools.TOOLS} <= plural
    assert [tool.name for tool in TOOLS if tool.deprecated] == [tool.name for tool in deprecated_tools.TOOLS]


def test_the_risk_of_each_is_what_it_can_do() -> None:
    assert {tool.name: tool.risk for tool in TOOLS} == {
        "list_subscriptions": Risk.READ,
        "get_subscription": Risk.READ,
        "create_subscription": Risk.MONEY,
        "update_subscription": Risk.MONEY,
        "cancel_subscription": Risk.DESTRUCTIVE,
        "pause_subscription": Risk.WRITE,
        "resume_subscription": Risk.MONEY,
        "retry_subscription": Risk.MONEY,
        "list_subscription_events": Risk.READ,
        "get_customer_subscription": Risk.READ,
        "create_customer_subscription": Risk.MONEY,
        "update_customer_subscription": Risk.MONEY,
        "cancel_customer_subscription": Risk.DESTRUCTIVE,
        "pause_customer_subscription": Risk.WRITE,
        "resume_customer_subscription": Risk.MONEY,
        "list_customer_subscription_events": Risk.READ,
        "get_customer_portal": Risk.SECRET,
        "create_customer_portal": Risk.SECRET,
    }


@pytest.mark.parametrize(
    ("shown", "until"),
    [
        ({}, None),  # as Conekta shows one without a trial: it ends when it starts
        ({"trial_end": END}, "16 abr 2026, 06:02 (Ciudad de México)"),
        ({"status": "in_trial"}, "16 ene 2026, 06:02 (Ciudad de México)"),
        ({"trial_end": None}, None),
    ],
)
def test_only_a_trial_that_there_was_has_an_end(shown: dict[str, Any], until: str | None) -> None:
    found = Subscription.model_validate({**SUBSCRIPTION, **shown}).model_dump(exclude_none=True)
    assert (found.get("trial_end_text"), "trial_end_iso" in found) == (until, until is not None)
