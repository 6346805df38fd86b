"""One call of list_customers with twenty rows over stdio."""

import time
from functools import partial

import httpx

from bench.answers import ROWS
from bench.pairs import Comparison, in_turns
from bench.wire import BARE, OURS, Conversation, talking

AIM = 0.8
WARM_UP = 30
PATH = f"/customers?limit={ROWS}"


def calls(upstream: str, rounds: int) -> list[Comparison]:
    """Compare our tool to the bare server's and to a plain httpx call."""
    with (
        talking(OURS, upstream) as ours,
        talking(BARE, upstream) as bare,
        httpx.Client(base_url=upstream, trust_env=False) as client,
    ):
        ours.hello()
        bare.hello()
        measures = [partial(our_call, ours), partial(bare_call, bare), partial(direct_call, client)]
        in_turns(measures, WARM_UP)
        our_times, bare_times, direct_times = in_turns(measures, rounds)
    return [
        Comparison(f"call, {ROWS} rows: bare server", "ms", our_times, bare_times, AIM),
        Comparison(f"call, {ROWS} rows: direct httpx", "ms", our_times, direct_times),
    ]


def our_call(server: Conversation) -> float:
    """Time list_customers."""
    return server.call("list_customers", {"limit": ROWS}).seconds * 1000


def bare_call(server: Conversation) -> float:
    """Time the bare server's tool with the same request."""
    return server.call("conekta", {"method": "GET", "path": PATH}).seconds * 1000


def direct_call(client: httpx.Client) -> float:
    """Time the request without MCP."""
    started = time.perf_counter()
    client.get(PATH).json()
    return (time.perf_counter() - started) * 1000
