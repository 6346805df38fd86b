"""Answers and resources show the time zone and the language of their own server."""

import json
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
ORDER = {"id": "ord_1", "object": "order", "expires_at": 1_798_416_000}
SHOWN = {
    ("America/Mexico_City", "es"): ("27 dic 2026, 18:00 (Ciudad de México)", "2026-12-27T18:00:00-06:00"),
    ("America/Tijuana", "en"): ("27 Dec 2026, 16:00 (Tijuana)", "2026-12-27T16:00:00-08:00"),
}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_two_servers_of_one_process_keep_their_zones_apart(client_for: Any, mode: str) -> None:
    answer = httpx.Response(200, json=ORDER)
    (mexico, of_mexico), (tijuana, of_tijuana) = SHOWN.items()
    async with (
        client_for(answer, mode=mode, timezone=mexico[0], language=mexico[1]) as (one, _),
        client_for(answer, mode=mode, timezone=tijuana[0], language=tijuana[1]) as (other, _),
    ):
        for client, (text, iso) in ((one, of_mexico), (other, of_tijuana), (one, of_mexico)):
            told = (await client.call_tool("get_order", {"order_id": "ord_1"})).structured_content
            assert (told["expires_at_text"], told["expires_at_iso"]) == (text, iso)
            (read,) = (await client.read_resource("conekta://orders/ord_1")).contents
            assert json.loads(read.text)["expires_at_text"] == text
