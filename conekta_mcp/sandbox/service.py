"""Handles every request in the same order: key, fault, ledger, history, answer."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox.controls import faults
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.keys import authenticate_caller
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.expiry import process_due_records
from conekta_mcp.sandbox.http import history, idempotency, payloads
from conekta_mcp.sandbox.http.endpoints import Call, Handler
from conekta_mcp.sandbox.http.media_types import echo_version, parse_language, parse_version
from conekta_mcp.sandbox.http.responses import CutConnection, apply_fault, is_applied, make_json_response
from conekta_mcp.sandbox.http.uploads import Uploads, read_uploads
from conekta_mcp.sandbox.latency import Latency, draw_nothing
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, MalformedRequest, NotFound, Refusal, Unauthorized
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION, TIMER_INTERVAL
from conekta_mcp.sandbox.request_bodies.numeric_texts import read_numbers
from conekta_mcp.sandbox.webhooks import deliveries
from conekta_mcp.sandbox.webhooks.logs import Exchange
from conekta_mcp.sandbox.webhooks.webhook_sender import WebhookSender

CONTROL_PREFIX = "/_sandbox"
CONTROL_PARAMETERS = frozenset({"limit"})
"""What the controls take in their query."""
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """Answers requests from one ledger and delivers the webhooks that they trigger."""

    ledger: Ledger
    webhook_sender: WebhookSender
    latency: Latency = draw_nothing
    sleep: Sleep = anyio.sleep

    async def answer(self, request: Request, handler: Handler, status: int = 200) -> Response:
        """Authenticate, apply a pending fault, and answer with `status` on success."""
        language = parse_language(request.headers.get("accept-language", ""))
        try:
            account = authenticate_caller(self.ledger, request.headers.get("authorization", ""))
        except Refusal as refusal:
            return make_json_response(
                refusal.status, refusal.to_envelope(language, None), echo_version(DEFAULT_VERSION)
            )
        content = await request.body()
        fault = {}
        # Controls have no faults, or a test could not remove the ones it set.
        if not request.url.path.startswith(CONTROL_PREFIX):
            fault = self._take_fault(account, request)
            # Waits outside of the ledger's transaction: other requests go on meanwhile.
            await self.sleep(self.latency() + faults.get_delay(fault, "before"))
        files = await read_uploads(request)
        account_request = AccountRequest(account, request, content, language, fault, status, files)
        answer = self._execute_request(account_request, handler)
        self.webhook_sender.wake(account)
        await self.sleep(faults.get_delay(fault, "after"))
        return answer

    async def deliver_webhooks(self, request: Request) -> Response:
        # A wrong key gets its 401 from `answer` below.
        with suppress(Unauthorized):
            account = authenticate_caller(self.ledger, request.headers.get("authorization", ""))
            await anyio.to_thread.run_sync(self._deliver_due, account)
        return await self.answer(request, deliveries.report_attempts)

    async def run_timer(self) -> None:
        """Process due records without a request, as long as the app is served."""
        while True:
            await anyio.sleep(TIMER_INTERVAL)
            await anyio.to_thread.run_sync(self._process_due_accounts)

    def _deliver_due(self, account: Account) -> None:
        self._process_due(account)
        self.webhook_sender.finish(account)

    def _process_due_accounts(self) -> None:
        for fingerprint in self.ledger.list_due_accounts():
            account = Account(self.ledger, fingerprint)
            self._process_due(account)
            self.webhook_sender.wake(account)

    def _process_due(self, account: Account) -> None:
        with self.ledger.transaction():
            process_due_records(account)

    def _take_fault(self, account: Account, request: Request) -> Json:
        with self.ledger.transaction():
            return faults.take_fault(account, request.method, request.url.path) or {}

    def _execute_request(self, account_request: "AccountRequest", handler: Handler) -> Response:
        with self.ledger.transaction():
            # The timer may be late: what came due before this request is processed first.
            log_id = account_request.account.make_object_id()
            process_due_records(account_request.account)
            # `true` is what Conekta answered, `answer` what the caller sees of it.
            true = account_request.answer(handler, log_id) if is_applied(account_request.fault) else None
            answer = true or Response(headers=echo_version(DEFAULT_VERSION))
            if account_request.fault:
                answer = apply_fault(account_request.fault, answer, log_id)
            account_request.record_exchange(answer, true or answer, log_id)
            # The account's own time, which its tester moves; uvicorn's would be the machine's.
            answer.headers["date"] = formatdate(account_request.account.now(), usegmt=True)
            return answer


@dataclass(frozen=True)
class AccountRequest:
    """An authenticated request with the fault that applies to it, if any."""

    account: Account
    request: Request
    content: bytes
    language: str
    fault: Json
    status: int = 200
    files: Uploads | None = ()

    def answer(self, handler: Handler, log_id: str) -> Response:
        def run(handler: Handler) -> Response:
            return self.run_handler(handler, log_id)

        return idempotency.answer_once(self.account, self.request, self.content, handler, run)

    def run_handler(self, handler: Handler, log_id: str) -> Response:
        """Answer from the ledger; a refusal undoes what came before it."""
        # A refusal of the version itself is answered in the default one.
        headers = echo_version(DEFAULT_VERSION)
        try:
            version = parse_version(self.request.headers.get("accept", ""))
            headers = echo_version(version)
            with self.account.ledger.savepoint():
                return make_json_response(self.status, handler(self._build_call(version)), headers)
        except Refusal as refusal:
            return make_json_response(refusal.status, refusal.to_envelope(self.language, log_id), headers)

    def _build_call(self, version: str) -> Call:
        # Refused here, not where the form is read, so that the refusal is logged like any other.
        if self.files is None:
            raise MalformedRequest(money.invalid_multipart())
        if self.request.url.path.startswith(CONTROL_PREFIX):
            for name in self.request.query_params.keys() - CONTROL_PARAMETERS:
                raise Invalid(reasons.unknown_control_param(name, CONTROL_PARAMETERS))
        carries_json = self.request.method in ("POST", "PUT", "PATCH") and not self.files
        return Call(
            account=self.account,
            path=self.request.path_params,
            query=dict(self.request.query_params),
            body=read_numbers(payloads.read_object(self.content)) if carries_json else {},
            url=str(self.request.url.replace(query="", fragment="")),
            version=version,
            files=self.files,
        )

    def record_exchange(self, shown: Response, true: Response, log_id: str) -> None:
        """Record an API request and its log; control requests are left out."""
        if self.request.url.path.startswith(CONTROL_PREFIX):
            return
        now = self.account.now()
        entry = {
            "method": self.request.method,
            "path": self.request.url.path,
            "query": dict(self.request.query_params),
            "body": _parse_body(self.content),
            # A cut connection showed the caller no status.
            "status": None if "cut" in self.fault else shown.status_code,
            "log_id": log_id,
            "at": now,
        }
        fault = {"fault": self.fault} if self.fault else {}
        lost = isinstance(true, CutConnection)
        log = None if lost else Exchange(self.request, self.content, true, now).to_log(log_id)
        history.record_request(self.account, {**entry, **fault}, log)


def refuse_unknown_route(_call: Call) -> Json:
    raise NotFound(reasons.unknown_route())


def _parse_body(content: bytes) -> Json | None:
    try:
        return payloads.read_object(content) or None
    except Refusal:
        return None
