"""A stand-in for Conekta in a process of its own, which may answer late: `python -m bench.upstream`."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.answers import build_customer_page, build_order
from bench.wire import ROOT, end_process

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@contextmanager
def run_upstream(delay: float = 0.0) -> Iterator[str]:
    """Yield its address; it answers after `delay` seconds."""
    command = [sys.executable, "-m", "bench.upstream", str(delay)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    with end_process(process):
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()


async def serve(delay: float) -> None:
    """Serve on a free port of this machine, print the address, and end when stdin closes."""
    server = await asyncio.start_server(partial(_answer_requests, delay), "127.0.0.1", 0, backlog=2048)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    bodies = {
        b"GET": build_customer_page(address),
        b"POST": build_order(),
        b"GET /companies/current": {"object": "company", "id": "6a0000000000000000000001"},
    }
    BODIES.update((asked, _encode_response(body)) for asked, body in bodies.items())
    print(address, flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


BODIES: dict[bytes, bytes] = {}
"""Answers by method and path, or by method alone."""


async def _answer_requests(delay: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            if delay:
                await asyncio.sleep(delay)
            method, path, _ = head.split(b" ", 2)
            writer.write(BODIES.get(method + b" " + path) or BODIES[method])
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        writer.close()  # the client left, or the bench is over


def _encode_response(body: object) -> bytes:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
