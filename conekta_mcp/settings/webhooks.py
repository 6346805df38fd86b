"""Settings of Conekta's webhooks: whether to receive them, their keys, and how long events are kept."""

from dataclasses import dataclass

from conekta_mcp.settings.parsing import (
    Group,
    declare_setting,
    derive_names,
    parse_boolean,
    parse_bound,
    parse_file,
)

WEBHOOK_PATH = "/webhooks/conekta"
EVENT_DAYS, MAX_EVENTS = 7, 100_000


@dataclass(frozen=True, kw_only=True)
@derive_names
class WebhookSettings:
    """How Conekta's webhooks are received."""

    webhooks: bool = declare_setting(
        False,
        parse_boolean,
        f"take Conekta's events at {WEBHOOK_PATH}, so that payments are noticed when they arrive",
        group=Group.HTTP,
    )
    webhook_keys: str | None = declare_setting(
        None,
        parse_file,
        (
            "PEM file of the public keys that sign the webhooks, where Conekta's API does not show them; "
            "without it they are read there once"
        ),
        group=Group.HTTP,
    )
    webhook_days: int = declare_setting(
        EVENT_DAYS,
        parse_bound,
        "for how many days it is kept which events were received",
        group=Group.STORAGE,
    )
    webhook_events: int = declare_setting(
        MAX_EVENTS,
        parse_bound,
        "most received events that are kept; the oldest go first",
        group=Group.STORAGE,
    )
