"""An answer waits as long as was asked, by a sleep that is passed in; controls never wait."""

from random import Random

import anyio
import anyio.lowlevel
import httpx2
import pytest

from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.latency import (
    MEDIAN_SECONDS,
    Latency,
    make_lognormal,
    parse_latency,
)


def draw(latency: Latency, count: int) -> list[float]:
    return [latency() for _ in range(count)]


@pytest.mark.parametrize(
    ("text", "seconds"), [("200ms", 0.2), ("1.5s", 1.5), ("0ms", 0.0), (" 60s ", 60.0), ("2s", 2.0)]
)
def test_a_time_is_the_same_for_every_request(text: str, seconds: float) -> None:
    assert draw(parse_latency(text), 3) == [seconds] * 3


@pytest.mark.parametrize(
    "text", ["", "200", "200 ms", "-1s", "61s", "60001ms", "1e3ms", "normal", "lognormal:", "lognormal:x"]
)
def test_anything_else_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"200ms or 1.5s, lognormal, or lognormal:7"):
        parse_latency(text)


def test_the_same_seed_draws_the_same_waits() -> None:
    assert draw(parse_latency("lognormal:7"), 20) == draw(parse_latency("lognormal:7"), 20)
    assert draw(parse_latency("lognormal:7"), 20) != draw(parse_latency("lognormal:8"), 20)
    assert draw(parse_latency("lognormal"), 20) != draw(parse_latency("lognormal"), 20)


def test_the_waits_spread_as_documented() -> None:
    waits = sorted(draw(make_lognormal(Random(1)), 10_000))
    shown = [waits[5_000], waits[9_500], waits[9_900]]
    assert shown == pytest.approx([MEDIAN_SECONDS, 0.67, 1.01], rel=0.05)


@pytest.mark.anyio
async def test_each_request_to_the_api_waits_and_no_control_does() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await anyio.lowlevel.checkpoint()

    ledger, waits = Ledger(), iter([0.2, 0.7])
    app = create_sandbox(ledger, latency=lambda: next(waits), sleep=sleep)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://api.example.com") as shop:
        for path in ("/customers", "/_sandbox/clock", "/orders"):
            answer = await shop.get(path, headers={"Authorization": "Bearer key_shop"})
            assert answer.status_code == 200
    ledger.close()
    assert [one for one in slept if one] == [0.2, 0.7]
