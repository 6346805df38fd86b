"""POST /tokens: card tokens for one use within ten minutes (conekta-api.md 4.11, 8).

Only test cards exist. Of a card its first six and last four digits are kept, never its number.
"""

import re
from datetime import UTC, datetime

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.instruments.cards import CARDS, STALE_CARD, TOKEN_KIND, Card
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.refusals import links, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid

CARD = Shape(
    required={
        "number": Text(),
        # First and last name, of letters and these signs (4.6, 8).
        "name": Text(pattern=r"^[^\W\d_]+[.]?(?:[ ,.'’-]+[^\W\d_]+[.]?)+\Z"),
        "cvc": Text(),
        "exp_month": Text(pattern=r"^(?:0[1-9]|1[0-2])\Z"),
        "exp_year": Text(pattern=r"^[0-9]{2}\Z"),
    },
    optional={"device_fingerprint": Text()},
    closed=True,
)
CHECKOUT = Shape(required={"returns_control_on": Choice(("Token",))}, closed=True)
TOKEN = Shape(optional={"card": CARD, "checkout": CHECKOUT}, closed=True)
CHECKOUT_CARD = Shape(required={"card": Choice((*CARDS, STALE_CARD))}, closed=True)

MSI_ERROR = Card("visa", "411111", "1111", ends=STALE_CARD)
CARDS_BY_NUMBER = {
    "4242424242424242": CARDS["tok_test_visa_4242"],
    "4012888888881881": CARDS["tok_test_visa_1881"],
    "5555555555554444": CARDS["tok_test_mastercard_4444"],
    "5105105105105100": CARDS["tok_test_mastercard_5100"],
    "378282246310005": CARDS["tok_test_amex_0005"],
    "371449635398431": CARDS["tok_test_amex_8431"],
    "4915669353237603": CARDS["tok_test_banorte_debit"],
    "5576041385402646": CARDS["tok_test_banco_azteca_debit"],
    "4000000000000002": CARDS["tok_test_card_declined"],
    "4000000000000127": CARDS["tok_test_insufficient_funds"],
    "4000000000002701": Card("visa", "400000", "2701", passes_3ds=True),
    "4111111111111111": MSI_ERROR,
}


def create_token(call: Call) -> Json:
    """Create a token of a card or, deprecated, of a checkout in which the payer gives the card."""
    check(TOKEN, call.body)
    if len(call.body) != 1:
        raise Invalid(reasons.invalid_param("checkout") if call.body else reasons.missing_param("card"))
    account = call.account
    token = {"id": account.make_id("tok_"), "object": "token", "livemode": False, "used": False}
    if "checkout" in call.body:
        account.add(TOKEN_KIND, token)
        return {**token, "checkout": checkouts.create_token_checkout(account, token)}
    card = _find_card(call.body["card"], account.now())
    account.add(TOKEN_KIND, {**token, "card": card._asdict(), "filled_at": account.now()})
    return token


def fill_token(call: Call) -> Json:
    check(CHECKOUT_CARD, call.body)
    token = load_record(call.account, TOKEN_KIND, call.path["id"], "Token")
    if "card" in token:
        raise Invalid(reasons.immutable_param("card"))
    card = CARDS.get(call.body["card"], MSI_ERROR)
    call.account.save(TOKEN_KIND, {**token, "card": card._asdict(), "filled_at": call.account.now()})
    return token


def _find_card(given: Json, now: int) -> Card:
    """Return the test card with this number, the given holder and expiry; a refusal repeats none of it."""
    card = CARDS_BY_NUMBER.get(given["number"].replace(" ", ""))
    wrong = _list_card_errors(given, card, now)
    if card is None or wrong:
        raise Invalid(*wrong)
    return card._replace(holder=given["name"], exp_month=given["exp_month"], exp_year=given["exp_year"])


def _list_card_errors(given: Json, card: Card | None, now: int) -> list[Detail]:
    digits = 4 if card and card.brand == "american_express" else 3
    today = datetime.fromtimestamp(now, UTC)
    expiry = (2000 + int(given["exp_year"]), int(given["exp_month"]))
    return [
        *([] if card else [links.invalid_card_number()]),
        *([] if re.fullmatch(f"[0-9]{{{digits}}}", given["cvc"]) else [links.invalid_cvc()]),
        *([links.expired_card()] if expiry < (today.year, today.month) else []),
    ]


ENDPOINTS = (Endpoint("POST", "/tokens", create_token),)
CONTROLS = (Endpoint("POST", "/_sandbox/tokens/{id}/card", fill_token),)
