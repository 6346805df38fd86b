"""With --four-eyes the caller cannot approve, on any channel and for any child company."""

from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.cli.starting.start_checks import refuse_contradictions
from conekta_mcp.consent.pending.record import PendingApproval, format_approval, parse_approval
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.pages.channels import create_channels
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.settings import Settings
from conekta_mcp.storage.sqlite import SqliteStore

KEY = "key_test_of_ana"
CHILD = "6a0000000000000000000001"
ASKED = PendingApproval(
    id="a", call="c", effect="e", tool="refund_order", account="x", caller="", question={}, created_at=1,
    expires_at=2, four_eyes=True,
)  # fmt: skip


def ask_with(child: str | None) -> PendingApproval:
    sender: Any = None
    used = KeyInUse.from_key(KEY, sender, child)
    return replace(ASKED, caller=used.fingerprint, caller_key=used.key_fingerprint)


@pytest.mark.parametrize("child", [None, CHILD])
def test_a_noted_key_is_known_for_each_child_company_and_in_any_capitals(child: str | None) -> None:
    asked = ask_with(child)
    mine = fingerprint_key(KEY)
    assert asked.is_call_of([mine])
    assert asked.is_call_of([mine.upper()])
    assert asked.is_call_of([asked.caller])
    assert not asked.is_call_of([fingerprint_key("key_test_of_eva")])
    assert not asked.is_call_of([])


def test_the_rule_is_kept_with_the_question() -> None:
    assert parse_approval(format_approval(ASKED)).four_eyes


@pytest.mark.parametrize("transport", ["stdio", "streamable-http"])
def test_only_channels_on_which_an_approver_signs_in_are_left(transport: str) -> None:
    store = SqliteStore(":memory:", lambda: 0.0)
    pending: Any = None
    usual = Settings(transport=(transport,))
    open_to_all = create_channels(usual, pending, store, {"DISPLAY": ":0"})
    assert {"client", "card", "browser", "preview"} <= open_to_all.allowed
    strict = create_channels(
        Settings(transport=(transport,), four_eyes=True), pending, store, {"DISPLAY": ":0"}
    )
    assert (strict.allowed, strict.four_eyes) == ({"inbox", "terminal"}, True)


@pytest.mark.parametrize(
    ("channels", "is_refused"),
    [(("auto",), False), (("inbox",), False), (("inbox", "terminal"), False), (("inbox", "client"), True)],
)
def test_other_channels_besides_four_eyes_are_refused_at_start(
    channels: tuple[str, ...], is_refused: bool
) -> None:
    settings = Settings(four_eyes=True, approval_channels=channels)
    if is_refused:
        with pytest.raises(ConfigurationError, match="--four-eyes"):
            refuse_contradictions(settings)
    else:
        refuse_contradictions(settings)
    refuse_contradictions(replace(settings, four_eyes=False))
