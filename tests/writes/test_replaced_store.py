"""A store whose file is removed or replaced while the server runs."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from tests.writes.wire import ask, error, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio


def remove(path: Path, ends: tuple[str, ...] = ("", "-wal", "-shm")) -> None:
    for end in ends:
        Path(f"{path}{end}").unlink(missing_ok=True)


def replace(path: Path) -> None:
    """Put a copy in its place, as who restores a backup does."""
    copy = path.with_suffix(".copy")
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    copy.chmod(0o600)
    remove(path)
    copy.rename(path)


def cover(path: Path) -> None:
    """Put a file where its folder was: not even its absence can be read any more."""
    path.parent.rename(path.parent.with_suffix(".moved"))
    path.parent.write_text("", encoding="utf-8")


@pytest.mark.parametrize("change", [remove, replace])
async def test_nothing_is_sent_that_only_a_file_that_is_gone_would_remember(
    change: object, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    async with scene(str(path)) as one:
        app = one.server()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        (remove if change is remove else replace)(path)
        assert error(await ask(app, "refund_order", refund(order_id)))[1] == "not_applied"
        told = await ask(app, "refund_order", call)
        assert error(told) == ("store_unavailable", "unknown")  # the new file may know more of this key
        assert told["error"]["code"] == "conekta_mcp.errors.store_replaced"
        restarted = one.server()
        assert (await ask(restarted, "refund_order", call))["amount_refunded"] == 50000
        assert error(await ask(app, "refund_order", call)) == ("store_unavailable", "unknown")
        assert await refunded(restarted, order_id) == 50000


@pytest.mark.parametrize("change", [remove, cover])
async def test_what_is_under_way_then_is_still_told_as_it_ended(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "state" / "store.db"
    async with scene(str(path)) as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "hold"))
        answers = []

        async def give_back() -> None:
            answers.append(await ask(app, "refund_order", refund(order_id, idempotency_key="k")))

        async with anyio.create_task_group() as group:
            group.start_soon(give_back)
            await one.wire.arrived.wait()
            change(path)
            one.wire.go.set()
        assert answers[0]["amount_refunded"] == 50000
        refused = await ask(app, "refund_order", refund(order_id))
        assert error(refused) == ("store_unavailable", "not_applied")


@pytest.mark.parametrize("ends", [("-wal",), ("-shm",), ("-wal", "-shm")])
async def test_nothing_is_sent_that_only_a_removed_log_would_remember(
    ends: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    async with scene(str(path)) as one:
        app = one.server()
        order_id = await paid_order(app)
        sent = len(one.wire.posts())
        remove(path, ends)
        told = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert told["error"]["code"] == "conekta_mcp.errors.store_replaced"
        assert len(one.wire.posts()) == sent
