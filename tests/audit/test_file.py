"""The audit file: private, complete lines, rotated by size, shared by processes, never deleted."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.audit.log import AuditLog, Entry
from conekta_mcp.errors import StoreUnavailable

pytestmark = pytest.mark.anyio

WRITER = """
import asyncio, sys
from conekta_mcp.audit.file import AuditFile

async def write(path, name):
    file = AuditFile(path, largest=1_000)
    print(flush=True)
    sys.stdin.readline()
    for number in range(100):
        await file.append({"at": 1.0, "name": name, "number": number, "text": name * 300})

asyncio.run(write(*sys.argv[1:]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def wait_until_ready(writer: subprocess.Popen[bytes]) -> None:
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"\n"


def let_go(writer: subprocess.Popen[bytes]) -> None:
    assert writer.stdin is not None
    writer.stdin.write(b"\n")
    writer.stdin.flush()


def ended(writer: subprocess.Popen[bytes]) -> int:
    with writer:
        return writer.wait(timeout=120)


def lines_in(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def names_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def rights_in(folder: Path) -> set[int]:
    return {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}


def open_to(path: Path, rights: int) -> None:
    path.touch()
    path.chmod(rights)


def remove(path: Path) -> None:
    path.unlink()


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as lines:
        lines.write(text)


async def test_records_are_lines_of_json_that_only_the_owner_reads(path: Path) -> None:
    file = AuditFile(str(path))
    await file.append({"at": 1.5, "tool": "create_order", "client": "Año\n"})
    await file.append({"at": 2.5, "tool": "refund_order"})
    assert [line.partition(',"sequence":')[0] for line in lines_in(path)] == [
        '{"at":1.5,"tool":"create_order","client":"Año\\n"',
        '{"at":2.5,"tool":"refund_order"',
    ]
    assert rights_in(path.parent) == {0o600}
    assert [record["at"] for record in file.read_records(since=2.0)] == [2.5]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("rights", [0o604, 0o640, 0o602, 0o666])
async def test_a_file_that_others_may_read_or_write_gets_no_record(path: Path, rights: int) -> None:
    open_to(path, rights)
    with pytest.raises(PermissionError, match="is open to other users; chmod 600 it"):
        await AuditFile(str(path)).append({"at": 1.5})
    assert lines_in(path) == []


async def test_a_full_file_is_put_aside_in_order_and_never_overwritten(path: Path) -> None:
    file = AuditFile(str(path), largest=60)
    for number in range(25):
        await file.append({"at": float(number), "text": "x" * 20})
    names = names_in(path.parent)
    assert (len(names), names[0], "audit.jsonl.24" in names) == (26, "audit.jsonl", True)
    assert [record["at"] for record in file.read_records()] == [float(number) for number in range(25)]
    remove(path.parent / "audit.jsonl.1")
    await file.append({"at": 25.0, "text": "x" * 20})
    assert "audit.jsonl.25" in names_in(path.parent)
    assert [record["at"] for record in file.read_records()] == [float(number) for number in range(1, 26)]


async def test_a_record_larger_than_a_file_is_kept_whole(path: Path) -> None:
    file = AuditFile(str(path), largest=10)
    await file.append({"at": 1.0, "text": "x" * 100})
    assert [len(record["text"]) for record in file.read_records()] == [100]


async def test_a_torn_line_costs_itself_only(path: Path) -> None:
    open_to(path, 0o600)
    add(path, '{"at":1.0,"tool":"a"}\n{"at":2.0,"to')
    file = AuditFile(str(path))
    await file.append({"at": 3.0})
    add(path, '7\n{"no":"time"}\n{"at":"soon"}\n\n' + "[" * 100_000 + "\n")
    assert list(file.read_records()) == [{"at": 1.0, "tool": "a"}, {"at": 3.0}]


async def test_tasks_take_turns(path: Path) -> None:
    file = AuditFile(str(path))
    async with anyio.create_task_group() as tasks:
        for number in range(40):
            tasks.start_soon(file.append, {"at": float(number), "text": "x" * 5000})
    assert sorted(record["at"] for record in file.read_records()) == [float(number) for number in range(40)]


@pytest.mark.system
def test_processes_never_write_into_each_other_s_lines_even_while_files_are_rotated(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    pipe = subprocess.PIPE
    writers = [subprocess.Popen([*command, name], stdin=pipe, stdout=pipe) for name in "abc"]
    for writer in writers:
        wait_until_ready(writer)
    for writer in writers:
        let_go(writer)
    assert [ended(writer) for writer in writers] == [0, 0, 0]
    lines = [line for one in path.parent.iterdir() if one.suffix != ".lock" for line in lines_in(one)]
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert all(record["text"] == record["name"] * 300 for record in records)
    assert sorted((record["name"], record["number"]) for record in records) == [
        (name, number) for name in "abc" for number in range(100)
    ]
    assert len(list(path.parent.glob("audit.jsonl.[0-9]*"))) >= 4
    own = [record["number"] for record in AuditFile(str(path)).read_records() if record["name"] == "a"]
    assert own == list(range(100))


async def test_a_folder_that_is_not_there_stops_a_write_before_it_is_sent(tmp_path: Path) -> None:
    file = AuditFile(str(tmp_path / "gone" / "audit.jsonl"))
    assert list(file.read_records()) == []
    with pytest.raises(StoreUnavailable):
        await AuditLog(file).record(Entry(event="intent", at=1.0, call="a", tool="create_order"))


@pytest.mark.skipif(os.name != "posix", reason="pipes with a name are POSIX's")
@pytest.mark.parametrize("kind", ["a pipe", "a folder", "a device"])
def test_what_is_no_file_gets_no_record_and_is_not_waited_for(kind: str, path: Path) -> None:
    if kind == "a pipe":
        os.mkfifo(path, 0o600)
    elif kind == "a folder":
        path.mkdir(0o700)
    else:
        path.symlink_to("/dev/full")
    with pytest.raises(OSError, match="is not a file"):
        anyio.run(AuditFile(str(path)).append, {"at": 1.0})
    with pytest.raises(OSError, match="is not a file"):
        AuditFile(str(path)).check()
