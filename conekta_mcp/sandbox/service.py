"""The way of every request: key, fault, ledger, history, answer."""

from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox import faults, history, payloads, reasons
from conekta_mcp.sandbox.account import Account, Json
from conekta_mcp.sandbox.answers import faulty, json_response, reaches_the_ledger
from conekta_mcp.sandbox.endpoints import Call
from conekta_mcp.sandbox.expiry import expire_what_is_due
from conekta_mcp.sandbox.keys import account_of
from conekta_mcp.sandbox.ledger import Ledger
from conekta_mcp.sandbox.media_types import echo, language_of, version_of
from conekta_mcp.sandbox.policies import DEFAULT_VERSION
from conekta_mcp.sandbox.refusals import NotFound, Refusal

CONTROL_PREFIX = "/_sandbox"


@dataclass(frozen=True)
class Service:
    """Answers requests from one ledger."""

    ledger: Ledger

    async def answer(self, request: Request, handler: Callable[[Call], Json]) -> Response:
        """Identify the caller, let a pending fault strike, answer."""
        language = language_of(request.headers.get("accept-language", ""))
        try:
            account = account_of(self.ledger, request.headers.get("authorization", ""))
        except Refusal as refusal:
            return json_response(refusal.status, refusal.envelope(language, None), echo(DEFAULT_VERSION))
        content = await request.body()
        if request.url.path.startswith(CONTROL_PREFIX):
            return self._carry_out(Errand(account, request, content, language, {}), handler)
        fault = self._next_fault(account, request)
        await anyio.sleep(fault.get("delay_seconds", 0))
        return self._carry_out(Errand(account, request, content, language, fault), handler)

    def _next_fault(self, account: Account, request: Request) -> Json:
        with self.ledger.transaction():
            return faults.take_fault(account, request.method, request.url.path) or {}

    def _carry_out(self, errand: "Errand", handler: Callable[[Call], Json]) -> Response:
        with self.ledger.transaction():
            log_id = errand.account.new_object_id()
            expire_what_is_due(errand.account)
            answer = Response(headers=echo(DEFAULT_VERSION))
            if reaches_the_ledger(errand.fault):
                answer = errand.run(handler, log_id)
            if errand.fault:
                answer = faulty(errand.fault, answer, log_id)
            errand.remember(answer.status_code, log_id)
            return answer


@dataclass(frozen=True)
class Errand:
    """One identified request with the fault that strikes it, if any."""

    account: Account
    request: Request
    content: bytes
    language: str
    fault: Json

    def run(self, handler: Callable[[Call], Json], log_id: str) -> Response:
        """Answer from the ledger; a refusal undoes what came before it."""
        headers = echo(DEFAULT_VERSION)
        try:
            headers = echo(version_of(self.request.headers.get("accept", "")))
            with self.account.ledger.attempt():
                return json_response(200, handler(self._call()), headers)
        except Refusal as refusal:
            return json_response(refusal.status, refusal.envelope(self.language, log_id), headers)

    def _call(self) -> Call:
        carries_body = self.request.method in ("POST", "PUT", "PATCH")
        return Call(
            account=self.account,
            path=self.request.path_params,
            query=dict(self.request.query_params),
            body=payloads.read_object(self.content) if carries_body else {},
            url=str(self.request.url.replace(query="", fragment="")),
        )

    def remember(self, status: int, log_id: str) -> None:
        """Note an API request in the history; control requests are not noted."""
        if self.request.url.path.startswith(CONTROL_PREFIX):
            return
        entry = {
            "method": self.request.method,
            "path": self.request.url.path,
            "query": dict(self.request.query_params),
            "body": _body_for_history(self.content),
            "status": None if "cut" in self.fault else status,
            "log_id": log_id,
            "at": self.account.now(),
        }
        fault = {"fault": self.fault} if self.fault else {}
        history.remember(self.account, {**entry, **fault})


def no_such_route(_call: Call) -> Json:
    """Whatever no endpoint answers."""
    raise NotFound(reasons.unknown_route())


def _body_for_history(content: bytes) -> Json | None:
    try:
        return payloads.read_object(content) or None
    except Refusal:
        return None
