"""What answers for a person on a card is in nothing that a model reads, however it asks: real processes."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from tests.journeys.processes import finished, listening, stdio_server
from tests.server.cards.shop import APPS, LINES, PAYER, read_card_only

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CONFIRM = ("--sandbox", "--confirm", "money", "--approval-wait", "0", "--log-level", "DEBUG")
BILL = {**PAYER, "line_items": LINES}
APP_ONLY = ("approve_pending", "decline_pending", "approval_state")


@dataclass
class Model:
    """A client that shows cards, all that its model is ever shown, and what only its cards get."""

    client: Client
    seen: list[str] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)

    def note(self, shown: Any) -> None:
        """Note what a host gives its model: everything but `_meta`."""
        told = shown.model_dump(mode="json", by_alias=True)
        self.seen.append(json.dumps(_without_meta(told), ensure_ascii=False))

    async def call(self, tool: str, **arguments: Any) -> CallToolResult:
        async def note_progress(done: float, total: float | None, message: str | None) -> None:
            self.seen.append(f"{done} {total} {message}")

        result = await self.client.call_tool(tool, arguments, progress_callback=note_progress)
        self.note(result)
        if "conekta-mcp/approval" in (result.meta or {}):
            self.cards.append(read_card_only(result))
        return result

    async def look_everywhere(self) -> None:
        """Ask for all that a model could be curious about."""
        self.note(await self.client.list_tools())
        self.note(await self.client.list_resources())
        self.note(await self.client.list_prompts())
        for resource in (await self.client.list_resources()).resources:
            self.note(await self.client.read_resource(str(resource.uri)))
        for name in ("approval", "approvals", "approve_pending", self.cards[0]["id"]):
            await self.call("search_operations", query=name)
            await self.call("describe_operation", name=name)
            with pytest.raises(MCPError) as refused:
                await self.client.read_resource(f"conekta://{name}/{self.cards[0]['id']}")
            self.seen.append(str(refused.value))
        for name in APP_ONLY:
            for arguments in (
                {},
                {"id": self.cards[0]["id"]},
                {"id": self.cards[0]["id"], "secret": "A" * 32},
            ):
                await self.call(name, **arguments)
                await self.call("call_write_operation", name=name, arguments=json.dumps(arguments))
                await self.call("call_read_operation", name=name, arguments=json.dumps(arguments))


def _without_meta(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_meta(one) for name, one in told.items() if name != "_meta"}
    return [_without_meta(one) for one in told] if isinstance(told, list) else told


@asynccontextmanager
async def over_stdio(folder: Path, mode: Any) -> AsyncIterator[Model]:
    flags = ("--state", str(folder / "ledger.db"), "--store", str(folder / "store.db"))
    with (folder / "log").open("w", encoding="utf-8") as log:
        server = stdio_client(
            stdio_server(*CONFIRM, *flags, BROWSER="", DISPLAY="", WAYLAND_DISPLAY=""), errlog=log
        )
        async with Client(server, mode=mode, extensions=APPS) as client:
            yield Model(client)


@asynccontextmanager
async def over_http(folder: Path, mode: Any) -> AsyncIterator[Model]:
    flags = ("--state", str(folder / "ledger.db"), "--store", str(folder / "store.db"))
    with listening("serve", "--transport", "streamable-http", *CONFIRM, *flags, ready="/healthz") as running:
        headers = {"Authorization": "Bearer key_of_a_shop_0123456789"}
        async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as wire:
            target = streamable_http_client(f"{running.url}/mcp", http_client=wire)
            async with Client(target, mode=mode, extensions=APPS) as client:
                yield Model(client)


@pytest.mark.parametrize(
    ("reach", "mode"), [(over_stdio, "auto"), (over_stdio, "legacy"), (over_http, "auto")]
)
async def test_a_model_that_reads_everything_never_sees_what_a_card_answers_with(
    tmp_path: Path, reach: Any, mode: str
) -> None:
    async with reach(tmp_path, mode) as model:
        await model.call("create_order", **BILL)
        await model.call("create_order", **BILL)
        await model.look_everywhere()
        card = {name: model.cards[0][name] for name in ("id", "secret")}
        # The person presses the button: their host calls, and the model is not shown the answer.
        answered = await model.client.call_tool("approve_pending", card)
        assert (answered.structured_content or {})["state"] == "approved"
        made = await model.call("create_order", **BILL)
        await model.call("create_order", **BILL)
        assert str((made.structured_content or {})["id"]).startswith("ord_")
        assert len(model.cards) == 3
        secrets = [one["secret"] for one in model.cards]
        flags = ("--sandbox", "--state", str(tmp_path / "ledger.db"), "--store", str(tmp_path / "store.db"))
        # A terminal of the same machine tells no secret either, nor where one is kept.
        for words in (("approvals", "list", "--all", "--json"), ("audit", "--json")):
            model.seen.append(finished(*words, *flags).stdout)
        if (tmp_path / "log").exists():
            model.seen.append((tmp_path / "log").read_text(encoding="utf-8"))
    everything = "\n".join(model.seen)
    assert "ord_" in everything
    assert not [secret for secret in secrets if secret in everything]
    assert "card_secrets" not in everything
    assert not re.search(r"127\.0\.0\.1:\d+/|/question/", everything)
