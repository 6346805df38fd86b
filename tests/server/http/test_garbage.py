"""When garbage is collected while the server runs."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from conekta_mcp.server.http.garbage import (
    MAX_OBJECTS,
    MIN_OBJECTS,
    MIN_SECONDS,
    MIN_WAIT,
    TimedCollection,
    start_timed_collection,
)
from conekta_mcp.server.http.listening import create_bounded_server
from conekta_mcp.settings import Settings
from tests.server.http.served import Clock


class Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _collecting_by_hand() -> Iterator[None]:
    """Let nothing but the test collect."""
    is_on = gc.isenabled()
    gc.collect()
    gc.disable()
    yield
    if is_on:
        gc.enable()


def make_objects() -> list[list[None]]:
    return [[] for _ in range(MIN_OBJECTS)]


class Collector:
    """Stands for the collector, and takes as long as a test says."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self.collected_at: list[float] = []

    def __call__(self) -> None:
        self.collected_at.append(self._clock.now)
        self._clock.now += self._seconds


@pytest.mark.parametrize(
    ("takes", "pause"), [(0.0, MIN_SECONDS), (0.25, MIN_WAIT * 0.25)], ids=["quick", "slow"]
)
def test_collections_are_some_seconds_apart_and_take_a_small_part_of_the_time(
    takes: float, pause: float
) -> None:
    clock = Clock()
    collector = Collector(clock, takes)
    collection, kept = TimedCollection(clock, collector), make_objects()
    collection.collect_if_due()
    ended = clock.now
    for clock.now in (ended + pause - 0.1, ended + pause):
        collection.collect_if_due()
    assert collector.collected_at == [ended - takes, ended + pause]
    del kept


@pytest.mark.anyio
async def test_a_tick_of_the_server_collects_cycles_where_there_is_enough() -> None:
    server = create_bounded_server(Starlette(), Settings(transport="streamable-http"))
    gc.collect()
    dead = weakref.ref(Cycle())
    await server.on_tick(0)
    assert dead() is not None
    kept = make_objects()
    await server.on_tick(0)
    assert dead() is None
    del kept


def test_python_collects_by_itself_only_in_an_emergency(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[None] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(None))
    before = gc.get_threshold()
    try:
        start_timed_collection()
        assert gc.get_threshold() == (MAX_OBJECTS, *before[1:])
        assert frozen
    finally:
        gc.set_threshold(*before)
