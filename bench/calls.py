"""Times one call of list_customers with twenty rows over stdio."""

import time
from functools import partial

import httpx

from bench.answers import ROWS
from bench.pairs import Comparison, measure_in_turns
from bench.wire import BARE_COMMAND, OUR_COMMAND, Conversation, start_conversation

AIM = 0.8
WARM_UP = 30
PATH = f"/customers?limit={ROWS}"


def measure_calls(upstream: str, rounds: int) -> list[Comparison]:
    """Compare our tool, the bare server's and a plain httpx call, in milliseconds."""
    with (
        start_conversation(OUR_COMMAND, upstream) as ours,
        start_conversation(BARE_COMMAND, upstream) as bare,
        httpx.Client(base_url=upstream, trust_env=False) as client,
    ):
        ours.open_session()
        bare.open_session()
        measures = [
            partial(time_our_call, ours),
            partial(time_bare_call, bare),
            partial(time_direct_call, client),
        ]
        measure_in_turns(measures, WARM_UP)
        our_times, bare_times, direct_times = measure_in_turns(measures, rounds)
    return [
        Comparison(f"call, {ROWS} rows: bare server", "ms", our_times, bare_times, AIM),
        Comparison(f"call, {ROWS} rows: direct httpx", "ms", our_times, direct_times),
    ]


def time_our_call(server: Conversation) -> float:
    return server.call_tool("list_customers", {"limit": ROWS}).seconds * 1000


def time_bare_call(server: Conversation) -> float:
    return server.call_tool("conekta", {"method": "GET", "path": PATH}).seconds * 1000


def time_direct_call(client: httpx.Client) -> float:
    started = time.perf_counter()
    client.get(PATH).json()
    return (time.perf_counter() - started) * 1000
