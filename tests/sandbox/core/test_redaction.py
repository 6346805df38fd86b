"""What the request history masks, and what it must not."""

from random import Random
from uuid import UUID

import pytest

from conekta_mcp.sandbox.core.redaction import redact


@pytest.mark.parametrize(
    "path",
    [
        "/checkouts/38979368-9954-45aa-8048-0495e6d7c139/cancel",
        "/checkouts/693cd040-240d-4932-8742-92853da3f6d6/cancel",
        # These do look like one: in the first three groups, in the last two, and with nothing but digits.
        "/checkouts/42810913-1005-4229-80ae-d0cf0c37c719/sms",
        "/checkouts/0a10913f-1005-422f-4111-111111111111/sms",
        "/checkouts/41111111-1111-1111-8111-111111111111/sms",
        # Its digits, put together, are those of a card number.
        "/checkouts/2e7d8f9d-277f-4ac7-a3fd-941edbfc07a5/cancel",
    ],
)
def test_the_digits_of_an_id_are_not_taken_for_a_card_number(path: str) -> None:
    assert redact(path) == path


def test_a_card_number_beside_an_id_is_masked() -> None:
    known = "42810913-1005-4229-80ae-d0cf0c37c719"
    assert redact(f"{known} 4242 4242 4242 4242") == f"{known} [redacted]"


@pytest.mark.parametrize("text", ["4242424242424242", "pan 4242 4242 4242 4242.", "4242-4242-4242-4242"])
def test_a_card_number_in_a_text_is_masked(text: str) -> None:
    assert "[redacted]" in str(redact(text))
    assert "4242" not in str(redact(text))


def test_no_id_of_a_payment_link_is_taken_for_a_card_number() -> None:
    chance = Random(1)
    ids = [str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(20_000)]
    assert redact(ids) == ids
