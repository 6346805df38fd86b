"""The hash chain shows every change of a log, in a file, in SQLite and in Redis."""

import json
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import anyio
import pytest

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.storage.audit_chain.chain import GENESIS, Head, hash_record, link_record
from conekta_mcp.storage.audit_chain.verification import Break, verify_chain
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.redis import RedisStore
from tests.storage.fixtures import *  # noqa: F403 - the fixture of three stores, and what it needs
from tests.storage.redis_server import RedisServer

pytestmark = pytest.mark.anyio


def build_log(size: int) -> list[dict[str, Any]]:
    head, log = GENESIS, []
    for at in range(size):
        log.append(link_record({"at": float(at), "tool": "refund_order", "amount": 100}, head))
        head = Head(log[-1]["sequence"], log[-1]["hash"])
    return log


def find_break(log: list[dict[str, Any]], since_head: str | None = None) -> Break | None:
    return verify_chain([json.dumps(record) for record in log], since_head).broken


def test_the_hash_is_of_the_documented_bytes() -> None:
    assert hash_record({"tool": "ñ", "at": 1.5, "hash": "x"}) == (
        sha256(b'{"at":1.5,"tool":"\\u00f1"}').hexdigest()
    )


def test_a_whole_log_tells_its_head() -> None:
    log = build_log(4)
    walk = verify_chain([json.dumps(record) for record in log], log[1]["hash"])
    assert (walk.count, walk.first_at, walk.last_at, walk.head, walk.broken) == (
        4,
        0.0,
        3.0,
        log[3]["hash"],
        None,
    )


def test_a_changed_value_is_found() -> None:
    log = build_log(4)
    log[2]["amount"] = 1
    assert find_break(log) == Break(kind="changed", position=3, number=3)


def test_a_record_written_anew_with_a_fitting_hash_is_found_at_the_next() -> None:
    log = build_log(4)
    log[1] = link_record({"at": 1.0, "amount": 1}, Head(1, log[0]["hash"]))
    assert find_break(log) == Break(kind="changed", position=3, number=3)


def test_a_removed_record_is_missing() -> None:
    log = build_log(4)
    assert find_break([log[0], *log[2:]]) == Break(kind="missing", position=2, number=2)


def test_swapped_records_are_reordered() -> None:
    one, two, three = build_log(3)
    assert find_break([one, three, two]) == Break(kind="reordered", position=2, number=2)


def test_a_start_that_was_cut_off_is_found() -> None:
    assert find_break(build_log(4)[2:]) == Break(kind="truncated_start", position=1, number=1)


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept() -> None:
    log = build_log(4)
    assert find_break(log[:3]) is None
    assert find_break(log[:3], log[3]["hash"]) == Break(kind="truncated_end", position=4, number=4)


def test_an_older_log_is_unchained_and_not_broken_but_nothing_unchained_may_follow() -> None:
    old, log = {"at": 0.5, "tool": "refund_order"}, build_log(2)
    walk = verify_chain([json.dumps(record) for record in [old, old, *log]])
    assert (walk.unchained, walk.count, walk.broken) == (2, 2, None)
    assert find_break([*log, old]) == Break(kind="unchained", position=3, number=3)


@pytest.mark.system
async def test_each_store_chains_what_is_appended_at_once(store: Store) -> None:
    async with anyio.create_task_group() as group:
        for at in range(20):
            group.start_soon(store.append, {"at": float(20 - at), "tool": "refund_order"})
    walk = verify_chain(await store.read_chain())
    assert (walk.count, walk.broken) == (20, None)
    assert (await store.read_records())[0] == {"at": 1.0, "tool": "refund_order"}


async def test_a_file_is_chained_across_its_rotation_and_over_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    file = AuditFile(str(path), largest=700)
    for at in range(10):
        await file.append({"at": float(at), "tool": "refund_order"})
    with path.open("ab") as end:
        end.write(b'{"at": 11.0, "to')
    await file.append({"at": 12.0})
    walk = verify_chain(file.read_chain())
    assert (walk.count, walk.unreadable, walk.broken, (tmp_path / "audit.jsonl.2").exists()) == (
        11,
        1,
        None,
        True,
    )
    (tmp_path / "audit.jsonl.1").unlink()
    broken = verify_chain(file.read_chain()).broken
    assert broken is not None
    assert broken.kind == "truncated_start"


async def test_a_log_can_be_appended_to_and_rotated_while_it_is_walked(tmp_path: Path) -> None:
    path = str(tmp_path / "audit.jsonl")
    file = AuditFile(path, largest=700)
    for at in range(10):
        await file.append({"at": float(at), "tool": "refund_order"})
    walked = file.read_chain()
    first = next(walked)
    for at in range(10):
        await file.append({"at": float(10 + at), "tool": "refund_order"})
    begun = verify_chain([first, *walked])
    assert (begun.count, begun.broken) == (10, None)
    whole = verify_chain(file.read_chain())
    assert (whole.count, whole.broken) == (20, None)


APPENDER = """
import sys, anyio
from conekta_mcp.audit.file import AuditFile
async def main():
    for at in range(25):
        await AuditFile(sys.argv[1], largest=2000).append({"at": float(at)})
anyio.run(main)
"""


@pytest.mark.system
def test_two_processes_append_to_one_chain_of_files(tmp_path: Path) -> None:
    path = str(tmp_path / "audit.jsonl")
    both = [subprocess.Popen([sys.executable, "-c", APPENDER, path]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    walk = verify_chain(AuditFile(path).read_chain())
    assert (walk.count, walk.broken) == (50, None)


STORE_APPENDER = """
import sys, time, anyio
from conekta_mcp.storage.opening import open_store
async def main():
    store = open_store(sys.argv[1], sandbox_state=None, sandbox=False, clock=time.time)
    for at in range(25):
        await store.append({"at": float(at)})
    await store.close()
anyio.run(main)
"""


@pytest.mark.system
def test_two_processes_append_to_one_chain_of_a_store(shared: str) -> None:
    both = [subprocess.Popen([sys.executable, "-c", STORE_APPENDER, shared]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    walk = verify_chain(anyio.run(read_chain, shared))
    assert (walk.count, walk.broken) == (50, None)


async def read_chain(shared: str) -> list[str]:
    store = open_store(shared, sandbox_state=None, sandbox=False, clock=time.time)
    try:
        return await store.read_chain()
    finally:
        await store.close()


async def test_a_record_that_was_removed_from_redis_is_missing(
    redis_server: RedisServer, redis_url: str
) -> None:
    store = RedisStore(redis_url, time.time)
    for at in range(3):
        await store.append({"at": float(at)})
    remove = "return redis.call('ZREMRANGEBYRANK', redis.call('KEYS', '*:audit')[1], 1, 1)"
    assert redis_server.ask("EVAL", remove, "0") == b":1\r\n"
    assert verify_chain(await store.read_chain()).broken == Break(kind="missing", position=2, number=2)
    await store.close()
