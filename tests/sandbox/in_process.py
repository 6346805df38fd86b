"""A client of an ASGI app in this process that starts no thread for each request."""

import asyncio
import atexit
import threading
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
    """Run `work` on the kept loop; where a loop runs already, on that of the kept thread.

    What the kept thread itself asks, and what others ask while it works, runs in a thread of its own.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        if not kept_loop().is_running():
            return kept_loop().run_until_complete(work)
    if KEPT_THREAD_IS_BUSY.acquire(blocking=False):
        try:
            return kept_thread().submit(lambda: loop_of_kept_thread().run_until_complete(work)).result()
        finally:
            KEPT_THREAD_IS_BUSY.release()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


KEPT_THREAD_IS_BUSY = threading.Lock()


@cache
def kept_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


@cache
def kept_loop() -> asyncio.AbstractEventLoop:
    """Return this process's loop for all such requests."""
    return make_loop()


@cache
def loop_of_kept_thread() -> asyncio.AbstractEventLoop:
    return make_loop()


def make_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop
