"""Arguments inside a wrapper, dates where seconds are wanted, and midnights behind a date."""

import json
import warnings
from typing import Any

import httpx
import pytest
from mcp import Client, MCPError
from mcp.types import GetPromptRequest, GetPromptRequestParams, GetPromptResult

pytestmark = pytest.mark.anyio
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
LIST, WRITE = "call_read_operation", "call_write_operation"
OPENED = "Your client's wrapper, so opened: {}."

# The tool, its arguments as a client sends them, the body or the query that leaves, and the note.
READ: list[tuple[str, dict[str, Any], Any, str]] = [
    *(
        ("list_customers", {name: {"search": "ana"}}, "limit=20&search=ana", OPENED.format(name))
        for name in (
            "arguments", "args", "kwargs", "input", "tool_input", "params", "parameters", "properties",
            "requestBody",
        )
    ),
    ("list_customers", {"input": '{"limit": 5.0}'}, "limit=5",
     "Read as whole numbers: limit. " + OPENED.format("input")),
    ("list_customers", {"params": None}, "limit=20", OPENED.format("params")),
    ("list_customers", {"kwargs": ""}, "limit=20", OPENED.format("kwargs")),
    ("list_customers", {"toolCallId": "1", "input": {"search": "ana", "sessionId": "2"}},
     "limit=20&search=ana",
     OPENED.format("input") + " Your client's own, so ignored: toolCallId, sessionId."),
    ("get_current_company", {"arguments": {"random_string": "x"}}, "",
     OPENED.format("arguments") + " Your client's own, so ignored: random_string."),
    ("create_customer", {"input": {**ANA, "metadata": ""}}, ANA,
     "Empty, so taken as not given: metadata. " + OPENED.format("input")),
    (LIST, {"parameters": {"name": "list_customers", "arguments": {"args": {"limit": 5}}}}, "limit=5",
     f"{OPENED.format('parameters')} {OPENED.format('args')}"),
    (WRITE, {"name": "update_customer", "arguments": {"kwargs": {"customer_id": "cus_1", "name": "Ana R"}}},
     {"name": "Ana R"}, OPENED.format("kwargs")),
    ("create_customer", {**ANA, "date_of_birth": "1990-02-28T00:00:00.000Z"},
     {**ANA, "date_of_birth": "28/02/1990"}, "Spelled as Conekta does: date_of_birth."),
    ("create_customer", {**ANA, "date_of_birth": "28/02/1990 00:00:00"},
     {**ANA, "date_of_birth": "28/02/1990"}, "Spelled as Conekta does: date_of_birth."),
    ("add_shipping_contact", {"customer_id": "cus_1", "address": {**ADDRESS, "postal_code": " 06100\n"}},
     {"address": ADDRESS}, "Spelled as Conekta does: address.postal_code."),
    ("list_customers", {"search": "  \n"}, "limit=20", "Empty, so taken as not given: search."),
    ("create_customer", {**ANA, "shipping_contacts": [{"address": {**ADDRESS, "street2": " "}}]},
     {**ANA, "shipping_contacts": [{"address": ADDRESS}]},
     "Empty, so taken as not given: shipping_contacts.0.address.street2."),
    ("list_customers", {"search": "ana", "_sessionID": "1", "_auth_auth_type": "admin"},
     "limit=20&search=ana", "Your client's own, so ignored: _sessionID, _auth_auth_type."),
]  # fmt: skip

UNKNOWN = ["LIST_CUSTOMERS", "listCustomers", "list-customers", "List_Customers"]

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("list_customers", {"input": {"search": "ana"}, "limit": 5}, "input", "unknown_argument"),
    ("list_customers", {"input": {"search": "ana"}, "params": {}}, "input", "unknown_argument"),
    ("list_customers", {"arguments": [{"search": "ana"}]}, "arguments", "unknown_argument"),
    ("list_customers", {"input": "ana"}, "input", "unknown_argument"),
    ("list_customers", {"input": {"input": {"search": "ana"}}}, "input", "unknown_argument"),
    ("list_customers", {"data": {"search": "ana"}}, "data", "unknown_argument"),
    ("refund_order", {"input": {"order_id": "ord_1", "amount": "500.00", "reason": "other"}}, "amount",
     "invalid_datatype"),
    ("create_customer", {**ANA, "date_of_birth": "1990-02-28T06:00:00Z"}, "date_of_birth", "too_long"),
    ("list_orders", {"created_at_gte": "2026-11-01"}, "created_at_gte", "invalid_datatype"),
    ("add_spei_recurrent_source", {"customer_id": "cus_1", "expires_at": "1798761600"}, "expires_at",
     "invalid_datatype"),
    ("create_customer", {**ANA, "name": "  "}, "name", "invalid"),
    ("list_customers", {"next": " "}, "next", "invalid"),
    ("create_customer", {**ANA, "metadata": {"folio": 10**400}}, "metadata.folio", "invalid_datatype"),
    ("create_customer", {**ANA, "metadata": json.dumps({"folio": -(10**400)})}, "metadata.folio",
     "invalid_datatype"),
    ("create_customer", {**ANA, "metadata": '{"folio": 1e999}'}, "metadata.folio", "invalid_datatype"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "given", "sent_on", "note"), READ)
async def test_what_a_layer_wrapped_is_read_as_it_was_meant(
    tool: str, given: dict[str, Any], sent_on: Any, note: str, client_for: Any
) -> None:
    answer = {"id": "cus_1", "object": "list" if isinstance(sent_on, str) else "customer", "data": []}
    async with client_for(httpx.Response(200, json=answer), language="en") as (client, sent):
        result = await client.call_tool(tool, given)
    (request,) = sent
    left = request.content or str(request.url.query, "ascii")
    assert (json.loads(left) if isinstance(left, bytes) else left) == sent_on
    assert result.structured_content["note"] == note


@pytest.mark.parametrize(("tool", "given", "param", "code"), REFUSED)
async def test_what_has_two_meanings_is_not_opened(
    tool: str, given: dict[str, Any], param: str, code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    told = [(error.get("param"), error["code"].rsplit(".", 1)[1])]
    told += [(one.get("param"), one["code"].rsplit(".", 1)[1]) for one in error.get("details", [])]
    assert ((param, code) in told, sent) == (True, [])


async def test_a_date_is_told_that_seconds_are_wanted(client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        result = await client.call_tool("list_orders", {"created_at_lte": "2026-11-01T00:00:00-06:00"})
    error = result.structured_content["error"]
    assert (
        error["message"] == "created_at_lte: se esperaba un número entero de segundos unix, como 1798696800."
    )
    assert (
        error["debug_message"]
        == "created_at_lte: expected a whole number of unix seconds, such as 1798696800."
    )


@pytest.mark.parametrize("wrong", ["params", "input", "kwargs", "args"])
async def test_a_generic_caller_is_told_where_arguments_belong(wrong: str, client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        result = await client.call_tool(LIST, {"name": "list_customers", wrong: {"limit": 5}})
    error = result.structured_content["error"]
    assert error["debug_message"] == f"{wrong}: is not an argument of this tool; did you mean arguments?"


async def test_a_card_number_inside_a_wrapper_is_refused(client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        wrapped = json.dumps({**ANA, "custom_reference": "4242 4242 4242 4242"})
        result = await client.call_tool("create_customer", {"input": wrapped})
    code = result.structured_content["error"]["code"]
    assert (code.endswith("card_number.not_allowed"), sent) == (True, [])


@pytest.mark.parametrize("name", UNKNOWN)
async def test_a_tool_in_another_spelling_is_told_which_was_meant(name: str, client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        for result in (
            await client.call_tool(name, {}),
            await client.call_tool("describe_operation", {"name": name}),
            await client.call_tool(LIST, {"name": name}),
        ):
            error = result.structured_content["error"]
            assert "list_customers" in error["hint"].split("?")[0]


async def ask_prompt(client: Client, given: Any) -> str:
    """Get a prompt with arguments that are no texts, as no client of the SDK would send them."""
    request = GetPromptRequest(params=GetPromptRequestParams(name="bill_renewal", arguments={}))
    request.params.__dict__["arguments"] = given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic says that the type is wrong, as it has to be here
        got = await client.session.send_request(request, GetPromptResult)
    return got.messages[0].content.text


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"customer": "Ana", "amount": None, "concept": None}, {"customer": "Ana"}),
        ({"customer": "Ana", "amount": 500}, {"customer": "Ana", "amount": "500"}),
        ({"customer": "Ana", "amount": 500.0}, {"customer": "Ana", "amount": "500"}),
        ({"customer": "Ana", "amount": 499.5}, {"customer": "Ana", "amount": "499.5"}),
        ('{"customer": 5512345678, "concept": null}', {"customer": "5512345678"}),
    ],
)
async def test_a_prompt_is_asked_with_nulls_and_numbers(given: Any, meant: Any, client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        assert await ask_prompt(client, given) == await ask_prompt(client, meant)


@pytest.mark.parametrize("wrong", [True, ["Ana"], {"name": "Ana"}])
async def test_what_is_no_text_in_a_prompt_is_refused(wrong: Any, client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        with pytest.raises(MCPError, match="Invalid request parameters"):
            await ask_prompt(client, {"customer": wrong})
