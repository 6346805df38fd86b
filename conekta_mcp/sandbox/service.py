"""The way of every request: key, fault, ledger, history, answer."""

from contextlib import suppress
from dataclasses import dataclass

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox.controls import faults
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.keys import account_of
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.expiry import expire_what_is_due
from conekta_mcp.sandbox.http import history, idempotency, payloads
from conekta_mcp.sandbox.http.endpoints import Call, Handler
from conekta_mcp.sandbox.http.media_types import echo, language_of, version_of
from conekta_mcp.sandbox.http.responses import CutConnection, faulty, json_response, reaches_the_ledger
from conekta_mcp.sandbox.http.uploads import Uploads, uploads_of
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Malformed, NotFound, Refusal, Unauthorized
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION, TICK
from conekta_mcp.sandbox.webhooks import deliveries
from conekta_mcp.sandbox.webhooks.logs import Exchange
from conekta_mcp.sandbox.webhooks.postman import Postman

CONTROL_PREFIX = "/_sandbox"


@dataclass(frozen=True)
class Service:
    """Answers requests from one ledger, and sends out what they set in motion."""

    ledger: Ledger
    postman: Postman

    async def answer(self, request: Request, handler: Handler, status: int = 200) -> Response:
        """Identify the caller, let a pending fault strike, answer with `status` if all is well."""
        language = language_of(request.headers.get("accept-language", ""))
        try:
            account = account_of(self.ledger, request.headers.get("authorization", ""))
        except Refusal as refusal:
            return json_response(refusal.status, refusal.envelope(language, None), echo(DEFAULT_VERSION))
        content = await request.body()
        fault = {}
        if not request.url.path.startswith(CONTROL_PREFIX):
            fault = self._next_fault(account, request)
            await anyio.sleep(faults.delay(fault, "before"))
        files = await uploads_of(request)
        errand = Errand(account, request, content, language, fault, status, files)
        answer = self._carry_out(errand, handler)
        self.postman.wake(account)
        await anyio.sleep(faults.delay(fault, "after"))
        return answer

    async def deliver(self, request: Request) -> Response:
        """POST /_sandbox/webhooks/deliver: send what is due, wait for every reply, and report."""
        with suppress(Unauthorized):
            account = account_of(self.ledger, request.headers.get("authorization", ""))
            await anyio.to_thread.run_sync(self._send_all, account)
        return await self.answer(request, deliveries.report)

    async def keep_time(self) -> None:
        """Let what time brings happen without being asked, as long as the app is served."""
        while True:
            await anyio.sleep(TICK)
            await anyio.to_thread.run_sync(self._look_around)

    def _send_all(self, account: Account) -> None:
        self._let_time_pass(account)
        self.postman.finish(account)

    def _look_around(self) -> None:
        for fingerprint in self.ledger.accounts_with_something_due():
            account = Account(self.ledger, fingerprint)
            self._let_time_pass(account)
            self.postman.wake(account)

    def _let_time_pass(self, account: Account) -> None:
        with self.ledger.transaction():
            expire_what_is_due(account)

    def _next_fault(self, account: Account, request: Request) -> Json:
        with self.ledger.transaction():
            return faults.take_fault(account, request.method, request.url.path) or {}

    def _carry_out(self, errand: "Errand", handler: Handler) -> Response:
        with self.ledger.transaction():
            log_id = errand.account.new_object_id()
            expire_what_is_due(errand.account)
            true = errand.answer(handler, log_id) if reaches_the_ledger(errand.fault) else None
            answer = true or Response(headers=echo(DEFAULT_VERSION))
            if errand.fault:
                answer = faulty(errand.fault, answer, log_id)
            errand.remember(answer, true or answer, log_id)
            return answer


@dataclass(frozen=True)
class Errand:
    """One identified request with the fault that strikes it, if any."""

    account: Account
    request: Request
    content: bytes
    language: str
    fault: Json
    status: int = 200
    files: Uploads | None = ()

    def answer(self, handler: Handler, log_id: str) -> Response:
        """Answer from the ledger, only once for an Idempotency-Key."""

        def run(handler: Handler) -> Response:
            return self.run(handler, log_id)

        return idempotency.once(self.account, self.request, self.content, handler, run)

    def run(self, handler: Handler, log_id: str) -> Response:
        """Answer from the ledger; a refusal undoes what came before it."""
        headers = echo(DEFAULT_VERSION)
        try:
            headers = echo(version_of(self.request.headers.get("accept", "")))
            with self.account.ledger.attempt():
                return json_response(self.status, handler(self._call()), headers)
        except Refusal as refusal:
            return json_response(refusal.status, refusal.envelope(self.language, log_id), headers)

    def _call(self) -> Call:
        if self.files is None:
            raise Malformed(money.not_multipart())
        carries_json = self.request.method in ("POST", "PUT", "PATCH") and not self.files
        return Call(
            account=self.account,
            path=self.request.path_params,
            query=dict(self.request.query_params),
            body=payloads.read_object(self.content) if carries_json else {},
            url=str(self.request.url.replace(query="", fragment="")),
            files=self.files,
        )

    def remember(self, shown: Response, true: Response, log_id: str) -> None:
        """Note an API request and its log; control requests are not noted."""
        if self.request.url.path.startswith(CONTROL_PREFIX):
            return
        now = self.account.now()
        entry = {
            "method": self.request.method,
            "path": self.request.url.path,
            "query": dict(self.request.query_params),
            "body": _body_for_history(self.content),
            "status": None if "cut" in self.fault else shown.status_code,
            "log_id": log_id,
            "at": now,
        }
        fault = {"fault": self.fault} if self.fault else {}
        lost = isinstance(true, CutConnection)
        log = None if lost else Exchange(self.request, self.content, true, now).log(log_id)
        history.remember(self.account, {**entry, **fault}, log)


def no_such_route(_call: Call) -> Json:
    """Whatever no endpoint answers."""
    raise NotFound(reasons.unknown_route())


def _body_for_history(content: bytes) -> Json | None:
    try:
        return payloads.read_object(content) or None
    except Refusal:
        return None
