"""Redis: what is said when it does not answer, what is sent twice (nothing), and how long keys stay."""

import contextlib
import socketserver
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import anyio
import anyio.lowlevel
import pytest

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage import redis_connection
from conekta_mcp.storage.records import Cap
from conekta_mcp.storage.redis import RedisStore
from conekta_mcp.storage.serialization import MESSAGES
from tests.storage.fixtures import MovableClock
from tests.storage.redis_server import RedisServer, running_redis
from tests.storage.test_stores import CLAIM, DONE, UNKNOWN, counted

pytestmark = pytest.mark.anyio
SECRET = "s3cr3t-words"
DAY, HOUR = 86_400, 3600


@asynccontextmanager
async def opened(url: str, clock: MovableClock, prefix: str = "conekta-mcp") -> AsyncIterator[RedisStore]:
    """A store in Redis."""
    store = RedisStore(url, clock, prefix)
    yield store
    await store.close()


async def refusal(url: str, clock: MovableClock) -> tuple[str | None, str, bool]:
    """Code, text and whether a retry may help, of what the store at `url` says; never the password."""
    async with opened(url, clock) as store:
        with pytest.raises(StoreUnavailable) as down:
            await store.claim(CLAIM)
        shown = repr(store) + repr(down.value) + "".join(traceback.format_exception(down.value))
    assert SECRET not in shown
    assert down.value.__cause__ is None
    return down.value.details[0].code, str(down.value), down.value.retryable


def unavailable(reason: str, *, passing: bool) -> tuple[str, str, bool]:
    """What a store says that does not answer."""
    said = f"The store that remembers intents and limits does not answer ({reason})."
    return "conekta_mcp.errors.store_unavailable", said, passing


@pytest.mark.system
async def test_a_redis_that_is_not_there_is_down_without_its_password(clock: MovableClock) -> None:
    with running_redis() as server:
        gone = server.port
    said = await refusal(f"redis://ana:{SECRET}@127.0.0.1:{gone}/0", clock)
    assert said == unavailable("ConnectionError", passing=True)


@pytest.mark.parametrize("rest", ["@127.0.0.1:port/0", "@[::1/0", "@127.0.0.1:6379/0?socket_timeout=soon"])
async def test_an_address_that_cannot_be_read_is_down_without_its_password(
    clock: MovableClock, rest: str
) -> None:
    said = await refusal(f"redis://ana:{SECRET}{rest}", clock)
    assert said == unavailable("ValueError", passing=False)


@pytest.mark.system
async def test_a_wrong_password_is_told_and_the_right_one_works(clock: MovableClock) -> None:
    with running_redis() as server:
        server.ask("CONFIG", "SET", "requirepass", "right")
        said = await refusal(f"redis://:{SECRET}@127.0.0.1:{server.port}/0", clock)
        assert said == unavailable("AuthenticationError", passing=False)
        async with opened(f"redis://:right@127.0.0.1:{server.port}/0", clock) as store:
            assert await store.claim(CLAIM) is None


@pytest.mark.system
async def test_a_redis_that_refuses_writes_is_down_with_its_word(clock: MovableClock) -> None:
    with running_redis() as server:
        server.ask("CONFIG", "SET", "min-replicas-to-write", "1")
        assert await refusal(server.url, clock) == unavailable("NOREPLICAS", passing=False)


