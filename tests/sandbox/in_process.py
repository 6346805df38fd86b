"""A client of an ASGI app in this process that starts no thread for each request."""

import asyncio
import atexit
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import httpx2
from starlette.applications import Starlette


class InProcess(httpx2.BaseTransport):
    """Hands requests to `app` and waits for the whole answer.

    Starlette's TestClient starts a thread and a loop for every request, which takes longer than the answer.
    """

    def __init__(self, app: Starlette) -> None:
        self._asgi = httpx2.ASGITransport(app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return run_to_end(self._answer(request))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._asgi.handle_async_request(request)
        content = await answer.aread()
        return httpx2.Response(
            answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(content), request=request
        )


def run_to_end(work: Coroutine[Any, Any, httpx2.Response]) -> httpx2.Response:
    """Run `work` on the kept loop, or in a thread of its own where a loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        if not kept_loop().is_running():
            return kept_loop().run_until_complete(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@cache
def kept_loop() -> asyncio.AbstractEventLoop:
    """Return this process's loop for all such requests."""
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop
