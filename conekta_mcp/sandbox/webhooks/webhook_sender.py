"""Delivers events to webhooks in separate threads, so that no API answer waits for a webhook."""

import base64
import http.client
import json
import sqlite3
import ssl
import threading
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.refusals.policies import DELIVERY_TIMEOUT, MAX_RESPONSE_BYTES, MAX_RESPONSE_FIELDS
from conekta_mcp.sandbox.webhooks import deliveries
from conekta_mcp.sandbox.webhooks.deliveries import NO_RESPONSE_STATUS, WebhookReply, WebhookRequest


class WebhookSender:
    """Delivers the queue of a ledger; `patience` is the timeout of a webhook in seconds."""

    def __init__(self, ledger: Ledger, patience: float = DELIVERY_TIMEOUT) -> None:
        self._ledger = ledger
        self._patience = patience
        self._busy: set[str] = set()
        self._changed = threading.Condition()

    def wake(self, account: Account) -> None:
        """Start delivering if something is due; return at once."""
        if not deliveries.has_due_delivery(account):
            return
        with self._changed:
            if account.fingerprint in self._busy:
                return
            self._busy.add(account.fingerprint)
        threading.Thread(target=self._deliver_all, args=(account,), daemon=True).start()

    def finish(self, account: Account) -> None:
        self.wake(account)
        with self._changed:
            self._changed.wait_for(lambda: account.fingerprint not in self._busy)

    def _deliver_all(self, account: Account) -> None:
        # The ledger may be closed while a webhook takes its time; then there is nothing left to record.
        with suppress(sqlite3.ProgrammingError):
            try:
                while self._has_more(account):
                    self._deliver_next(account)
            except BaseException:
                self._mark_idle(account)
                raise

    def _has_more(self, account: Account) -> bool:
        with self._changed:
            # Under the lock: else a `wake` between the check and the mark would start no thread, and nobody
            # would send.
            more = deliveries.has_due_delivery(account)
            if not more:
                self._mark_idle(account)
            return more

    def _mark_idle(self, account: Account) -> None:
        with self._changed:
            self._busy.discard(account.fingerprint)
            self._changed.notify_all()

    def _deliver_next(self, account: Account) -> None:
        with self._ledger.transaction():
            letter = deliveries.take_next_request(account)
        if letter is not None:
            # Between two transactions: the webhook's handler may call the sandbox.
            reply = post_request(letter, self._patience)
            with self._ledger.transaction():
                deliveries.record_reply(account, letter, reply)


def post_request(letter: WebhookRequest, patience: float) -> WebhookReply:
    """Post the exact bytes, waiting at most `patience` seconds for each step."""
    parts = urlsplit(letter.url)
    connection = _open_connection(parts, patience)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, letter.content, {**letter.headers, **_build_credentials(parts)})
        response = connection.getresponse()
        return WebhookReply(response.status, _parse_contents(response.read(MAX_RESPONSE_BYTES)))
    except (OSError, http.client.HTTPException, ValueError):
        return WebhookReply(NO_RESPONSE_STATUS, {})
    finally:
        connection.close()


def _open_connection(parts: SplitResult, patience: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=patience)
    trusting = ssl.create_default_context()
    # Only loopback addresses are called (see deliveries.is_reachable).
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, parts.port, timeout=patience, context=trusting)


def _build_credentials(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _parse_contents(answered: bytes) -> Json:
    try:
        value = json.loads(answered)
        # NaN and half a surrogate pair are parsed, but cannot be stored and served.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and len(value) <= MAX_RESPONSE_FIELDS else {}
