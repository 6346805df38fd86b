"""Tools of API keys: a key is created, found and shut, and its secret never reaches a model."""

from functools import partial
from typing import Any

import pytest

from tests.domains import bodies
from tests.domains.bodies import NOW
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
ID = "64625cc9f3e02c00163f5e4d"
TOKEN = "key_rpHzxufNgjFCdprEEFZRTKi"
KEY: dict[str, Any] = {
    "active": True,
    "created_at": NOW,
    "updated_at": NOW,
    "deactivated_at": None,
    "last_used_at": 1776340962,
    "description": "Tienda en línea",
    "id": ID,
    "livemode": False,
    "object": "api_key",
    "prefix": "key_rp",
    "role": "private",
}
ANSWER: dict[str, Any] = {
    "id": ID,
    "prefix": "rp",
    "role": "private",
    "description": "Tienda en línea",
    "active": True,
    "created_at": NOW,
    "updated_at": NOW,
    "last_used_at": 1776340962,
    "last_used_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "livemode": False,
}
WHERE = (
    "Never shown here. Look in Conekta's panel, under developers and API keys; if the panel hides it too, "
    "delete this key and let the merchant create one there."
)
ROWS = [
    Row(
        tool="list_api_keys",
        given={"search": "Tienda"},
        request="GET /api_keys?limit=20&search=Tienda",
        conekta={**bodies.listed(KEY), "next_page_url": "", "previous_page_url": ""},
        answer={"data": [ANSWER], "has_more": False, "livemode": False},
    ),
    Row(
        tool="get_api_key",
        given={"api_key_id": ID},
        request=f"GET /api_keys/{ID}",
        conekta=KEY,
        answer=ANSWER,
    ),
    Row(
        tool="create_api_key",
        given={"role": "private", "description": "Tienda en línea"},
        request="POST /api_keys",
        body={"role": "private", "description": "Tienda en línea"},
        conekta={"authentication_token": TOKEN, **KEY},
        answer={**ANSWER, "secret": WHERE},
    ),
    Row(
        tool="create_api_key",
        about="with nothing else in the answer",
        given={"role": "public"},
        request="POST /api_keys",
        body={"role": "public"},
        conekta={"id": ID, "object": "api_key", "authentication_token": TOKEN},
        answer={"id": ID, "secret": WHERE},
    ),
    Row(
        tool="update_api_key",
        given={"api_key_id": ID, "active": False},
        request=f"PUT /api_keys/{ID}",
        body={"active": False},
        conekta={**KEY, "active": False, "deactivated_at": NOW, "prefix": None},
        answer={
            **{key: value for key, value in ANSWER.items() if key != "prefix"},
            "active": False,
            "deactivated_at": NOW,
        },
    ),
    Row(
        tool="delete_api_key",
        given={"api_key_id": ID},
        request=f"DELETE /api_keys/{ID}",
        conekta={**KEY, "active": False, "deleted": True},
        answer={**ANSWER, "active": False, "deleted": True},
    ),
]
REFUSED = [
    ("get_api_key", {"api_key_id": TOKEN}, "api_key_id.too_long"),
    ("get_api_key", {"api_key_id": "64625cc9"}, "api_key_id.invalid"),
    ("create_api_key", {"role": "admin"}, "role.invalid"),
    ("create_api_key", {}, "role.missing"),
    ("create_api_key", {"role": "private", "detail": "full"}, "detail.unknown_argument"),
    ("update_api_key", {"api_key_id": ID}, "missing"),
    ("update_api_key", {"api_key_id": ID, "active": 0}, "active.invalid_datatype"),
]


@pytest.fixture
def client_for(client_for: Any) -> Any:
    """What is secret is there only if its toolset is named."""
    return partial(client_for, toolsets=("api_keys",))


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@each([row for row in ROWS if row.tool == "create_api_key"])
async def test_the_new_key_is_nowhere_in_what_a_model_sees(row: Row, client_for: Any, era: str) -> None:
    async with client_for(row.router.async_handler, mode=era) as (client, _):
        result = await client.call_tool(row.tool, row.given)
    assert "rpHzxufNgjFCdprEEFZRTKi" not in result.model_dump_json()
    assert WHERE in result.content[0].text


@pytest.mark.parametrize(("tool", "given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error["code"], sent) == (f"conekta_mcp.errors.parameter_validation.{code}", [])
    assert TOKEN not in result.content[0].text
