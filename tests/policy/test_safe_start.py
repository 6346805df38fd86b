"""Configurations with which live money is not safe: refused, unless the operator accepts them by name."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.policy.safe_start import LiveSafety, refuse_unsafe_start
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import parse_store
from conekta_mcp.storage.opening import is_on_memory_disk
from tests.storage.fixtures import MovableClock
from tests.writes.wire import PERSON, ask, make_live, scene

pytestmark = pytest.mark.anyio
SECRET = "s" * 32
REDIS = "redis://127.0.0.1:6379/0"
STATIC_RISKS = (
    ({"store": "memory"}, "memory-store"),
    ({"store": ":memory:"}, "memory-store"),
    ({"audit": "off"}, "audit-off"),
)


class Remembering:
    """A store whose durability a test chooses."""

    def __init__(self, logged: bool | None = True) -> None:
        self.logged, self.asked = logged, 0

    async def has_append_log(self) -> bool | None:
        self.asked += 1
        return self.logged


@pytest.mark.parametrize("store", [None, "memory"])
def test_replicas_without_one_store_are_refused(store: str | None) -> None:
    with pytest.raises(ConfigurationError, match="replicas need one store"):
        refuse_unsafe_start(Settings(approval_secrets=(SECRET,), store=store))
    accepted = Settings(approval_secrets=(SECRET,), store=store, accept_losing_safety=("separate-stores",))
    refuse_unsafe_start(accepted)


@pytest.mark.parametrize("store", [REDIS, "/var/lib/shop/safety.sqlite3"])
def test_replicas_with_one_store_start(store: str) -> None:
    refuse_unsafe_start(Settings(approval_secrets=(SECRET,), store=store))


@pytest.mark.parametrize(("settings", "risk"), STATIC_RISKS)
def test_a_profile_that_is_declared_live_is_refused_at_start(settings: dict[str, Any], risk: str) -> None:
    with pytest.raises(ConfigurationError, match=f"--i-accept-losing-safety {risk} does without"):
        refuse_unsafe_start(Settings(**settings), ("store-b",))
    refuse_unsafe_start(Settings(**settings))
    refuse_unsafe_start(Settings(**settings, accept_losing_safety=(risk,)), ("store-b",))


@pytest.mark.parametrize(("logged", "is_refused"), [(True, False), (False, True), (None, True)])
async def test_a_redis_that_may_forget_is_refused_and_one_that_does_not_is_asked_once_a_minute(
    logged: bool | None, is_refused: bool
) -> None:
    store = Remembering(logged)
    safety = LiveSafety(Settings(store=REDIS), store, "en")
    if is_refused:
        with pytest.raises(Failure) as caught:
            await safety.refuse_unsafe_write()
        assert caught.value.details[0].code == "conekta_mcp.errors.unsafe_configuration.forgetful-redis"
        accepted = Settings(store=REDIS, accept_losing_safety=("forgetful-redis",))
        await LiveSafety(accepted, store, "en").refuse_unsafe_write()
        return
    clock = MovableClock(0.0)
    safety = LiveSafety(Settings(store=REDIS), store, "en", clock)
    for _ in range(3):
        await safety.refuse_unsafe_write()
        clock.now += 30
    assert store.asked == 1
    store.logged = False  # it was told meanwhile to write no log
    with pytest.raises(Failure):
        await safety.refuse_unsafe_write()


async def test_the_sandbox_is_never_refused() -> None:
    settings = Settings(sandbox=True, store="memory", audit="off")
    await LiveSafety(settings, Remembering(False), "en").refuse_unsafe_write()


@pytest.mark.parametrize(("settings", "risk"), STATIC_RISKS)
async def test_a_live_write_is_refused_and_a_test_write_is_made(
    settings: dict[str, Any], risk: str, tmp_path: Path
) -> None:
    async with scene(str(tmp_path / "store.sqlite3")) as one:
        assert "error" not in await ask(one.server(**settings), "create_customer", PERSON)
        make_live(one)
        # A store of its own: the first one knows the mode of the key.
        settings = {"store": str(tmp_path / "other.sqlite3"), **settings}
        refused = (await ask(one.server(**settings), "create_customer", PERSON))["error"]
        assert (refused["type"], refused["outcome"]) == ("unsafe_configuration", "not_applied")
        assert refused["code"] == f"conekta_mcp.errors.unsafe_configuration.{risk}"
        assert f"--i-accept-losing-safety {risk} does without" in refused["hint"]
        assert one.wire.posts() == ["/customers"]
        accepted = one.server(**settings, accept_losing_safety=(risk,))
        assert "error" not in await ask(accepted, "create_customer", PERSON)


MOUNTS = r"""proc /proc proc rw 0 0
/dev/vda / ext4 rw 0 0
tmpfs /nowhere/shm tmpfs rw,size=1k 0 0
tmpfs /run/my\040shop tmpfs rw 0 0
none /mnt/ram ramfs rw 0 0
/dev/vdb /mnt/ram/disk ext4 rw 0 0
tmpfs /covered tmpfs rw 0 0
/dev/vdc /covered xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("where", "forgets"),
    [
        ("/nowhere/shm/safety.sqlite3", True),
        ("/nowhere/shm/a/../safety.sqlite3", True),
        ("/run/my shop/safety.sqlite3", True),
        ("/mnt/ram/safety.sqlite3", True),
        ("/mnt/ram/disk/safety.sqlite3", False),
        ("/covered/safety.sqlite3", False),
        ("/nowhere/shmem/safety.sqlite3", False),
        ("/var/lib/shop/safety.sqlite3", False),
        ("memory", False),
    ],
)
def test_a_disk_of_memory_is_known(where: str, forgets: bool) -> None:
    assert is_on_memory_disk(where, lambda: MOUNTS) is forgets
    assert not is_on_memory_disk(where, str)


def test_a_link_to_a_disk_of_memory_is_followed(tmp_path: Path) -> None:
    ram, link = tmp_path / "ram", tmp_path / "link"
    ram.mkdir()
    link.symlink_to(ram)
    assert is_on_memory_disk(str(link / "s.sqlite3"), lambda: f"tmpfs {ram.resolve()} tmpfs rw 0 0")


async def test_live_money_is_not_written_to_on_a_disk_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.policy.safe_start.is_on_memory_disk", lambda _: True)
    for settings in (Settings(), Settings(store=str(tmp_path / "s.sqlite3"))):
        with pytest.raises(Failure) as caught:
            await LiveSafety(settings, Remembering(), "es").refuse_unsafe_write()
        assert caught.value.details[0].code == "conekta_mcp.errors.unsafe_configuration.memory-disk"
    accepted = Settings(accept_losing_safety=("memory-disk",))
    await LiveSafety(accepted, Remembering(), "es").refuse_unsafe_write()


@pytest.mark.parametrize("text", ["memory", ":memory:", ":MEMORY:", " Memory "])
def test_memory_is_memory_however_it_is_spelled(text: str) -> None:
    assert parse_store(text) == "memory"


@pytest.mark.parametrize("text", ["file::memory:", "file::memory:?cache=shared", "file:x?mode=memory", ""])
def test_an_address_of_sqlite_is_no_file(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_store(text)
