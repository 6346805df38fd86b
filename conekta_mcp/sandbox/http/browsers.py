"""CORS: lets pages of any origin post a card to /tokens, as Conekta's tokenizer in browsers does."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKENS_PATH = "/tokens"
USUAL_HEADERS = "accept, accept-language, authorization, content-type, conekta-client-user-agent"


class TokenizerGate:
    """Answers preflight requests, and marks answers as readable for any page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != TOKENS_PATH:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            wanted = Headers(scope=scope).get("access-control-request-headers", USUAL_HEADERS)
            headers = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": wanted}
            headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "600"}
            await Response(status_code=204, headers=headers)(scope, receive, send)
            return

        async def open_answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers["Access-Control-Allow-Origin"] = "*"
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, open_answer)
