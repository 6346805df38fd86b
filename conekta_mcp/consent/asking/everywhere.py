"""Asks a person on all channels at the same time; the first answer wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.abc import TaskGroup

from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import FORM_SECONDS, Channels
from conekta_mcp.consent.asking.client_forms import ClientForms
from conekta_mcp.consent.asking.waiting_words import WAITING
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import OPEN_STATES, Channel, PendingApproval
from conekta_mcp.consent.refusals import build_unclear_answer
from conekta_mcp.errors import NotApproved

PROGRESS_SECONDS = 3.0
"""How often a waiting call reports progress, so that clients reset their timeout."""
MAX_UNOPENED = 10_000


@dataclass(frozen=True)
class AskedEverywhere:
    """A question that a call is waiting for."""

    client: Client
    approval: PendingApproval
    text: str
    form: Mapping[str, Any]
    """JSON schema of the client's form."""
    offered: list[Channel]
    form_ended: anyio.Event = field(default_factory=anyio.Event)
    """Set where the client's own form turns out to reach nobody, and when it ends with its call."""


class Asking:
    """Asks people for one process; `forms` remembers the clients whose own forms reach nobody."""

    def __init__(
        self,
        pending: PendingApprovals,
        channels: Channels,
        background: BackgroundTasks,
        language: str,
        lifetime: float,
    ) -> None:
        self._pending, self._channels, self._background = pending, channels, background
        self._language, self._lifetime = language, lifetime
        self.forms = ClientForms(channels)
        self._unopened: set[str] = set()

    def open_browser_later(self, approval: PendingApproval) -> None:
        """Open a browser unless a form or card was shown, or an answer came, by then."""
        if self._channels.browser is None or "browser" not in self._channels.allowed:
            return

        async def open_browser() -> None:
            await anyio.sleep(FORM_SECONDS)
            standing = await self._pending.find(approval.id)
            if standing and standing.state == "created":
                await self._show_page(standing)

        self._background.start(open_browser(), "Opening the page of an approval")

    async def ask_everywhere(self, asked: AskedEverywhere) -> PendingApproval | None:
        """Return the approval once it is decided, or once the call can wait no longer.

        Raises:
            NotApproved: the client's answer was neither yes nor no, or it failed to ask and there is no other
                channel.
        """
        try:
            return await self._ask_within_call(asked)
        finally:
            asked.form_ended.set()

    async def _ask_within_call(self, asked: AskedEverywhere) -> PendingApproval | None:
        wait = self._channels.choose_wait(asked.client, asked.offered, self._lifetime)
        failures: list[NotApproved] = []
        opening = self._start_page(asked) if "browser" in asked.offered else None
        with anyio.move_on_after(wait) as patience:
            async with anyio.create_task_group() as group:
                if "client" in asked.offered:
                    group.start_soon(self._ask_client, asked, group, failures)
                if opening:
                    group.start_soon(self._await_page, asked, group, opening)
                if self._channels.prompt and "terminal" in asked.offered:
                    group.start_soon(self._ask_at_terminal, asked, group)
                group.start_soon(self._report, asked)
                await self._pending.wait(asked.approval.id)
                group.cancel_scope.cancel()
        if failures:
            await self._pending.withdraw(asked.approval)
            raise failures[0]
        if patience.cancelled_caught and "client" in asked.offered:
            self.forms.note_silence(asked.client)
        return await self._pending.expire(asked.approval.id)

    async def _ask_client(
        self, asked: AskedEverywhere, group: TaskGroup, failures: list[NotApproved]
    ) -> None:
        given_at = self.forms.read_time()
        try:
            answer = await asked.client.ask(asked.text, asked.form)
        except NotApproved as failure:
            self.forms.note_silence(asked.client)
            if asked.offered == ["client"]:
                failures.append(failure)
                group.cancel_scope.cancel()
            asked.form_ended.set()
            return
        if answer == "unclear":
            self.forms.note_silence(asked.client)
            failures.append(build_unclear_answer())
            group.cancel_scope.cancel()
            return
        if self.forms.take_form_answer(asked.client, answer, asked.approval.id, given_at):
            asked.form_ended.set()
            return
        by = asked.client.name or "client"
        await self._pending.decide(asked.approval.id, approved=answer == "approve", by=by, channel="client")
        group.cancel_scope.cancel()

    async def _await_page(self, asked: AskedEverywhere, group: TaskGroup, opening: anyio.Event) -> None:
        """Wait until the page is open; where it cannot be, and nobody else can ask, wait for no answer."""
        await opening.wait()
        offered = self.forms.list_after_form(asked.client, asked.offered)
        if not self.list_reachable(offered, asked.approval):
            group.cancel_scope.cancel()

    def _start_page(self, asked: AskedEverywhere) -> anyio.Event:
        """Open the page in the background: a call that is given up meanwhile leaves it to the person.

        A client's own form is given a while, unless it ends before: the page then takes its place.
        """
        opened = anyio.Event()

        async def show_page() -> None:
            try:
                if "client" in asked.offered:
                    with anyio.move_on_after(FORM_SECONDS):
                        await asked.form_ended.wait()
                standing = await self._pending.find(asked.approval.id)
                if standing and standing.state in OPEN_STATES:
                    await self._show_page(standing)
            finally:
                opened.set()

        self._background.start(show_page(), "Opening the page of an approval")
        return opened

    async def _show_page(self, approval: PendingApproval) -> None:
        """Open the page of an approval, and remember whether that worked."""
        self._unopened.discard(approval.id)
        if self._channels.browser and not await self._channels.browser.show(approval):
            if len(self._unopened) >= MAX_UNOPENED:
                self._unopened.clear()
            self._unopened.add(approval.id)

    def list_reachable(self, offered: Sequence[Channel], approval: PendingApproval) -> list[Channel]:
        """Return the channels on which a person can answer, without a page that could not be opened."""
        return [one for one in offered if one != "browser" or approval.id not in self._unopened]

    async def _ask_at_terminal(self, asked: AskedEverywhere, group: TaskGroup) -> None:
        if self._channels.prompt:
            await self._channels.prompt.ask(asked.approval)
        group.cancel_scope.cancel()

    async def _report(self, asked: AskedEverywhere) -> None:
        seconds = 0.0
        while True:
            await asked.client.report_waiting(WAITING[self._language], seconds)
            await anyio.sleep(PROGRESS_SECONDS)
            seconds += PROGRESS_SECONDS
