"""Remembers the clients whose own forms nobody reads, so that people are asked elsewhere."""

import time
from collections.abc import Callable

from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.asking.waiting_words import describe_places, write_unread_hint
from conekta_mcp.consent.client import Answer, Client
from conekta_mcp.consent.pending.record import Channel, PendingApproval

MAX_SILENT_SESSIONS = 10_000
READING_SECONDS = 1.0
"""A form closed faster than this was not read by a person, but closed by a program."""


class ClientForms:
    """The forms that clients of one process were given, and the sessions in which forms reach nobody."""

    def __init__(self, channels: Channels, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._channels, self._monotonic = channels, monotonic
        self._silent: set[str] = set()
        self._given: dict[str, tuple[str, float]] = {}
        self._unread: dict[str, str] = {}

    def read_time(self) -> float:
        return self._monotonic()

    def list_channels(self, client: Client, standing: PendingApproval | None) -> list[Channel]:
        """Return the channels for a call, without a form that this client already showed in vain."""
        # The same call came again without the answer: this client's forms reach nobody.
        if standing and self._find_form_time(client, standing.id) is not None:
            self.note_silence(client)
        return self._channels.list_for(client, self._silent)

    def note_form(self, client: Client, approval: PendingApproval) -> None:
        """Remember that a client was given a form as the result of its call."""
        if len(self._given) >= MAX_SILENT_SESSIONS:
            self._given.clear()
        self._given[client.session] = approval.id, self._monotonic()

    def _find_form_time(self, client: Client, approval_id: str) -> float | None:
        """Return when a client was given the form of an approval as the result of its call."""
        known, given_at = self._given.get(client.session, ("", 0.0))
        return given_at if known == approval_id else None

    def take_returned_form(self, client: Client, answer: Answer, approval_id: str) -> list[Channel]:
        """Do what `take_form_answer` does for a form that was the result of a call."""
        return self.take_form_answer(client, answer, approval_id, self._find_form_time(client, approval_id))

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

    def note_silence(self, client: Client) -> None:
        if len(self._silent) >= MAX_SILENT_SESSIONS:
            self._silent.clear()
        self._silent.add(client.session)
