"""Tools of the antifraud lists: what leaves and what comes back."""

from typing import Any

import httpx
import pytest

from tests.domains.row import Row, each
from tests.tables import without_mode

pytestmark = pytest.mark.anyio
RULE = {
    "id": "618c3f2fdb8b8da9be376af9",
    "field": "email",
    "value": "ana@example.com",
    "description": "Cliente de confianza",
}
LISTED = {
    **RULE,
    "field": "phone_number",
    "value": "+525555555555",
    "is_global": False,
    "is_test": True,
    "created_at": "2026-01-16 12:02:42.000000+00:00",
}
SHOWN = {**LISTED, "created_at": "2026-01-16T06:02:42-06:00"}
GIVEN = {"field": "email", "value": "ana@example.com", "description": "Cliente de confianza"}
LIST = {"object": "list", "has_more": False, "next_page_url": None, "previous_page_url": None}


def rows_of(colour: str) -> list[Row]:
    return [
        Row(
            tool=f"list_{colour}_rules",
            given={},
            request=f"GET /antifraud/{colour}s",
            conekta={**LIST, "data": [LISTED]},
            answer={"data": [SHOWN], "has_more": False},
        ),
        Row(
            tool=f"list_{colour}_rules",
            about="empty",
            given={},
            request=f"GET /antifraud/{colour}s",
            conekta={**LIST, "data": []},
            answer={"data": [], "has_more": False},
        ),
        Row(
            tool=f"create_{colour}_rule",
            given=GIVEN,
            request=f"POST /antifraud/{colour}s",
            body=GIVEN,
            conekta={**RULE, "id": "2fw8EWJusiRrxdPzT"},
            answer={**RULE, "id": "2fw8EWJusiRrxdPzT"},
        ),
        Row(
            tool=f"delete_{colour}_rule",
            given={"rule_id": "618c3f2fdb8b8da9be376af9"},
            request=f"DELETE /antifraud/{colour}s/618c3f2fdb8b8da9be376af9",
            conekta=RULE,
            answer={**RULE, "deleted": True},
        ),
        Row(
            tool=f"delete_{colour}_rule",
            about="by the id of its creation",
            given={"rule_id": "2fw8EWJusiRrxdPzT"},
            request=f"DELETE /antifraud/{colour}s/2fw8EWJusiRrxdPzT",
            conekta=RULE,
            answer={**RULE, "deleted": True},
        ),
    ]


ROWS = [*rows_of("whitelist"), *rows_of("blacklist")]
REFUSED = [
    ({**GIVEN, "field": "phone_number"}, "field.invalid"),
    ({**GIVEN, "value": "ana"}, "value.invalid"),
    ({**GIVEN, "field": "phone"}, "value.invalid"),
    ({**GIVEN, "field": "card_token"}, "value.invalid"),
    ({**GIVEN, "field": "card_token", "value": "4242424242424242"}, "card_number.not_allowed"),
    ({**GIVEN, "description": ""}, "description.missing"),
    ({"field": "email", "value": "ana@example.com"}, "description.missing"),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize("tool", ["create_whitelist_rule", "create_blacklist_rule"])
@pytest.mark.parametrize(("given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error["code"], sent) == (f"conekta_mcp.errors.parameter_validation.{code}", [])


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "+525555555555"), ("card_token", "tok_test_visa_4242")]
)
async def test_a_rule_may_name_a_phone_or_a_token(field: str, value: str, client_for: Any) -> None:
    given = {**GIVEN, "field": field, "value": value}
    async with client_for(httpx.Response(200, json={**RULE, **given})) as (client, _):
        result = await client.call_tool("create_blacklist_rule", given)
    assert without_mode(result.structured_content) == {**RULE, "field": field, "value": value}


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        (
            "create_blacklist_rule",
            {**GIVEN, "field": "card_token"},
            "value: expected an id that starts with tok_.",
        ),
        (
            "delete_blacklist_rule",
            {"rule_id": "../1"},
            "rule_id: expected an id of 17 or 24 letters and digits.",
        ),
    ],
)
async def test_a_wrong_id_says_what_was_expected(
    tool: str, given: dict[str, Any], message: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent"), language="en") as (client, _):
        result = await client.call_tool(tool, given)
    assert result.structured_content["error"]["message"] == message


async def test_an_account_without_the_service_is_told_what_to_do(client_for: Any) -> None:
    code = "conekta.errors.forbidden.authentication.invalid_whitelist_access"
    refusal = {"object": "error", "type": "processing_error", "details": [{"code": code, "message": "No."}]}
    async with client_for(httpx.Response(403, json=refusal)) as (client, _):
        result = await client.call_tool("create_whitelist_rule", GIVEN)
    assert result.structured_content["error"] == {
        "type": "processing_error",
        "http_status": 403,
        "code": code,
        "message": "No.",
        "retryable": False,
        "outcome": "not_applied",
        "hint": "Whitelists are not enabled for this account; the merchant can ask Conekta.",
    }
