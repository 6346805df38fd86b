"""Draws a run from its seed: the intents of each account, each with a tool and its faults."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from conekta_mcp.domains.all_writes import WRITE_PLANS
from tests.effects.scenes import SCENES

TIMEOUT = 0.4
"""Seconds after which the server gives Conekta up."""
LATE = 0.7
"""Seconds that a late answer takes."""
PER_ACCOUNT = 8
QUIET, LONG = 130.0, 90_000.0
"""Seconds that pass before what is unknown is settled: more than the quiet time; more than a key lives."""

UNPROVABLE = {name: one.unproved for name, one in WRITE_PLANS.items() if one.unproved}
ALTERED, INVENTED = "answer altered, applied", "answer invented, not applied"
"""Status 200 whose sum, person or parent is not what was asked for; the line puts it in, not the sandbox."""
Fate = Literal["kept", "restored", "lost"]
Leaving = Literal["", "cancels", "leaves"]
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
TOGETHER = ("create_order", "create_card_order", "create_payout")
"""Of these, answers show a sum, so that a false one is lost for sure."""
TOOLS = tuple(sorted({*SCENES, *UNPROVABLE}))
PACK = (*TOOLS, *MONEY, *MONEY)

LOST_TOGETHER = 0.5
"""How likely two equal intents, where they can be, are lost together."""

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
    "200 [] after": {"status": 200, "body": "[]", "apply": True},
    "200 empty list instead": {"status": 200, "body": '{"object": "list", "data": []}'},
}
STRIKES = (*FAULTS, ALTERED, INVENTED, ALTERED, INVENTED)
SLOW: dict[str, object] = {"delay_seconds": 0.25, "delay": "after"}
"""What strikes a call whose caller cancels or goes, so that it is under way then."""


SLOWED = "caller gone while it is under way"
FATES: tuple[Fate, ...] = (
    "kept",
    "kept",
    "kept",
    "kept",
    "kept",
    "kept",
    "kept",
    "restored",
    "restored",
    "lost",
)
SPREES = 0.12
"""How many accounts spend on one tool, under a limit that not all of them fit into."""


@dataclass(frozen=True, kw_only=True)
class Spree:
    """A daily limit, and the centavos that it is set to; the intents of an account want more."""

    setting: str
    most: int


LIMITED = {
    "refund_order": Spree(setting="max_daily_refunds", most=1_800),
    "create_payout": Spree(setting="max_daily_payouts", most=70_000),
    "create_card_order": Spree(setting="max_daily_charges", most=450_000),
    "create_order_reusing_clabe": Spree(setting="max_daily_bills", most=450_000),
}
FOREIGN: dict[str, tuple[str, ...]] = {
    "create_order": (), "create_order_reusing_clabe": (), "create_card_order": (), "create_customer": (),
    "create_payout": (), "refund_order": ("amount",), "create_payment_link": ("name",),
    "add_line_item": ("unit_price",), "add_tax_line": ("amount",), "add_discount_line": ("amount",),
    "create_plan": ("amount",), "create_webhook": ("url",), "add_shipping_contact": ("receiver",),
}  # fmt: skip
"""What somebody else makes in between: equal but for our mark, or other in a field where there is no mark."""


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
    anxious: bool = False
    """Whether the agent repeats with its key what it was told to be applied."""
    forgets: bool = False
    """Whether the agent repeats without the key that it was told."""
    leaving: Leaving = ""
    """Whether the first call is cancelled, or its client goes, while it is under way."""
    foreign: bool = False
    """Whether somebody else makes such a row in between."""
    frozen: bool = False
    """Whether the process freezes before its request leaves, and wakes after another one took over."""
    together: bool = False
    """Whether it is lost while its twin is lost too, one of them applied and the other not."""


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What happens on one account."""

    seed: int
    number: int
    passes: float
    """Seconds that pass before settling."""
    intents: tuple[Planned, ...]
    rotates: bool = False
    """Whether a new API key of the company replaces the old one in mid-flight; the old one is shut."""
    steps: bool = False
    """Whether the wall clock of each replica steps forwards and backwards."""
    fate: Fate = "kept"
    """What becomes of the store's file before settling: restored from a copy of mid-flight, or lost."""
    limit: int | None = None
    """Centavos that one kind of money may come to in a day, of which the intents want more."""


def plans(seed: int, count: int, twins: float = 0.3) -> Iterator[Planning]:
    """Draw accounts until there are `count` intents; `twins` is how likely two equal ones are drawn."""
    chosen = random.Random(seed)
    deck: list[str] = []
    drawn = number = 0
    while drawn < count:
        if len(deck) < PER_ACCOUNT:
            deck += chosen.sample(PACK, len(PACK))
        hand, limit = list(dict.fromkeys(deck[:PER_ACCOUNT])), None
        if chosen.random() < SPREES:
            tool = chosen.choice(list(LIMITED))
            hand, limit = [tool] * PER_ACCOUNT, LIMITED[tool].most
        else:
            deck = deck[PER_ACCOUNT:]
        fate: Fate = chosen.choice(FATES) if limit is None else "kept"
        passes = LONG if limit is None and chosen.random() < 0.2 else QUIET
        intents = tuple(_intents(chosen, hand, 1000 + drawn, twins, fate, passes))
        drawn += len(intents)
        yield Planning(
            seed=seed,
            number=number,
            passes=passes,
            intents=intents,
            rotates=chosen.random() < 0.25,
            steps=chosen.random() < 0.3,
            fate=fate,
            limit=limit,
        )
        number += 1


def _intents(
    chosen: random.Random, hand: list[str], first: int, twins: float, fate: Fate, passes: float
) -> Iterator[Planned]:
    number = first
    for tool in hand:
        like, many = number, 2 if tool in TWINS and chosen.random() < twins else 1
        if many == 2 and tool in TOGETHER and fate == "kept" and chosen.random() < LOST_TOGETHER:
            yield from _lose_together(chosen, tool, number)
            number += 2
            continue
        for _ in range(many):
            own_key = chosen.random() < 0.6
            # A call without a key is the same wish for ten minutes, and a lost one for a day.
            keyless = not own_key and passes == QUIET and like == number
            leaving: Leaving = chosen.choice(("", "cancels", "leaves")) if keyless else ""
            frozen = fate == "kept" and own_key and many == 1 and chosen.random() < 0.12
            yield Planned(
                number=number,
                like=like,
                tool=tool,
                fault=SLOWED if leaving else chosen.choice(STRIKES),
                times=chosen.choice((1, 1, 2, 4)),
                blind=chosen.choice((0, 0, 4, 12)),
                own_key=own_key,
                twice=own_key and not frozen and chosen.random() < 0.3,
                eager=chosen.random() < 0.5,
                stubborn=chosen.random() < 0.5,
                anxious=own_key and chosen.random() < 0.3,
                forgets=keyless and not leaving and chosen.random() < 0.5,
                leaving=leaving,
                foreign=tool in FOREIGN and chosen.random() < 0.4,
                frozen=frozen,
            )
            number += 1


def _lose_together(chosen: random.Random, tool: str, number: int) -> Iterator[Planned]:
    """Two equal intents, each with a key, of which Conekta makes one: each has to find its own."""
    for place, fault in enumerate(chosen.sample((INVENTED, ALTERED), 2)):
        yield Planned(
            number=number + place,
            like=number,
            tool=tool,
            fault=fault,
            times=1,
            blind=0,
            own_key=True,
            twice=False,
            eager=False,
            stubborn=chosen.random() < 0.5,
            anxious=chosen.random() < 0.5,
            together=True,
        )
