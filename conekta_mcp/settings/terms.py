"""Settings of the store's terms: how long intents and approvals are kept, and which risks are accepted."""

from collections.abc import Callable
from dataclasses import dataclass

from conekta_mcp.settings.choices import suggest_choice
from conekta_mcp.settings.parsing import (
    Group,
    declare_setting,
    derive_names,
    parse_bound,
    parse_integer,
    parse_names,
)

APPROVAL_SECONDS, MIN_APPROVAL_SECONDS, MAX_APPROVAL_SECONDS = 900, 30, 3600
"""How long an approval can be used, and the bounds of that setting."""
KEY_DAYS = 30
"""For how many days a repeated key gets the first answer."""
DUPLICATE_SECONDS, MAX_WINDOW_SECONDS = 600, 86_400
"""The window of equal calls, and its longest: the lookup goes back a day (writes/equal_calls.py)."""
ACCEPTABLE_LOSSES = ("memory-store", "memory-disk", "forgetful-redis", "audit-off", "separate-stores")


def build_choices_parser(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of words from a fixed set, separated by commas."""

    def parse_choices(text: str) -> tuple[str, ...]:
        found = parse_names(text)
        if not set(found) <= set(choices):
            raise ValueError(f"expected some of {', '.join(choices)}{suggest_choice(found, choices)}")
        return found

    return parse_choices


def parse_window(text: str) -> int:
    """Read for how many seconds equal calls are compared; no longer than the store keeps them for that."""
    return parse_integer(text, 0, MAX_WINDOW_SECONDS)


def parse_approval_seconds(text: str) -> int:
    """Read how long an approval can be used."""
    return parse_integer(text, MIN_APPROVAL_SECONDS, MAX_APPROVAL_SECONDS)


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # a part of Settings
@derive_names
class Terms:
    """How long intents and approvals are kept, and which risks the operator accepts."""

    key_days: int = declare_setting(
        KEY_DAYS,
        # At least a day: equal calls are compared with answers that are still kept.
        parse_bound,
        "for how many days a repeated idempotency_key gets the first answer; later it is refused",
        group=Group.STORAGE,
    )
    duplicate_window: int = declare_setting(
        DUPLICATE_SECONDS,
        parse_window,
        (
            "for how many seconds an equal call without a key may be the same one again, at most "
            f"{MAX_WINDOW_SECONDS}; 0 switches this off"
        ),
        group=Group.STORAGE,
    )
    approval_seconds: int = declare_setting(
        APPROVAL_SECONDS,
        parse_approval_seconds,
        (
            "for how many seconds a question can be answered and an approval used, "
            f"{MIN_APPROVAL_SECONDS} to {MAX_APPROVAL_SECONDS}"
        ),
        group=Group.APPROVAL,
    )
    accept_losing_safety: tuple[str, ...] = declare_setting(
        (),
        build_choices_parser(*ACCEPTABLE_LOSSES),
        f"what live money may do without: some of {', '.join(ACCEPTABLE_LOSSES)}",
        group=Group.STORAGE,
        env="CONEKTA_MCP_I_ACCEPT_LOSING_SAFETY",
        flag="--i-accept-losing-safety",
    )
