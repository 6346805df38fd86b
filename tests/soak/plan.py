"""What a run does, drawn from its seed: per account some intents, each with a tool and what goes wrong."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.effects.scenes import SCENES

TIMEOUT = 0.4
"""Seconds after which the server gives Conekta up."""
LATE = 0.7
"""Seconds that a late answer takes."""
PER_ACCOUNT = 8
QUIET, LONG = 130.0, 90_000.0
"""Seconds that pass before what is unknown is settled: more than the quiet time; more than a key lives."""

UNPROVABLE = {"create_token": "nothing lists tokens, and an unused one does nothing"}
MONEY = (
    "create_order", "create_order_reusing_clabe", "create_card_order", "cancel_order", "create_charge",
    "create_charges", "capture_order", "void_order", "refund_order", "cancel_refund", "create_payment_link",
    "cancel_payment_link", "create_subscription", "create_customer_subscription", "cancel_subscription",
    "cancel_customer_subscription", "resume_subscription", "resume_customer_subscription",
    "retry_subscription", "update_subscription", "create_payout", "cancel_payout", "add_line_item",
    "add_tax_line", "add_shipping_line", "add_discount_line",
)  # fmt: skip
"""Drawn three times as often as the others."""
TWINS = ("create_order", "create_card_order", "create_payment_link", "create_customer", "create_payout")
"""Tools of which two equal intents are drawn at once: equal amounts are not duplicates."""
TOOLS = tuple(sorted({*SCENES, *UNPROVABLE}))
PACK = (*TOOLS, *MONEY, *MONEY)

ENVELOPE = '{"object": "error", "type": "processing_error", "log_id": "1", "details": []}'
"""A refusal that a gateway sends with the status of a success."""
FAULTS: dict[str, dict[str, object]] = {
    "cut before": {"cut": "before"},
    "cut during": {"cut": "during"},
    "cut after": {"cut": "after"},
    "late, then applied": {"delay_seconds": LATE},
    "applied, then late": {"delay_seconds": LATE, "delay": "after"},
    "503 before": {"status": 503},
    "500 after": {"status": 500, "apply": True},
    "502 after": {"status": 502, "apply": True},
    "garbage after": {"body": "<html>", "apply": True},
    "200 {} instead": {"status": 200, "body": "{}"},
    "200 {} after": {"status": 200, "body": "{}", "apply": True},
    "200 error instead": {"status": 200, "body": ENVELOPE},
    "200 error after": {"status": 200, "body": ENVELOPE, "apply": True},
    "200 null after": {"status": 200, "body": "null", "apply": True},
    "garbage instead": {"body": "<html>"},
}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One intent: the tool, what strikes its request, and how the agent behaves."""

    number: int
    """Unique in the run; its stamp."""
    like: int
    """The intent whose arguments it shares, itself unless it is a twin."""
    tool: str
    fault: str
    times: int
    """How many requests the fault strikes: more than one reach the retries with an Idempotency-Key."""
    blind: int
    """How many readings fail after it, so that it cannot be proved at once."""
    own_key: bool
    """Whether the agent brings an idempotency_key."""
    twice: bool
    """Whether the agent sends the call twice at the same moment, to two replicas."""
    eager: bool
    """Whether the agent repeats at once what is unknown, before time passes."""
    stubborn: bool
    """Whether the agent repeats what was not applied."""


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What happens on one account."""

    seed: int
    number: int
    passes: float
    """Seconds that pass before settling."""
    intents: tuple[Planned, ...]


def plans(seed: int, count: int, twins: float = 0.0) -> Iterator[Planning]:
    """Draw accounts until there are `count` intents; `twins` is how likely two equal ones are drawn."""
    chosen = random.Random(seed)
    deck: list[str] = []
    drawn = number = 0
    while drawn < count:
        if len(deck) < PER_ACCOUNT:
            deck += chosen.sample(PACK, len(PACK))
        hand, deck = list(dict.fromkeys(deck[:PER_ACCOUNT])), deck[PER_ACCOUNT:]
        intents = tuple(_intents(chosen, hand, 1000 + drawn, twins))
        drawn += len(intents)
        passes = LONG if chosen.random() < 0.2 else QUIET
        yield Planning(seed=seed, number=number, passes=passes, intents=intents)
        number += 1


def _intents(chosen: random.Random, hand: list[str], first: int, twins: float) -> Iterator[Planned]:
    number = first
    for tool in hand:
        like = number
        for _ in range(2 if tool in TWINS and chosen.random() < twins else 1):
            own_key = chosen.random() < 0.7
            yield Planned(
                number=number,
                like=like,
                tool=tool,
                fault=chosen.choice(list(FAULTS)),
                times=chosen.choice((1, 1, 2, 4)),
                blind=chosen.choice((0, 0, 4, 12)),
                own_key=own_key,
                twice=own_key and chosen.random() < 0.3,
                eager=chosen.random() < 0.5,
                stubborn=chosen.random() < 0.5,
            )
            number += 1
