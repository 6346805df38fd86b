"""Settings of approvals: who is asked, on which channels, and how long a call waits."""

from dataclasses import dataclass
from typing import Literal, get_args

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.choices import suggest_choice
from conekta_mcp.settings.connecting import split_secure_address
from conekta_mcp.settings.parsing import (
    Group,
    declare_setting,
    derive_names,
    parse_boolean,
    parse_file,
    parse_names,
    parse_secrets,
    require_plain_number,
)

Channel = Literal["client", "card", "browser", "inbox", "terminal", "preview"]
"""The channels on which a person can answer, in the order of docs/approvals.md."""
CHANNELS: tuple[Channel, ...] = get_args(Channel)
SIGNED_IN_CHANNELS = frozenset[str]({"inbox", "terminal"})
"""Channels on which the person is known; on a terminal if there are approvers."""
AUTO, IN_STORE = "auto", "store"
MAX_WAIT_SECONDS = 900.0
"""The longest possible wait; no client waits longer."""


def parse_channels(text: str) -> tuple[str, ...]:
    """Read auto, or some channels separated by commas."""
    found = parse_names(text)
    if found != (AUTO,) and (not found or not set(found) <= set(CHANNELS)):
        near = suggest_choice(found, (AUTO, *CHANNELS))
        raise ValueError(f"expected {AUTO}, or some of {', '.join(CHANNELS)}{near}")
    return found


def parse_wait(text: str) -> float | None:
    """Read auto (None), or for how many seconds a call waits for a person."""
    if text.strip() == AUTO:
        return None
    seconds = float(require_plain_number(text))
    if not 0 <= seconds <= MAX_WAIT_SECONDS:
        raise ValueError(f"expected {AUTO}, or 0-{MAX_WAIT_SECONDS:.0f}")
    return seconds


def parse_approvers(text: str) -> str:
    """Read where the approvers are kept: the store, or a file."""
    return text if text == IN_STORE else parse_file(text)


def parse_webhook(text: str) -> str:
    """Read the address that pending approvals are posted to: https, or http on this machine."""
    parts = split_secure_address(text)
    if not parts.hostname or parts.fragment:
        raise ValueError("expected an address")
    if "@" in parts.netloc:  # they would not be sent
        raise ValueError("expected an address without user and password")
    return text.strip()


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # a part of Settings
@derive_names
class ApprovalSettings:
    """How a person is asked for an approval."""

    allow_preview: bool = declare_setting(
        False,
        parse_boolean,
        (
            "if a client cannot ask, show the model a preview and accept the call again with its "
            "token; this proves less than an approval"
        ),
        group=Group.APPROVAL,
    )
    approval_secrets: tuple[str, ...] = declare_setting(
        (),
        parse_secrets,
        (
            "secrets that protect approvals, the same for all replicas; new approvals use the "
            "first, all are accepted"
        ),
        group=Group.APPROVAL,
        flag=None,
        secret=True,
    )
    approval_channels: tuple[str, ...] = declare_setting(
        (AUTO,),
        parse_channels,
        (
            f"where a person may answer: {AUTO} (all that exist here), or some of {', '.join(CHANNELS)}; "
            "leave out what an agent with a shell or a weak client could reach"
        ),
        group=Group.APPROVAL,
    )
    approval_wait: float | None = declare_setting(
        None,
        parse_wait,
        (
            f"for how many seconds a call waits for a person before it answers consent_pending: {AUTO} "
            "(45 for clients that wait, else 4), or seconds"
        ),
        group=Group.APPROVAL,
    )
    approval_executes: bool = declare_setting(
        False,
        parse_boolean,
        (
            "carry out an approved call as soon as a person approves it on a page, even if its client has "
            "stopped waiting; without it the call has to be made again"
        ),
        group=Group.APPROVAL,
    )
    approvers: str = declare_setting(
        IN_STORE,
        parse_approvers,
        f"where the people who may approve over HTTP are kept: {IN_STORE}, or a file",
        group=Group.APPROVAL,
    )
    four_eyes: bool = declare_setting(
        False,
        parse_boolean,
        "refuse an approver's yes to calls made with a key that is noted as theirs",
        group=Group.APPROVAL,
    )
    approval_webhook: str | None = declare_setting(
        None,
        parse_webhook,
        "address that pending approvals are posted to, signed, such as a chat's incoming webhook",
        group=Group.APPROVAL,
        secret=True,
    )
    approval_webhook_secret: tuple[str, ...] = declare_setting(
        (),
        parse_secrets,
        "secret that signs what is posted to --approval-webhook",
        group=Group.APPROVAL,
        flag=None,
        secret=True,
    )

    @property
    def allows_cards(self) -> bool:
        """Whether cards may be answered, in clients that show them."""
        return not {AUTO, "card"}.isdisjoint(self.approval_channels)


def refuse_unsigned_webhook(settings: ApprovalSettings) -> None:
    """Raise ConfigurationError for a webhook without a secret: its posts could be forged."""
    if settings.approval_webhook and not settings.approval_webhook_secret:
        raise ConfigurationError(
            "--approval-webhook: set CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET, which signs what is posted"
        )
