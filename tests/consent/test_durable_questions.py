"""A question is on disk before it is asked, and a refusal before it is reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from conekta_mcp.consent.client import Answer
from conekta_mcp.consent.consent import Consent, GrantedApproval
from conekta_mcp.errors import NotApproved
from tests.consent.fake_client import FakeClient
from tests.consent.test_channels import ASKED
from tests.consent.till import Tokens

pytestmark = pytest.mark.anyio
CREATED = [("questions", False), ("approvals", False), ("approval-calls", True)]
"""The last of these waits for the disk, with all that came before it."""


@dataclass
class WatchingClient(FakeClient):
    """Notes what was kept when it is asked."""

    store: Tokens = field(default_factory=Tokens)
    kept: list[tuple[str, bool]] = field(default_factory=list)

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        self.kept = list(self.store.documents.kept)
        return await super().ask(question, form)


def create_consent(store: Tokens) -> Consent:
    return Consent(
        language="es",
        allow_preview=False,
        secrets=("s" * 32,),
        store=store,  # type: ignore[arg-type]  # all that consent uses of it
    )


async def test_a_yes_is_used_on_the_disk_before_the_call_goes_on() -> None:
    client = WatchingClient(can_ask=True, answer="approve")
    granted = await create_consent(client.store).obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert client.kept == CREATED
    # Decided and spent; that the question is answered can be lost: it would count as silence.
    assert client.store.documents.kept[3:] == [("approvals", True), ("approvals", True), ("questions", False)]


async def test_a_no_waits_for_the_disk() -> None:
    client = WatchingClient(can_ask=True, answer="decline")
    with pytest.raises(NotApproved):
        await create_consent(client.store).obtain(ASKED, client, None)
    assert client.kept == CREATED
    assert all(durable for _, durable in client.store.documents.kept[3:])
