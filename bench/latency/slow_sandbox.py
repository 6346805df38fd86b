"""The sandbox with a delay, which counts requests: `python -m bench.latency.slow_sandbox`."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.wire import KEY, ROOT, end_process
from conekta_mcp.sandbox import Ledger, create_sandbox

CONTROL = "/_bench"


class Delay:
    """Waits before each request; GET /_bench?ms=N sets how long and returns the number of requests so far."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._seconds, self._count = 0.0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == CONTROL:
            wanted = scope["query_string"].decode().removeprefix("ms=")
            self._seconds = float(wanted) / 1000 if wanted else self._seconds
            await JSONResponse({"count": self._count})(scope, receive, send)
            return
        self._count += 1
        await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


class SlowSandbox:
    """The client's side: requests of its own, the delay, and the count."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self.url, self._client = url, client

    def send(self, method: str, path: str, body: object = None) -> Any:
        answer = self._client.request(method, path, json=body)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.text}")
        return answer.json()

    def set_delay(self, milliseconds: int) -> None:
        self.send("GET", f"{CONTROL}?ms={milliseconds}")

    def count_requests(self) -> int:
        return int(self.send("GET", CONTROL)["count"])


@contextmanager
def run_slow_sandbox() -> Iterator[SlowSandbox]:
    command = [sys.executable, "-m", "bench.latency.slow_sandbox"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    with end_process(process):
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        headers = {"Authorization": f"Bearer {KEY}", "Accept": "application/vnd.conekta-v2.2.0+json"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
            yield SlowSandbox(url, client)


async def serve() -> None:
    config = uvicorn.Config(
        Delay(create_sandbox(Ledger(":memory:"))), port=0, log_level="error", access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    print(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(serve())
