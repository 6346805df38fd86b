"""Arguments that client layers fill in, wrap or rewrite are read as meant, with a note."""

import json
import warnings
from typing import Any

import httpx
import pytest
from mcp import Client, MCPError
from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult

from conekta_mcp.server.rendering.notes import NOTES as CUT

pytestmark = pytest.mark.anyio
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINE = {"name": "Plan anual", "unit_price": 50000, "quantity": 1}
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
CODE = "conekta_mcp.errors.parameter_validation"
SHIP = {"customer_id": "cus_1", "address": ADDRESS}

# The tool, its arguments as a client sends them, the body or the query that leaves, and the note.
ROWS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("list_customers", {"limit": 5.0}, "limit=5", "Read as whole numbers: limit."),
    ("list_customers", {"limit": 20, "next": "", "search": ""}, "limit=20",
     "Empty, so taken as not given: next, search."),
    ("list_customers", {"search": None, "limit": None}, "limit=20",
     "Empty, so taken as not given: search, limit."),
    ("list_customers", {"search": "ana", "toolCallId": "1", "sessionId": "2", "action": "3", "chatInput": 4},
     "limit=20&search=ana",
     "Your client's own, so ignored: toolCallId, sessionId, action, chatInput."),
    ("create_customer", {**ANA, "payment_sources": [], "metadata": {}}, ANA,
     "Empty, so taken as not given: payment_sources, metadata."),
    ("create_customer", {**ANA, "metadata": '{"a": 1.0}'}, {**ANA, "metadata": {"a": 1.0}}, ""),
    ("create_customer", {**ANA, "metadata": {"a": "", "b": 2.0}},
     {**ANA, "metadata": {"a": "", "b": 2.0}}, ""),
    ("create_customer", {**ANA, "payment_sources": ['{"type": "spei_recurrent", "token_id": ""}']},
     {**ANA, "payment_sources": [{"type": "spei_recurrent"}]},
     "Empty, so taken as not given: payment_sources.0.token_id. Read from JSON text: payment_sources.0."),
    ("update_customer", {"customer_id": "cus_1", "name": "Ana R", "email": ""}, {"name": "Ana R"},
     "Empty, so taken as not given: email."),
    ("add_shipping_contact", {**SHIP, "address": {**ADDRESS, "street2": "", "city": None}},
     {"address": ADDRESS}, "Empty, so taken as not given: address.street2, address.city."),
    ("update_shipping_contact", {"customer_id": "cus_1", "shipping_contact_id": "ship_cont_1",
                                 "receiver": "Eva", "address": {"street1": "", "city": None}},
     {"receiver": "Eva"},
     "Empty, so taken as not given: address.street1, address.city, address."),
    ("add_spei_recurrent_source", {"customer_id": "cus_1", "idempotency_key": "", "expires_at": None},
     {"type": "spei_recurrent"}, "Empty, so taken as not given: idempotency_key, expires_at."),
    ("refund_order", {"order_id": "ord_1", "amount": 50000.0, "reason": "requested_by_client"},
     {"amount": 50000, "reason": "requested_by_client"}, "Read as whole numbers: amount."),
    ("create_card_order", {"customer_id": "cus_1", "token_id": "tok_1", "monthly_installments": 3.0,
                           "line_items": json.dumps([{**LINE, "quantity": 1.0}])},
     {"line_items": [LINE], "currency": "MXN", "customer_info": {"customer_id": "cus_1"},
      "charges": [{"payment_method": {"type": "card", "monthly_installments": 3, "token_id": "tok_1"}}]},
     "Read as whole numbers: monthly_installments, line_items.0.quantity. Read from JSON text: line_items."),
    ("get_current_company", {"random_string": "x"}, "", "Your client's own, so ignored: random_string."),
    ("get_current_company", {"_placeholder": True}, "", "Your client's own, so ignored: _placeholder."),
    ("list_customers", {"security_context": {"agent": "1"}, "wait_for_previous": True, "_tool_context": {}},
     "limit=20", "Your client's own, so ignored: security_context, wait_for_previous, _tool_context."),
    ("create_customer",
     {**ANA, "email": " ana@example.com\n", "phone": "\u202a+52\xa0(55) 5555\u20115555\u202c"},
     ANA, "Spelled as Conekta does: email, phone."),
    ("create_customer", {**ANA, "date_of_birth": "1990-02-28"}, {**ANA, "date_of_birth": "28/02/1990"},
     "Spelled as Conekta does: date_of_birth."),
    ("create_customer", {**ANA, "date_of_birth": "1.2.1990"}, {**ANA, "date_of_birth": "01/02/1990"},
     "Spelled as Conekta does: date_of_birth."),
    ("create_order", {"customer_id": "cus_1", "line_items": [LINE], "payment_method": "NONE ",
                      "currency": "MX$"},
     {"line_items": [LINE], "currency": "MXN", "customer_info": {"customer_id": "cus_1"}},
     "Spelled as Conekta does: payment_method, currency."),
    ("create_company", {"name": "Uno", "clabe": "002 010-07777777777-1"},
     {"name": "Uno", "bank_account_info": {"clabe": "002010077777777771"}},
     "Spelled as Conekta does: clabe."),
    ("call_read_operation", {"name": " list_plans\n", "arguments": None}, "limit=20",
     "Spelled as Conekta does: name."),
    ("call_read_operation", {"name": "list_plans", "arguments": []}, "limit=20", ""),
    ("call_read_operation", {"name": "list_plans"}, "limit=20", ""),
    ("call_write_operation", {"toolCallId": "1", "name": "update_customer", "arguments": json.dumps(
        {"customer_id": "cus_1", "name": "Ana R", "email": None, "sessionId": "2"})}, {"name": "Ana R"},
     ("Your client's own, so ignored: toolCallId. Empty, so taken as not given: email. "
      "Your client's own, so ignored: sessionId.")),
    ("call_read_operation", {"name": "get_order", "arguments": {"order_id": "ord_1", "detail": ""}}, "",
     "Empty, so taken as not given: detail."),
    ("call_write_operation", {"name": "update_customer", "arguments": '{"customer_id": "cus_1", '
                              '"name": "Ana \\ud83d", "email": ""}'}, {"name": "Ana \ufffd"},
     "Cut inside an emoji, read as \ufffd: arguments. Empty, so taken as not given: email."),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "given", "sent_on", "note"), ROWS)
