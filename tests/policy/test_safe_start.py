"""Configurations with which live money is not safe: refused, unless the operator accepts them by name."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.policy.safe_start import LiveSafety, refuse_unsafe_start
from conekta_mcp.settings import Settings
from tests.writes.wire import PERSON, ask, make_live, scene

pytestmark = pytest.mark.anyio
SECRET = "s" * 32
REDIS = "redis://127.0.0.1:6379/0"
STATIC_RISKS = (
    ({"store": "memory"}, "memory-store"),
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
async def test_a_redis_that_may_forget_is_refused_and_one_that_does_not_is_asked_once(
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
    for _ in range(3):
        await safety.refuse_unsafe_write()
    assert store.asked == 1


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
