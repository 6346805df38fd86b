"""Looks up why a payment failed in the tables of codes."""

from conekta_mcp.domains.support.explaining import bank_codes, shop_codes
from conekta_mcp.domains.support.explaining.causes import ANOTHER, FailureCause
from conekta_mcp.results.times import say

UNKNOWN = FailureCause(
    (),
    ("Conekta dio un código que no se conoce aquí.", "Conekta gave a code that is not known here."),
    "conekta",
    ANOTHER,
)
CAUSES = (*bank_codes.CAUSES, *shop_codes.CAUSES)
BY_CODE = {code: cause for cause in CAUSES for code in cause.codes}


def find_cause(code: str) -> FailureCause | None:
    """Return the cause for a code; None if no source documents it."""
    steps = code.split(".")
    ends = (".".join(steps[-count:]) for count in (2, 1))
    return next((BY_CODE[end] for end in ends if end in BY_CODE), None)


def describe_failure(code: str) -> dict[str, str]:
    """Return the cause, who can act, and what to tell the customer, in the language of this call."""
    found = find_cause(code) or UNKNOWN
    return {
        "failure_code": code,
        "cause": say(*found.cause),
        "who_can_act": found.actor,
        "tell_customer": say(*found.tell),
    }