async def test_what_a_client_made_of_a_call_is_read_as_it_was_meant(
    tool: str, given: dict[str, Any], sent_on: Any, note: str, client_for: Any
) -> None:
    # The id of the path, and the type that a source's answer must have.
    answer = {"id": "cus_1", "object": "customer"}
    async with client_for(httpx.Response(200, json=answer), language="en") as (client, sent):
        result = await client.call_tool(tool, given)
    (request,) = sent
    left = request.content or str(request.url.query, "ascii")
    assert (json.loads(left) if isinstance(left, bytes) else left) == sent_on
    assert (result.structured_content or {}).get("note", "") == note
    text = result.content[0].text
    assert text.endswith(f"\nnote: {note}") if result.is_error and note else True
    assert result.is_error or json.loads(text) == result.structured_content


async def test_the_note_is_told_in_spanish_too(client_for: Any) -> None:
    answer = httpx.Response(200, json={"object": "list", "data": [], "has_more": False})
    async with client_for(answer) as (client, _):
        result = await client.call_tool(
            "list_orders", {"limit": 5.0, "search": None, "action": "x", "created_at_gte": ""}
        )
    assert result.structured_content["note"] == (
        "Vacío, así que no se dio: search, created_at_gte. Leído como número entero: limit. "
        "De tu cliente, no de esta herramienta, así que se ignoró: action."
    )


async def test_a_cut_emoji_leaves_the_note_on_the_rest(client_for: Any) -> None:
    answer = httpx.Response(200, json={"object": "list", "data": [], "has_more": False})
    async with client_for(answer, language="en") as (client, _):
        result = await client.call_tool("list_orders", {"limit": 5.0, "search": "Ana \ufffd"})
    note = f"Read as whole numbers: limit. {CUT['unreadable_text']['en']}"
    assert result.structured_content["note"] == note


async def test_a_long_note_counts_the_rest(client_for: Any) -> None:
    lines = [{**LINE, "sku": ""}] * 15
    async with client_for(httpx.Response(200, json={"id": "ord_1", "object": "order"}), language="en") as (
        client,
        _,
    ):
        result = await client.call_tool("create_order", {"customer_id": "cus_1", "line_items": lines})
    note = result.structured_content["note"]
    assert note.endswith("line_items.11.sku, +3.")


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ("", "limit=20"),
        ([], "limit=20"),
        (None, "limit=20"),
        ("{}", "limit=20"),
        ('{"limit": 5.0}', "limit=5"),
        ('{"search": "ana \\ud83d"}', "limit=20&search=ana+%EF%BF%BD"),
    ],
)
async def test_arguments_as_one_text_or_as_nothing_are_read(given: Any, query: str, client_for: Any) -> None:
    answer = httpx.Response(200, json={"object": "list", "data": [], "has_more": False})
    async with client_for(answer) as (client, sent):
        result = await call_with(client, given)
    assert (result.is_error, str(sent[0].url.query, "ascii")) == (False, query)


@pytest.mark.parametrize("given", ["ana", "[1]", '"{}"', '{"limit": 1, "limit": 2}', [1], 5, True])
async def test_arguments_that_say_nothing_as_a_whole_are_refused(given: Any, client_for: Any) -> None:
    async with client_for(httpx.Response(200, json={})) as (client, sent):
        with pytest.raises(MCPError, match="Invalid request parameters"):
            await call_with(client, given)
    assert sent == []


