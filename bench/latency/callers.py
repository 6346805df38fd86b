"""Many callers of streamable HTTP in a lean process of its own: `python -m bench.latency.callers`.

It prints JSON: the number of calls, the seconds that they took together, and the median of one.
"""

import asyncio
import json
import re
import sys
import time
from statistics import median

from bench.wire import KEY

VERSION = "2026-07-28"
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "list_customers", "arguments": {"limit": 20}, "_meta": META},
}


def write_request(port: int) -> bytes:
    body = json.dumps(CALL).encode()
    head = (
        f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
        f"MCP-Protocol-Version: {VERSION}\r\nMcp-Method: tools/call\r\nMcp-Name: list_customers\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Caller:
    """One connection that makes one call after the other."""

    def __init__(self, port: int) -> None:
        self._port, self._request = port, write_request(port)

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def call(self) -> float:
        """Return the seconds of one call; raise RuntimeError for anything but a result."""
        began = time.perf_counter()
        self._writer.write(self._request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200") or b'"isError":true' in body or b'"error":' in body[:200]:
            raise RuntimeError(f"{head.decode()}{body[:500].decode()}")
        return time.perf_counter() - began

    async def call_until(self, stop_at: float) -> list[float]:
        times = [await self.call()]
        while time.perf_counter() < stop_at:
            times.append(await self.call())
        return times


async def measure(port: int, callers: int, seconds: float) -> dict[str, float]:
    """Let all call for `seconds`, and until their last answers; one call each before is not counted."""
    all_callers = [Caller(port) for _ in range(callers)]
    for caller in all_callers:
        await caller.connect()
    await asyncio.gather(*(caller.call() for caller in all_callers))
    began = time.perf_counter()
    found = await asyncio.gather(*(caller.call_until(began + seconds) for caller in all_callers))
    times = [one for each in found for one in each]
    return {"calls": len(times), "seconds": time.perf_counter() - began, "median": median(times)}


if __name__ == "__main__":
    wanted_port, wanted_callers, wanted_seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(int(wanted_port), int(wanted_callers), float(wanted_seconds)))))
