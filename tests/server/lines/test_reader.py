"""Lines of a pipe are complete, limited in length, and in order."""

import asyncio
import os

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.server.lines.messages import CutMessage
from conekta_mcp.server.lines.reader import LineReader, LineSplitter
from tests.depth import tries


@given(st.lists(st.binary(max_size=30).map(lambda one: one.replace(b"\n", b"")), max_size=8), st.data())
@tries(100)
def test_lines_are_the_same_however_they_arrive(lines: list[bytes], data: st.DataObject) -> None:
    left, found = b"".join(line + b"\n" for line in lines), []
    splitter = LineSplitter()
    while left:
        size = data.draw(st.integers(1, len(left)))
        found += splitter.add(left[:size])
        left = left[size:]
    assert found + splitter.finish() == lines


def test_of_a_line_that_is_too_long_the_ends_are_kept() -> None:
    splitter = LineSplitter(most=10_000)
    text = b"a" * 6000 + b"b" * 6000
    found = [line for start in range(0, 12_000, 1000) for line in splitter.add(text[start : start + 1000])]
    assert found == []
    assert splitter.add(b"\nnext\n") == [CutMessage(b"a" * 4096, b"b" * 4096, 10_000), b"next"]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_client_that_sends_faster_than_it_is_read_loses_nothing() -> None:
    there, here = os.pipe()
    reader = LineReader(there)
    reader.start(asyncio.get_running_loop().call_soon_threadsafe)
    sent = [f"{number}:{'x' * 5000}".encode() for number in range(1000)]

    def write() -> None:
        with os.fdopen(here, "wb") as pipe:
            for line in sent:
                pipe.write(line + b"\n")
            pipe.write(b"the last has no end")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.to_thread.run_sync, write)
        read = []
        while (line := await reader.take_line()) is not None:
            read.append(line)
    os.close(there)
    assert read == [*sent, b"the last has no end"]
