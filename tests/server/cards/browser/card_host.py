"""A host of cards in a real browser, in front of a client of the real server."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.types import CallToolResult
from playwright.async_api import Frame, Page

from tests.installed_once import NPM_INSTALL, install_once, run_to_install

HERE = Path(__file__).parent / "host"
PATIENCE_SECONDS = 60
VERSIONS = ("1", "2")
"""Of ext-apps: 1.7.5, and 2.0.4."""


def install_project() -> Path:
    """Return the folder with the host's packages and bundles: made once, for all workers.

    Raises:
        LookupError: there is no npm.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise LookupError("node and npm are not installed")

    def install(place: Path) -> None:
        for file in files:
            shutil.copy(file, place)
        run_to_install(place, *NPM_INSTALL, "--legacy-peer-deps")
        for version in VERSIONS:
            bundle = [f"--alias:apps=apps-{version}", f"--outfile=host-{version}.js"]
            esbuild = str(place / "node_modules" / ".bin" / "esbuild")
            run_to_install(
                place, esbuild, "host.mjs", "--bundle", "--format=iife", "--log-level=warning", *bundle
            )

    files = [HERE / name for name in ("package.json", "host.mjs")]
    return install_once("card-host", "".join(file.read_text(encoding="utf-8") for file in files), install)


@dataclass(frozen=True)
class HostPages:
    """Where the host's page is, and the sandbox, on two origins of this machine."""

    host: str
    sandbox: str


@contextmanager
def serve_host(project: Path, version: str) -> Iterator[HostPages]:
    """Serve the page of a host and that of its sandbox."""
    script = (project / f"host-{version}.js").read_bytes()
    pages = {
        "/": ("text/html", (HERE / "host.html").read_bytes()),
        "/sandbox": ("text/html", (HERE / "sandbox.html").read_bytes()),
        "/host.js": ("text/javascript", script),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    port = server.server_address[1]
    try:
        yield HostPages(f"http://127.0.0.1:{port}/", f"http://localhost:{port}/sandbox")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class CardHost:
    """One page of a chat client: it draws cards of a server's answers and forwards what buttons call."""

    page: Page
    pages: HostPages
    client: Client
    calls: list[str] = field(default_factory=list)
    """The tools that cards called."""
    informed: list[str] = field(default_factory=list)
    """What cards told the model."""
    news: anyio.Event = field(default_factory=anyio.Event)
    problems: list[str] = field(default_factory=list)
    """What the browser complained of: a script that failed, something that the card's policy forbids."""
    is_cut_off: bool = False
    """Whether calls of cards fail, as where a host forwards none."""
    lost: list[str] = field(default_factory=list)
    """The tools that cards called then."""

    async def start(self) -> None:
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda said: self.problems.append(said.text) if said.type == "error" else None
        )
        await self.page.expose_function("callTool", self._call)
        await self.page.expose_function("inform", self._inform)
        await self.page.goto(self.pages.host)

    async def draw(
        self,
        tool: str,
        result: CallToolResult,
        arguments: dict[str, Any] | None = None,
        *,
        width: int = 500,
        takes_context: bool = True,
        **context: Any,
    ) -> Frame:
        """Draw the card that `tool` is bound to with an answer of it; return the frame of the card."""
        tools = {one.name: one for one in (await self.client.list_tools()).tools}
        address = (tools[tool].meta or {})["ui"]["resourceUri"]
        return await self.draw_card(
            address, result, arguments, width=width, takes_context=takes_context, **context
        )

    async def draw_card(
        self,
        address: str,
        result: CallToolResult,
        arguments: dict[str, Any] | None = None,
        *,
        width: int = 500,
        takes_context: bool = True,
        **context: Any,
    ) -> Frame:
        [read] = (await self.client.read_resource(address)).contents
        given = {
            "html": read.text,  # type: ignore[union-attr]  # a text, as cards are
            "input": arguments or {},
            "result": result.model_dump(mode="json", by_alias=True, exclude_none=True),
            "context": {"locale": "es-MX", "theme": "light", "timeZone": "America/Mexico_City", **context},
            "sandbox": self.pages.sandbox,
            "width": width,
            "takesContext": takes_context,
        }
        await self.page.evaluate("(given) => openCard(given)", given)
        outer_box = await self.page.wait_for_selector("iframe")
        outer = await outer_box.content_frame() if outer_box else None
        assert outer is not None
        inner_box = await outer.wait_for_selector("iframe")
        inner = await inner_box.content_frame() if inner_box else None
        assert inner is not None
        await inner.wait_for_selector("h1", state="attached")
        if not self.is_cut_off:  # a slow machine shows the question before its state is known
            await inner.wait_for_selector(".unconfirmed", state="detached")
        return inner

    async def read_news(self, count: int) -> list[str]:
        """Return what cards told the model, once it is `count` texts: they come after what is drawn."""
        with anyio.fail_after(PATIENCE_SECONDS):
            while len(self.informed) < count:
                self.news = anyio.Event()
                await self.news.wait()
        return self.informed

    async def change_context(self, **context: Any) -> None:
        await self.page.evaluate("(changed) => changeContext(changed)", context)

    async def _call(self, params: dict[str, Any]) -> dict[str, Any]:
        if self.is_cut_off:
            self.lost.append(params["name"])
            raise ConnectionError("the host forwards nothing")
        name, given = params["name"], params.get("arguments") or {}
        tool = next(one for one in (await self.client.list_tools()).tools if one.name == name)
        visibility = ((tool.meta or {}).get("ui") or {}).get("visibility", ["model", "app"])
        assert "app" in visibility, f"a host refuses {name} to cards"
        self.calls.append(name)
        result = await self.client.call_tool(name, given)
        shown: dict[str, Any] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        return shown

    def _inform(self, params: dict[str, Any]) -> None:
        self.informed += [block["text"] for block in params["content"]]
        self.news.set()


async def find_violations(frame: Frame) -> list[str]:
    """Return what axe finds in a card in which its source was evaluated: the policy lets no script in."""
    found = await frame.evaluate("async () => (await axe.run(document)).violations")
    return [f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])}" for one in found]


async def is_too_wide(frame: Frame) -> bool:
    wide: bool = await frame.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return wide
