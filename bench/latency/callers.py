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


async def call_again_and_again(port: int, stop_at: list[float], times: list[tuple[float, float]]) -> None:
    """Call on one connection until the time is up; raise RuntimeError for anything but a result."""
    request = write_request(port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < stop_at[0]:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200") or b'"isError":true' in body or b'"error":' in body[:200]:
            raise RuntimeError(f"{head.decode()}{body[:500].decode()}")
        times.append((began, time.perf_counter()))
    writer.close()


async def measure(port: int, callers: int, seconds: float) -> dict[str, float]:
    """Let them call for `seconds`, after a second that is not counted: it opens connections."""
    began, times = time.perf_counter(), list[tuple[float, float]]()
    counted_from, stop_at = began + 1.0, [began + 1.0 + seconds]
    async with asyncio.TaskGroup() as tasks:
        for _ in range(callers):
            tasks.create_task(call_again_and_again(port, stop_at, times))
    counted = [(start, end) for start, end in times if counted_from <= end <= stop_at[0]]
    processor = time.process_time()
    return {
        "calls": len(counted),
        "seconds": seconds,
        "median": median(end - start for start, end in counted),
        "processor": processor,
    }


if __name__ == "__main__":
    wanted_port, wanted_callers, wanted_seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(int(wanted_port), int(wanted_callers), float(wanted_seconds)))))