async def call_with(client: Client, given: Any) -> CallToolResult:
    """Call list_customers with `arguments` as no client of the SDK would write them."""
    request = CallToolRequest(params=CallToolRequestParams(name="list_customers", arguments={}))
    request.params.__dict__["arguments"] = given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic says that the type is wrong, as it has to be here
        return await client.session.send_request(request, CallToolResult)


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("list_customers", {"search": "ana", "toolCallid": "1"}, "toolCallid", "unknown_argument"),
    ("list_customers", {"random_string": "1"}, "random_string", "unknown_argument"),
    ("list_customers", {"cursor": None}, "cursor", "unknown_argument"),
    ("create_order", {"customer_id": "cus_1", "line_items": "[{]"}, "line_items", "invalid_datatype"),
    ("create_order", {"customer_id": "cus_1", "line_items": json.dumps(LINE)}, "line_items",
     "invalid_datatype"),
    ("create_order", {"customer_id": "cus_1", "line_items": json.dumps(json.dumps([LINE]))}, "line_items",
     "invalid_datatype"),
    ("create_order", {"customer_id": "cus_1", "line_items": "[" * 100_000}, "line_items",
     "invalid_datatype"),
    ("create_customer", {**ANA, "metadata": '{"a": 1, "a": 2}'}, "metadata", "invalid_datatype"),
    ("create_customer", {**ANA, "metadata": '{"a": NaN}'}, "metadata", "invalid_datatype"),
    ("create_customer", {**ANA, "metadata": "a: 1"}, "metadata", "invalid_datatype"),
    ("refund_order", {"order_id": "ord_1", "amount": float(2**53 + 2), "reason": "other"}, "amount",
     "invalid_datatype"),
    ("call_write_operation", {"name": "cancel_order", "arguments": "ord_1"}, "arguments",
     "invalid_datatype"),
    ("call_write_operation", {"name": "cancel_order", "arguments": ""}, "order_id", "missing"),
    ("call_write_operation", {"name": "cancel_order"}, "order_id", "missing"),
    ("call_read_operation", {"name": "list_plans", "arguments": "null"}, "arguments", "invalid_datatype"),
    ("list_customers", {"_placeholder": True}, "_placeholder", "unknown_argument"),
    ("create_customer", {**ANA, "phone": "55 1234 56**"}, "phone", "invalid"),
    ("create_customer", {**ANA, "date_of_birth": "1990-02-30"}, "date_of_birth", "invalid"),
    ("create_plan", {"name": "Oro", "amount": 1000, "interval": "mensual", "frequency": 1}, "interval",
     "invalid"),
    ("update_customer", {"customer_id": "cus_1", "email": "", "phone": None}, "", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "given", "param", "code"), REFUSED)
async def test_nothing_is_guessed(
    tool: str, given: dict[str, Any], param: str, code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error.get("param", ""), error["code"].rsplit(".", 1)[1], sent) == (param, code, [])


@pytest.mark.parametrize(
    "given",
    [{"chatInput": "pay with 4242 4242 4242 4242"},
     {"metadata": '{"a": "\\u0034242 4242 4242 4242"}'}],
)  # fmt: skip
async def test_a_card_number_is_refused_in_what_is_ignored_and_in_json_text(
    given: dict[str, Any], client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool("create_customer", {**ANA, **given})
    code = result.structured_content["error"]["code"]
    assert (code, sent) == (f"{CODE}.card_number.not_allowed", [])


@pytest.mark.parametrize(
    ("tool", "given", "wrong", "meant"),
    [
        ("list_customers", {"limt": 5}, "limt", "limit"),
        ("list_customers", {"maxItems": 5}, "maxItems", "max_items"),
        ("list_customers", {"max-items": 5}, "max-items", "max_items"),
        ("get_customer", {"customerId": "cus_1"}, "customerId", "customer_id"),
        ("create_order", {"customer_id": "cus_1", "line_items": [{**LINE, "unitPrice": 1}]},
         "line_items.0.unitPrice", "unit_price"),
        ("add_shipping_contact", {**SHIP, "address": {**ADDRESS, "street": "x"}},
         "address.street", "street1"),
    ],
)  # fmt: skip
async def test_a_misspelt_argument_is_told_what_was_meant(
    tool: str, given: dict[str, Any], wrong: str, meant: str, client_for: Any
) -> None:
    async with client_for(httpx.Response(200, json={})) as (client, sent):
        error = (await client.call_tool(tool, given)).structured_content["error"]
    told = [error, *error.get("details", [])]
    spanish = f"{wrong}: no es un argumento de esta herramienta; ¿quisiste decir {meant}?"
    english = f"{wrong}: is not an argument of this tool; did you mean {meant}?"
    assert (spanish, english) in [(one.get("message"), one.get("debug_message")) for one in told]
    assert sent == []
