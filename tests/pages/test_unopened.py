"""A page that no browser could open is not named as a place to answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conekta_mcp.consent.asking import everywhere
from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.client import PendingCard
from conekta_mcp.consent.consent import Consent
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.errors import NotApproved
from tests.consent.fake_client import FakeClient
from tests.pages.questions import Questions

pytestmark = pytest.mark.anyio
ASKED = ApprovalRequest(
    tool="create_order",
    arguments="{}",
    amount=50_000,
    currency="MXN",
    account="tienda",
    profile="tienda-centro",
    mode="live",
    question={"es": "¿Cobrar MXN 500.00?", "en": "Bill MXN 500.00?"},
)
BROWSER = "En la página que se abre en el navegador de esta computadora."
TERMINAL = "En una terminal de la computadora del servidor: conekta-mcp approvals"


class Screen:
    """A screen on which a browser opens, or not."""

    opens = False

    async def show(self, _: PendingApproval) -> bool:
        return self.opens

    async def close(self) -> None:
        """Has nothing to close."""


@pytest.fixture
async def questions() -> AsyncIterator[Questions]:
    questions = Questions()
    yield questions
    await questions.store.close()


def create_consent(questions: Questions, screen: Screen, **channels: Any) -> Consent:
    return Consent(
        language="es",
        allow_preview=False,
        secrets=("s" * 32,),
        store=questions.store,
        channels=Channels(browser=screen, **{"wait_seconds": 0.05, **channels}),
        background=BackgroundTasks(),
    )


async def refuse(consent: Consent) -> NotApproved:
    with pytest.raises(NotApproved) as caught:
        await consent.obtain(ASKED, FakeClient(), None)
    return caught.value


def list_places(failure: NotApproved) -> list[tuple[str | None, str]]:
    return [(one.param, one.message) for one in failure.details if one.param]


async def test_the_terminal_alone_is_named_where_no_browser_opens(questions: Questions) -> None:
    screen = Screen()
    consent = create_consent(questions, screen, has_terminal=True)
    pending = await refuse(consent)
    assert (pending.type, list_places(pending)) == ("consent_pending", [("terminal", TERMINAL)])
    screen.opens = True
    assert list_places(await refuse(consent)) == [("browser", BROWSER), ("terminal", TERMINAL)]


async def test_where_nothing_else_can_ask_the_call_ends_at_once(questions: Questions) -> None:
    consent = create_consent(questions, Screen(), wait_seconds=3_600.0)
    assert (await refuse(consent)).type == "consent_unavailable"
    [approval] = await consent.pending.list_all()
    assert approval.state == "expired"


async def test_a_screen_without_browser_tires_nobody(questions: Questions) -> None:
    consent = create_consent(questions, Screen())
    assert {(await refuse(consent)).type for _ in range(7)} == {"consent_unavailable"}


async def test_a_card_does_not_name_a_page_that_failed_before(
    questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 0.0)
    screen = Screen()
    consent = create_consent(questions, screen)
    client = FakeClient(shows_cards=True)
    first = await consent.obtain(ASKED, client, None)
    assert isinstance(first, PendingCard)
    assert BROWSER in first.message
    [task] = consent._asking._background._tasks
    await task
    again = await consent.obtain(ASKED, client, None)
    assert isinstance(again, PendingCard)
    assert BROWSER not in again.message
    await consent._asking._background.close()
