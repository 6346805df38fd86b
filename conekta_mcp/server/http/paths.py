"""The paths of the server: removes the prefix of a proxy, and answers 404 for unknown paths."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from conekta_mcp.server.http.sessions.requests import MESSAGES_PATH, SSE_PATH


class PathGate:
    """Removes the prefix, if a proxy left it, and answers unknown paths before a key is required.

    Clients request /.well-known/oauth-... first: a 401 there would mean that signing in is possible.
    """

    def __init__(self, app: ASGIApp, prefix: str, known: tuple[str, ...]) -> None:
        """`known` are all paths, without a trailing slash; /* at the end means all paths below."""
        self._app, self._prefix = app, prefix
        self._known = frozenset(known)
        self._trees = tuple(path.removesuffix("*") for path in known if path.endswith("/*"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if self._prefix and path.startswith(f"{self._prefix}/"):
            path = path.removeprefix(self._prefix)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        if path.startswith(self._trees):
            await self._app(scope, receive, send)
        elif (bare := path.rstrip("/")) in self._known:
            # A redirect to the path with or without a slash would lose what a client posts.
            spelled = MESSAGES_PATH if bare == MESSAGES_PATH.rstrip("/") else bare
            if spelled == SSE_PATH and scope["method"] == "HEAD":
                # The SDK would open a session for it, which no bound counts and whose stream nobody reads.
                refusal = JSONResponse({"error": "method_not_allowed"}, 405, {"Allow": "GET"})
                await refusal(scope, receive, send)
                return
            await self._app({**scope, "path": spelled, "raw_path": spelled.encode()}, receive, send)
        else:
            await JSONResponse({"error": "not_found"}, status_code=404)(scope, receive, send)