async def test_the_package_that_is_missing_is_named(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    assert await refusal("redis://127.0.0.1:6379/0", clock) == (
        "conekta_mcp.errors.store_package_missing",
        (
            "A store in Redis needs one more package: pip install 'conekta-mcp[redis]', or with pipx: "
            "pipx inject conekta-mcp redis"
        ),
        False,
    )


@pytest.mark.system
async def test_a_redis_that_comes_back_is_used_again(clock: MovableClock) -> None:
    with running_redis(appendonly=True) as server:
        async with opened(server.url, clock) as store:
            await store.claim(CLAIM)
            server.stop()
            with pytest.raises(StoreUnavailable):
                await store.find(CLAIM.place)
            server.start()
            assert await store.find(CLAIM.place) == CLAIM


@pytest.mark.system
async def test_a_restart_between_two_calls_is_not_noticed(clock: MovableClock) -> None:
    with running_redis(appendonly=True) as server:
        async with opened(server.url, clock) as store:
            await store.claim(CLAIM)
            server.stop()
            server.start()
            for _ in range(3):
                await anyio.lowlevel.checkpoint()  # the loop learns that the connection was closed
            assert await store.find(CLAIM.place) == CLAIM


async def test_a_redis_that_was_emptied_is_not_taken_for_the_same_store(
    redis_server: RedisServer, redis_url: str, clock: MovableClock
) -> None:
    async with opened(redis_url, clock) as store, opened(redis_url, clock) as other:
        await store.claim(CLAIM)
        assert await other.find(CLAIM.place) == CLAIM
        redis_server.empty()
        for one in (store, other):
            for ask in (one.claim(CLAIM), one.find(CLAIM.place), one.reserve("r", []), one.list_unsettled()):
                with pytest.raises(StoreUnavailable) as refused:
                    await ask
                assert refused.value.details[0].code == "conekta_mcp.errors.store_replaced"
        assert redis_server.ask("DBSIZE") == b":0\r\n"
        async with opened(redis_url, clock) as restarted:
            assert await restarted.find(CLAIM.place) is None
        with pytest.raises(StoreUnavailable):
            await store.claim(CLAIM)


@pytest.mark.system
async def test_a_redis_without_a_disk_that_is_restarted_is_not_the_same_store(clock: MovableClock) -> None:
    with running_redis() as server:
        async with opened(server.url, clock) as store:
            await store.claim(CLAIM)
            server.stop()
            server.start()
            codes = set()
            for _ in range(20):
                with pytest.raises(StoreUnavailable) as refused:
                    await store.claim(CLAIM)
                codes.add(refused.value.details[0].code)
            assert "conekta_mcp.errors.store_replaced" in codes


class Deaf(socketserver.BaseRequestHandler):
    """A Redis that answers all but the reservation, which it takes and drops."""

    server: "DeafServer"

    def handle(self) -> None:
        """Read commands, and answer as if it were a Redis of memory without bound."""
        while asked := self.request.recv(65536):
            self.server.asked.append(asked)
            if b"RPUSH" in asked:
                return
            commands = asked.count(b"CLIENT") or 1
            answer = b"$1\r\n2\r\n" if b"EVAL" in asked else b"$13\r\nmaxmemory:0\r\n\r\n"
            self.request.sendall(b"+OK\r\n" * commands if b"CLIENT" in asked else answer)


class DeafServer(socketserver.ThreadingTCPServer):
    """Notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Deaf)


@contextmanager
def deaf_server() -> Iterator[DeafServer]:
    """Run a server that drops reservations."""
    with DeafServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


async def test_a_script_whose_answer_was_lost_is_not_sent_again(clock: MovableClock) -> None:
    with deaf_server() as server:
        async with opened(f"redis://127.0.0.1:{server.server_address[1]}/0", clock) as store:
            with pytest.raises(StoreUnavailable) as down:
                await store.reserve("r-1", [Cap(counter="c", amount=5)])
        assert (str(down.value), down.value.retryable) == unavailable("ConnectionError", passing=True)[1:]
        assert len([one for one in server.asked if b"RPUSH" in one]) == 1


async def test_a_redis_that_is_silent_is_down_after_a_while(
    clock: MovableClock, redis_url: str, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(redis_url, clock) as patient:
        await patient.claim(CLAIM)
    # Only what is never answered has so little time: a slow machine would need more for an answer.
    monkeypatch.setattr(redis_connection, "ANSWER_SECONDS", 0.1)
    async with opened(redis_url, clock) as store:
        redis_server.ask("CLIENT", "PAUSE", "600000", "WRITE")
        try:
            with pytest.raises(StoreUnavailable) as down:
                await store.find(CLAIM.place)
        finally:
            redis_server.ask("CLIENT", "UNPAUSE")
        assert (str(down.value), down.value.retryable) == unavailable("TimeoutError", passing=True)[1:]
        found = None
        with anyio.fail_after(120):
            while found is None:  # until an answer is quick enough
                with contextlib.suppress(StoreUnavailable):
                    found = await store.find(CLAIM.place)
        assert found == CLAIM


async def test_after_a_cancelled_call_everybody_gets_their_own_answer(
    clock: MovableClock, redis_url: str, redis_server: RedisServer
) -> None:
    async with opened(redis_url, clock) as store:
        places = [replace(CLAIM, key=f"k-{number}") for number in range(10)]
        for one in places:
            await store.claim(one)
        redis_server.ask("CLIENT", "PAUSE", "60000", "WRITE")
        async with anyio.create_task_group() as tasks:
            for one in places:
                tasks.start_soon(store.find, one.place)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        redis_server.ask("CLIENT", "UNPAUSE")
        assert [await store.find(one.place) for one in reversed(places)] == places[::-1]


@pytest.mark.system
@pytest.mark.parametrize(
    ("memory", "policy", "refused"),
    [
        ("100mb", "allkeys-lru", True),
        ("100mb", "volatile-ttl", True),
        ("100mb", "noeviction", False),
        ("0", "allkeys-lru", False),
    ],
)
async def test_a_redis_that_may_drop_limits_is_refused(
    clock: MovableClock, memory: str, policy: str, refused: bool
) -> None:
    with running_redis("--maxmemory", memory, "--maxmemory-policy", policy) as server:
        if refused:
            assert await refusal(server.url, clock) == (
                "conekta_mcp.errors.store_forgetful",
                MESSAGES["store_forgetful"],
                False,
            )
        else:
            async with opened(server.url, clock) as store:
                assert await store.claim(CLAIM) is None


@pytest.mark.system
async def test_a_redis_that_begins_to_drop_limits_is_refused_within_a_minute(clock: MovableClock) -> None:
    passed = MovableClock(0.0)
    with running_redis("--maxmemory", "100mb", "--maxmemory-policy", "noeviction") as server:
        store = RedisStore(server.url, clock, monotonic=passed)
        assert await store.claim(CLAIM) is None
        server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        passed.now += 61
        with pytest.raises(StoreUnavailable) as refused:
            await store.find(CLAIM.place)
        assert refused.value.details[0].code == "conekta_mcp.errors.store_forgetful"
        server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
        assert await store.find(CLAIM.place) == CLAIM
        await store.close()


@pytest.mark.system
async def test_a_service_that_does_not_tell_its_memory_is_used(clock: MovableClock) -> None:
    with running_redis() as server:
        server.ask("ACL", "SETUSER", "app", "on", ">word", "~{conekta-mcp}:*", "+@all", "-info")
        async with opened(f"redis://app:word@127.0.0.1:{server.port}/0", clock) as store:
            assert await store.claim(CLAIM) is None


async def test_a_store_of_a_newer_version_is_refused(
    clock: MovableClock, redis_url: str, redis_server: RedisServer
) -> None:
    redis_server.ask("SET", "{conekta-mcp}:schema", "3")
    assert await refusal(redis_url, clock) == (
        "conekta_mcp.errors.store_too_new",
        "A newer conekta-mcp made this store: use that version, or name another store.",
        False,
    )


async def test_two_prefixes_are_two_stores(clock: MovableClock, redis_url: str) -> None:
    async with opened(redis_url, clock, "shop-a") as one, opened(redis_url, clock, "shop-b") as other:
        await one.claim(CLAIM)
        assert await other.claim(DONE) is None
        assert (await one.find(CLAIM.place), await other.find(CLAIM.place)) == (CLAIM, DONE)


async def test_keys_stay_as_long_as_they_are_needed_and_unsettled_claims_and_the_audit_for_ever(
    clock: MovableClock, redis_url: str
) -> None:
    async with opened(redis_url, clock) as store:
        await store.claim(UNKNOWN)
        await store.claim(replace(CLAIM, key="k-2"))
        await store.replace(replace(CLAIM, key="k-2"), replace(DONE, key="k-2", made=("ord_1",)))
        await store.reserve("r-1", [Cap(counter="c", amount=5)])
        await store.lock("ord_1", "call-1", now=clock.now, until=clock.now + 60)
        await store.use_token_once("t-1", clock.now + 300)
        await store.append({"at": clock.now})
        client = store._connection._client
        assert client is not None
        keys = sorted(await client.keys())
        days = {key: await client.ttl(key) for key in keys}
    hashed = "46e9bc3476c92ea24fb17adac6cd9cdacff7a34a5c753100787da5a29984f836"
    assert {key: (seconds + 2) // 10 * 10 for key, seconds in days.items()} == {
        "{conekta-mcp}:audit": 0,
        "{conekta-mcp}:audit-head": 0,
        "{conekta-mcp}:audit-number": 0,
        "{conekta-mcp}:counter:c": 3 * DAY,
        f"{{conekta-mcp}}:equal:a1b2:{'f' * 64}": 30 * DAY,
        '{conekta-mcp}:history:["a1b2", "refund_order", "k-1"]': 430 * DAY,
        '{conekta-mcp}:history:["a1b2", "refund_order", "k-2"]': 430 * DAY,
        "{conekta-mcp}:made:a1b2": 30 * DAY,
        "{conekta-mcp}:lock:ord_1": 60 + HOUR,
        "{conekta-mcp}:reservation:r-1": 3 * DAY,
        "{conekta-mcp}:name": 0,
        "{conekta-mcp}:schema": 0,
        '{conekta-mcp}:settled:["a1b2", "refund_order", "k-2"]': 30 * DAY,
        '{conekta-mcp}:tombstone:["a1b2", "refund_order", "k-2"]': 430 * DAY,
        f"{{conekta-mcp}}:token:{hashed}": 300 + HOUR,
        "{conekta-mcp}:unsettled": 0,
    }


async def test_a_reservation_whose_counter_is_gone_takes_nothing_back(
    clock: MovableClock, redis_url: str, redis_server: RedisServer
) -> None:
    async with opened(redis_url, clock) as store:
        await store.reserve("r-1", [Cap(counter="c", amount=5)])
        redis_server.ask("DEL", "{conekta-mcp}:counter:c")
        await store.release("r-1")
        assert await counted(store, "c") == (0, 0)


async def test_when_an_answer_expired_its_key_is_still_known(
    clock: MovableClock, redis_url: str, redis_server: RedisServer
) -> None:
    async with opened(redis_url, clock) as store:
        await store.claim(DONE)
        redis_server.ask("DEL", '{conekta-mcp}:settled:["a1b2", "refund_order", "k-1"]')
        left = await store.find(DONE.place)
        assert left is not None
        assert (left.state, left.answer, left.arguments) == ("expired", "", "{}")
        assert await store.claim(replace(CLAIM, owner="call-2")) == left


async def test_time_is_that_of_redis_and_goes_on_by_the_monotonic_clock(redis_url: str) -> None:
    ticks = [100.0]
    store = RedisStore(redis_url, time.time, monotonic=lambda: ticks[0])
    try:
        first = await store.read_time()
        ticks[0] += 59
        assert await store.read_time() == first + 59
        ticks[0] += 2  # long enough for Redis to be asked again; it says less, so this process waits for it
        assert await store.read_time() == first + 61
        assert abs(first - time.time()) < 600
    finally:
        await store.close()
