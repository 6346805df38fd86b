"""Card data and keys are hidden by the names of their fields, wherever Conekta sends them."""

from typing import Any

import pytest
from pydantic_core import to_json

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.privacy.bounded import has_secret_fields, hide_secrets
from conekta_mcp.server.rendering.results import render_success

TOOLS = {tool.name: tool for tool in ALL_TOOLS}
HIDDEN = "[redacted]"
CARD = {"number": "1", "cvc": "123", "cvv": "123", "exp_month": "12", "exp_year": "29", "name": "Ana"}
HIDDEN_CARD = {**dict.fromkeys(CARD, HIDDEN), "name": "Ana"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"request_body": {"card": CARD}}, {"request_body": {"card": HIDDEN_CARD}}),
        ([{"previous_attributes": [CARD]}], [{"previous_attributes": [HIDDEN_CARD]}]),
        ({"exp_month": "12", "last4": "4242"}, {"exp_month": "12", "last4": "4242"}),
        (
            {"metadata": {"number": "A-1", "cvc": "123", "CVV": 123}},
            {"metadata": {"number": "A-1", "cvc": HIDDEN, "CVV": HIDDEN}},
        ),
        (
            {"request_headers": {"Authorization": "Basic a2V5"}},
            {"request_headers": {"Authorization": HIDDEN}},
        ),
        ({"authorization": "A-1"}, {"authorization": "A-1"}),
        ({"authentication_token": "key_1"}, {"authentication_token": HIDDEN}),
    ],
)
def test_secrets_are_hidden_by_name_and_an_expiry_or_a_number_only_in_bodies(value: Any, shown: Any) -> None:
    assert hide_secrets(value) == shown
    assert has_secret_fields(to_json(value)) == ("cv" in str(value).lower() or "_token" in str(value))


def test_the_whole_object_and_chosen_columns_hide_what_the_lean_answer_hides() -> None:
    log = {"id": "6a0000000000000000000001", "request_body": {"card": CARD}}
    whole = render_success(TOOLS["get_log"], log, whole=True, livemode=None).structured_content
    listed = render_success(TOOLS["list_logs"], {"data": [log]}, fields=["id", "request_body"], livemode=None)
    assert whole == {"conekta": {**log, "request_body": {"card": HIDDEN_CARD}}}
    assert (listed.structured_content or {})["rows"] == [[log["id"], {"card": HIDDEN_CARD}]]


def test_what_a_shop_put_into_metadata_is_hidden_too() -> None:
    customer = {"id": "cus_1", "metadata": {"cvc": "123", "nota": "x"}}
    seen = render_success(TOOLS["get_customer"], customer, livemode=None).structured_content
    assert seen == {"id": "cus_1", "metadata": {"cvc": HIDDEN, "nota": "x"}}
