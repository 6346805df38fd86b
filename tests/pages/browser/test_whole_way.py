"""From a client that can ask nobody, as Claude Desktop, to a person's page and back, with a real process."""

import json
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from playwright.async_api import Browser, Page, expect

from tests.conftest import LINES, PERSON
from tests.journeys.processes import child_environment

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform == "win32", reason="BROWSER names a script with a shebang"),
    pytest.mark.system,
]
PATIENCE_SECONDS = 180
ANSWERED = re.compile("Dijiste que|Tu sí ya se usó")
BILL = {**PERSON, "line_items": LINES, "payment_method": "cash"}


@dataclass
class Chat:
    """A client of a real server, all that its model ever sees, and the browser of the person beside it."""

    client: Client
    browser: Browser
    folder: Path
    seen: list[str] = field(default_factory=list)

    async def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        async def note_progress(done: float, total: float | None, message: str | None) -> None:
            self.seen.append(f"{done} {total} {message}")

        result = await self.client.call_tool(tool, arguments, progress_callback=note_progress)
        self.seen.append(result.model_dump_json())
        return result.structured_content or {}

    async def read_address(self) -> str:
        """The address that the process gave to the browser."""
        while True:
            text = (self.folder / "address").read_text() if (self.folder / "address").exists() else ""
            if text.endswith("\n"):
                return text.strip()
            await anyio.sleep(0.05)

    async def press(self, button: str) -> None:
        """Open the page, read it, and press a button."""
        page: Page = await self.browser.new_page(locale="es-MX")
        await page.goto(await self.read_address())
        await expect(page.locator(".amount")).to_have_text("MXN 500.00")
        await expect(page.get_by_text("«Ana Ruiz»")).to_be_visible()
        # Dead for its first second: Playwright waits until it is enabled.
        await page.get_by_role("button", name=button, exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(ANSWERED)
        await page.close()

    async def count_orders(self) -> int:
        return len((await self.call("list_orders", {}))["rows"])


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def wait() -> str:
    """For how many seconds a call waits: for as long as the test needs."""
    return str(PATIENCE_SECONDS)


@pytest.fixture
async def chat(browser: Browser, tmp_path: Path, era: Any, wait: str) -> AsyncIterator[Chat]:
    script = tmp_path / "browser.sh"
    note = tmp_path / "address"
    script.write_text(
        f'#!/bin/sh\necho "noise on stdout"\nprintf "%s\\n" "$1" > "{note}"\n', encoding="utf-8"
    )
    script.chmod(0o755)
    words = ["serve", "--sandbox", "--confirm", "money", "--approval-wait", wait, "--log-level", "DEBUG"]
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "conekta_mcp", *words],
        env=child_environment(BROWSER=str(script), SSH_CONNECTION="", DISPLAY="", WAYLAND_DISPLAY=""),
    )
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as stderr, anyio.fail_after(PATIENCE_SECONDS):
        async with Client(stdio_client(server, errlog=stderr), mode=era) as client:
            chat = Chat(client, browser, tmp_path)
            chat.seen.append((await client.list_tools()).model_dump_json())
            yield chat
    # Whoever reads all that the model saw, or our log, can neither open the page nor find it.
    address = urlsplit(note.read_text().strip())
    for text in (*chat.seen, log.read_text(encoding="utf-8")):
        assert address.fragment not in text
        assert f":{address.port}" not in text
        assert "/question/" not in text
    assert "noise on stdout" not in log.read_text(encoding="utf-8")


async def test_a_yes_makes_the_bill_once_while_the_call_waits(chat: Chat) -> None:
    made: list[dict[str, Any]] = []

    async def bill() -> None:
        made.append(await chat.call("create_order", BILL))

    async with anyio.create_task_group() as group:
        group.start_soon(bill)
        await chat.press("Sí, hazlo una vez")
    assert made[0]["amount"] == 50_000, made
    assert await chat.count_orders() == 1


async def test_a_no_makes_no_bill(chat: Chat) -> None:
    made: list[dict[str, Any]] = []

    async def bill() -> None:
        made.append(await chat.call("create_order", BILL))

    async with anyio.create_task_group() as group:
        group.start_soon(bill)
        await chat.press("No")
    assert made[0]["error"]["type"] == "consent_declined"
    assert await chat.count_orders() == 0


@pytest.mark.parametrize("wait", ["0"])
async def test_a_yes_after_the_call_gave_up_counts_for_the_same_call(chat: Chat) -> None:
    pending = await chat.call("create_order", BILL)
    assert pending["error"]["type"] == "consent_pending"
    assert "navegador de esta computadora" in json.dumps(pending, ensure_ascii=False)
    assert await chat.count_orders() == 0
    await chat.press("Sí, hazlo una vez")
    assert await chat.count_orders() == 0
    assert (await chat.call("create_order", BILL))["amount"] == 50_000
    assert await chat.count_orders() == 1
