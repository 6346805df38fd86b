"""Asks a person on all channels at the same time; the first answer wins."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.abc import TaskGroup

from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import FORM_SECONDS, Channels
from conekta_mcp.consent.asking.waiting_words import WAITING, describe_places, write_unread_hint
from conekta_mcp.consent.client import Answer, Client
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import OPEN_STATES, Channel, PendingApproval
from conekta_mcp.consent.refusals import build_unclear_answer
from conekta_mcp.errors import NotApproved

PROGRESS_SECONDS = 3.0
"""How often a waiting call reports progress, so that clients reset their timeout."""
MAX_SILENT_SESSIONS = 10_000
READING_SECONDS = 1.0
"""A form closed faster than this was not read by a person, but closed by a program."""


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
    """Asks people for one process, and remembers the clients whose forms nobody ever answers."""

    def __init__(
        self,
        pending: PendingApprovals,
        channels: Channels,
        background: BackgroundTasks,
        language: str,
        lifetime: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pending, self._channels, self._background = pending, channels, background
        self._language, self._lifetime, self._monotonic = language, lifetime, monotonic
        self._silent: set[str] = set()
        self._forms: dict[str, tuple[str, float]] = {}
        self._unread: dict[str, str] = {}
        self._unopened: set[str] = set()

    def list_channels(self, client: Client, standing: PendingApproval | None) -> list[Channel]:
        """Return the channels for a call, without a form that this client already showed in vain."""
        # The same call came again without the answer: this client's forms reach nobody.
        if standing and self.find_form_time(client, standing.id) is not None:
            self.note_silence(client)
        return self._channels.list_for(client, self._silent)

    def note_form(self, client: Client, approval: PendingApproval) -> None:
        """Remember that a client was given a form as the result of its call."""
        if len(self._forms) >= MAX_SILENT_SESSIONS:
            self._forms.clear()
        self._forms[client.session] = approval.id, self._monotonic()
        self.open_browser_later(approval)

    def find_form_time(self, client: Client, approval_id: str) -> float | None:
        """Return when a client was given the form of an approval as the result of its call."""
        known, given_at = self._forms.get(client.session, ("", 0.0))
        return given_at if known == approval_id else None

    def take_returned_form(self, client: Client, answer: Answer, approval_id: str) -> list[Channel]:
        """Do what `take_form_answer` does for a form that was the result of a call."""
        return self.take_form_answer(client, answer, approval_id, self.find_form_time(client, approval_id))

    def take_form_answer(
        self, client: Client, answer: Answer, approval_id: str, given_at: float | None
    ) -> list[Channel]:
        """Return other channels if a form was closed faster than anybody can read, and remember it.

        Programs without a person close each form at once. A refusal is an answer, however fast it comes.
        """
        if given_at is None:
            return []
        if answer == "approve" or self._monotonic() - given_at >= READING_SECONDS:
            self._silent.discard(client.session)
            return []
        others = self._list_others(client)
        if answer == "closed" and others:
            self.note_silence(client)
            return others
        if len(self._unread) >= MAX_SILENT_SESSIONS:
            self._unread.clear()
        if answer == "closed" or others:
            self._unread[client.session] = approval_id
        return []

    def list_after_form(self, client: Client, offered: list[Channel]) -> list[Channel]:
        """Return the channels of `offered` that remain after the client's form is closed."""
        if offered == ["client"] or client.session not in self._silent:
            return offered
        return [one for one in offered if one != "client"]

    def explain_unread_form(self, client: Client, approval_id: str) -> str | None:
        """Return what to do after a form that was closed before anybody could read it."""
        if self._unread.pop(client.session, None) != approval_id:
            return None
        places = describe_places(self._list_others(client), "en", self._channels.root_path)
        return write_unread_hint(" ".join(text for _, text in places))

    def _list_others(self, client: Client) -> list[Channel]:
        """Return the channels other than the client's form."""
        return [one for one in self._channels.list_for(client, self._silent) if one != "client"]

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
            self.note_silence(asked.client)
        return await self._pending.expire(asked.approval.id)

    async def _ask_client(
        self, asked: AskedEverywhere, group: TaskGroup, failures: list[NotApproved]
    ) -> None:
        given_at = self._monotonic()
        try:
            answer = await asked.client.ask(asked.text, asked.form)
        except NotApproved as failure:
            self.note_silence(asked.client)
            if asked.offered == ["client"]:
                failures.append(failure)
                group.cancel_scope.cancel()
            asked.form_ended.set()
            return
        if answer == "unclear":
            self.note_silence(asked.client)
            failures.append(build_unclear_answer())
            group.cancel_scope.cancel()
            return
        if self.take_form_answer(asked.client, answer, asked.approval.id, given_at):
            asked.form_ended.set()
            return
        by = asked.client.name or "client"
        await self._pending.decide(asked.approval.id, approved=answer == "approve", by=by, channel="client")
        group.cancel_scope.cancel()

    async def _await_page(self, asked: AskedEverywhere, group: TaskGroup, opening: anyio.Event) -> None:
        """Wait until the page is open; where it cannot be, and nobody else can ask, wait for no answer."""
        await opening.wait()
        offered = self.list_after_form(asked.client, asked.offered)
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
            if len(self._unopened) >= MAX_SILENT_SESSIONS:
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

    def note_silence(self, client: Client) -> None:
        if len(self._silent) >= MAX_SILENT_SESSIONS:
            self._silent.clear()
        self._silent.add(client.session)
