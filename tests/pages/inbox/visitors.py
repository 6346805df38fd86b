"""People in front of the inbox of a server in this process, with a browser's cookies and headers."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import httpx2
from argon2 import PasswordHasher

from conekta_mcp.app import App
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.approvers.approver import Approver, StoredApprovers
from conekta_mcp.settings import Settings
from tests.pages.questions import DRAFT
from tests.storage.fixtures import MovableClock

HERE = "http://127.0.0.1:8000"
PASSPHRASE = "a long passphrase of ana"
CSRF = re.compile(r'name="csrf" value="([^"]*)"')


@cache
def hash_once(passphrase: str = PASSPHRASE) -> str:
    """A hash that takes a moment to check, unlike those that the server makes."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(passphrase)


@dataclass
class Visitor:
    """One browser."""

    http: httpx2.AsyncClient
    page: str = ""
    """The text of the page that it was shown last."""

    @property
    def origin(self) -> str:
        return str(self.http.base_url).rstrip("/")

    async def get(self, path: str = "/approvals", **headers: str) -> httpx2.Response:
        answer = await self.http.get(path, headers=_spell(headers))
        self.page = html.unescape(answer.text)
        return answer

    async def post(
        self, path: str, form: dict[str, str] | None = None, *, csrf: str | None = None, **headers: str
    ) -> httpx2.Response:
        """Send a form with the token of the page that is shown, unless another one is given."""
        token = CSRF.search(self.page)
        fields = {"csrf": csrf if csrf is not None else token[1] if token else "", **(form or {})}
        sent = {"Origin": "null", "Sec-Fetch-Site": "same-origin", **_spell(headers)}
        answer = await self.http.post(
            path, data=fields, headers={name: text for name, text in sent.items() if text}
        )
        if answer.text:
            self.page = html.unescape(answer.text)
        return answer

    async def sign_in(self, name: str = "ana", passphrase: str = PASSPHRASE, **more: str) -> httpx2.Response:
        await self.get("/approvals/sign-in")
        return await self.post("/approvals/sign-in", {"name": name, "passphrase": passphrase}, **more)

    async def decide(self, approval: PendingApproval, decision: str, **more: Any) -> httpx2.Response:
        return await self.post(f"/approvals/{approval.id}", {"decision": decision}, **more)

    def get_cookie(self) -> str:
        [cookie] = list(self.http.cookies.jar)
        assert cookie.value
        return cookie.value


def _spell(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}


@dataclass
class Office:
    """One server, its approvers and its questions."""

    app: App
    clock: MovableClock
    stack: AsyncExitStack
    asgi: Any
    made: int = field(default=0)

    @property
    def approvers(self) -> StoredApprovers:
        return StoredApprovers(self.app.store)

    async def add(self, name: str = "ana", **more: Any) -> Approver:
        added = Approver(name=name, passphrase_hash=hash_once(), created_at=self.clock(), **more)
        assert await self.approvers.replace(None, added)
        return added

    async def ask(self, **more: Any) -> PendingApproval:
        self.made += 1
        draft = replace(
            DRAFT,
            id=f"{self.made:024x}",
            call=f"call-{self.made}",
            created_at=self.clock(),
            **{"expires_at": self.clock() + 900, **more},
        )
        return await self.app.consent.pending.create(draft)

    async def find(self, approval: PendingApproval) -> PendingApproval:
        found = await self.app.consent.pending.find(approval.id)
        assert found is not None
        return found

    async def visit(self, base_url: str = HERE, address: str = "127.0.0.1") -> Visitor:
        """Return a browser of its own."""
        transport = httpx2.ASGITransport(self.asgi, client=(address, 5000))
        http = await self.stack.enter_async_context(
            httpx2.AsyncClient(transport=transport, base_url=base_url)
        )
        return Visitor(http)

    async def visit_signed_in(self, name: str = "ana", **more: str) -> Visitor:
        visitor = await self.visit(**more)
        answer = await visitor.sign_in(name)
        assert answer.status_code == 303, answer.text
        return visitor


@asynccontextmanager
async def open_office(
    store: str, clock: MovableClock, *, transport: Any = None, **settings: Any
) -> AsyncIterator[Office]:
    """Serve over HTTP without a socket; several offices on one store are replicas."""
    chosen = Settings(**{"transport": ("streamable-http",), "sandbox": True, "store": store, **settings})
    app = App(chosen, transport, clock=clock)
    asgi = app.create_http_app()
    async with AsyncExitStack() as stack:
        yield Office(app, clock, stack, asgi)
    await app.close()
