"""The server of the loopback page: started when it is first needed, one page per question, ended with us."""

import logging
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import httpx
import pytest

from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.loopback import page
from conekta_mcp.pages.loopback.access import OPENING_SECONDS
from conekta_mcp.pages.loopback.page import MAX_PAGES, LoopbackPage
from tests.pages.questions import Questions

pytestmark = pytest.mark.anyio


@dataclass
class Computer:
    """A computer whose browser notes each address that it is given."""

    opens: bool = True
    questions: Questions = field(default_factory=Questions)
    addresses: list[str] = field(default_factory=list)
    is_full: anyio.Event = field(default_factory=anyio.Event)
    paused: set[str] = field(default_factory=set)
    """The accounts about which nobody is asked now."""

    def __post_init__(self) -> None:
        self.page = LoopbackPage(
            find_pending=lambda: self.questions.pending,
            read_time=self.questions.read_time,
            find_pause=self.find_pause,
            language="es",
            open_address=self.open,
        )

    async def find_pause(self, account: str) -> float:
        return 60.0 if account in self.paused else 0.0

    async def open(self, address: str) -> bool:
        self.addresses.append(address)
        if len(self.addresses) == MAX_PAGES:
            self.is_full.set()
        return self.opens

    @property
    def base(self) -> str:
        return self.addresses[-1].partition("/#")[0]

    async def exchange(self) -> httpx.Response:
        """What the last address leads to."""
        secret = self.addresses[-1].partition("#")[2]
        async with httpx.AsyncClient(base_url=self.base, trust_env=False, follow_redirects=True) as browser:
            return await browser.post("/session", data={"secret": secret}, headers={"origin": self.base})


@pytest.fixture
async def computer() -> AsyncIterator[Computer]:
    computer = Computer()
    yield computer
    await computer.page.close()
    await computer.questions.store.close()


async def test_an_address_opens_the_question_on_loopback(computer: Computer) -> None:
    approval = await computer.questions.ask()
    assert await computer.page.show(approval) is True
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#[\w-]{43}", computer.addresses[0])
    opened = await computer.exchange()
    assert opened.status_code == 200
    assert "<h1>¿Lo apruebas?</h1>" in opened.text
    assert (await computer.questions.find(approval)).state == "shown"


async def test_one_server_shows_all_questions_each_at_its_own_address(computer: Computer) -> None:
    for _ in range(3):
        await computer.page.show(await computer.questions.ask())
    assert len({address.partition("/#")[0] for address in computer.addresses}) == 1
    assert len(set(computer.addresses)) == 3


async def test_a_page_that_is_open_is_not_opened_again(computer: Computer) -> None:
    approval = await computer.questions.ask()
    for seconds in (0, 10, 19):
        computer.questions.clock.now += seconds
        assert await computer.page.show(approval) is True
    assert len(computer.addresses) == 1
    computer.questions.clock.now += 1
    await computer.page.show(approval)
    assert len(computer.addresses) == 2


@asynccontextmanager
async def show_too_many(computer: Computer, count: int) -> AsyncIterator[list[PendingApproval]]:
    """Show more questions than may be open at once; wait for the others at the end."""
    asked = [await computer.questions.ask() for _ in range(count)]
    async with anyio.create_task_group() as group:
        for one in asked:
            group.start_soon(computer.page.show, one)
        await computer.is_full.wait()
        yield asked


@pytest.mark.parametrize("ends", ["answered", "closed"])
async def test_a_flood_of_questions_is_no_flood_of_pages(
    computer: Computer, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "TURN_SECONDS", 0.001)
    async with show_too_many(computer, MAX_PAGES + 2) as asked:
        # The last one is answered elsewhere: its page has nothing to ask any more.
        await computer.questions.decide(asked[-1])
        if ends == "answered":
            await computer.questions.decide(asked[0])
        else:
            computer.questions.clock.now += OPENING_SECONDS
    assert len(computer.addresses) == MAX_PAGES + 1


async def test_a_page_that_waits_for_its_turn_does_not_open_in_a_pause(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "TURN_SECONDS", 0.001)
    async with show_too_many(computer, MAX_PAGES + 1) as asked:
        computer.paused.add(asked[-1].account)
        await computer.questions.decide(asked[0])
    assert len(computer.addresses) == MAX_PAGES
    await computer.page.show(await computer.questions.ask(account="another"))
    computer.paused.clear()
    await computer.questions.decide(asked[1])
    await computer.page.show(asked[-1])
    assert len(computer.addresses) == MAX_PAGES + 2


async def test_where_no_browser_opens_the_address_is_worthless(computer: Computer) -> None:
    computer.opens = False
    approval = await computer.questions.ask()
    assert await computer.page.show(approval) is False
    assert (await computer.exchange()).status_code == 404
    assert await computer.page.show(approval) is False
    assert len(computer.addresses) == 2
    assert (await computer.questions.find(approval)).state == "created"


async def test_where_no_port_is_free_no_page_is_shown(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "create_server", refuse)
    assert await computer.page.show(await computer.questions.ask()) is False
    assert computer.addresses == []


async def test_no_answer_waits_for_an_acknowledgement(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[socket.socket] = []
    create = socket.create_server

    def note(address: tuple[str, int]) -> socket.socket:
        opened.append(create(address))
        return opened[-1]

    monkeypatch.setattr(socket, "create_server", note)
    await computer.page.show(await computer.questions.ask())
    assert [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in opened] == [1]


async def test_only_loopback_is_served(computer: Computer) -> None:
    await computer.page.show(await computer.questions.ask())
    await computer.exchange()
    assert computer.page._server is not None
    names = {one.getsockname()[0] for server in computer.page._server.servers for one in server.sockets}
    assert names == {"127.0.0.1"}


async def test_the_server_leaves_signals_alone_and_logs_no_address(
    computer: Computer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    await computer.page.show(await computer.questions.ask())
    await computer.exchange()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    secret = computer.addresses[0].partition("#")[2]
    port = computer.base.rpartition(":")[2]
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpcore")]
    ours = [text for text in ours if not text.startswith("HTTP Request:")]  # of the test's own client
    assert [text for text in ours if secret in text or f":{port}" in text] == []


async def test_closing_ends_the_server(computer: Computer) -> None:
    await computer.page.show(await computer.questions.ask())
    await computer.exchange()
    await computer.page.close()
    with pytest.raises(httpx.ConnectError):
        await computer.exchange()
    await computer.page.close()
