"""Idempotency-Key: a key acts once and gets its first answer again (conekta-api.md 0.6).

Which requests take it is Conekta's; that refusals are replayed too, and that the same key with another
request is a conflict, is inferred. A failure before the request was carried out leaves the key free.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http import payloads
from conekta_mcp.sandbox.http.endpoints import Call, Handler
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import KeyConflict, Refusal
from conekta_mcp.sandbox.refusals.policies import KEY_LIFETIME

KIND = "sandbox_idempotency_key"
# Conekta takes the header on these POSTs only (0.6).
KEYED_PATHS = re.compile("/orders|/orders/[^/]+/charges|/checkouts")
MEDIA_TYPE_HEADER = "Conekta-Media-Type"


def answer_once(
    account: Account, request: Request, content: bytes, handler: Handler, run: Callable[[Handler], Response]
) -> Response:
    """Answer by `run`, or replay the answer that this request's key got before."""
    key = request.headers.get("idempotency-key", "").strip()
    if not key or request.method != "POST" or not KEYED_PATHS.fullmatch(request.url.path):
        return run(handler)
    name, asked = _digest(key.encode()), _digest_request(request, content)
    kept = account.find(KIND, name)
    if kept is None:
        answer = run(handler)
        due_at = account.now() + KEY_LIFETIME
        account.add(KIND, {"id": name, "asked": asked, **_to_record(answer)}, due_at=due_at)
        return answer
    return _replay_answer(kept) if kept["asked"] == asked else run(_refuse_reused_key)


def delete_expired_keys(account: Account, now: int) -> None:
    for kept in account.list_due(KIND, now):
        account.remove(KIND, kept["id"])


def _to_record(answer: Response) -> Json:
    body = bytes(answer.body).decode()
    return {"status": answer.status_code, "media_type": answer.headers[MEDIA_TYPE_HEADER], "body": body}


def _replay_answer(kept: Json) -> Response:
    headers = {MEDIA_TYPE_HEADER: kept["media_type"]}
    return Response(kept["body"], kept["status"], headers, media_type="application/json")


def _refuse_reused_key(_call: Call) -> Json:
    raise KeyConflict(reasons.used_idempotency_key())


def _digest_request(request: Request, content: bytes) -> str:
    """Digest the route and the body; white space and the order of fields do not count."""
    with suppress(Refusal):
        content = json.dumps(payloads.read_object(content), sort_keys=True).encode()
    return _digest(request.url.path.encode() + b"\n" + content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
