"""conekta-mcp serve"""

import gc
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from mcp import StdioServerParameters

from conekta_mcp.app import App
from conekta_mcp.cli.approving.inbox_state import describe_missing_approvers
from conekta_mcp.cli.commands import serve
from conekta_mcp.settings import Settings
from tests.cli.conftest import Run
from tests.journeys.clients import answer, over_http, over_stdio
from tests.journeys.processes import child_environment, cold_listening, finished
from tests.tables import rows_of

WRONG = [
    (("--transport", "websocket"), "--transport: expected one of stdio, sse, streamable-http"),
    (
        ("--transport", "stdio,sse"),
        "--transport: expected stdio, or sse and streamable-http separated by a comma",
    ),
    (("--port", "99999"), "--port: expected 0-65535"),
    (("--port", "http"), "--port: expected a number"),
    (
        ("--base-url", "http://conekta.example.com"),
        "--base-url: expected https://, or http:// on localhost only",
    ),
    (("--timeout", "0"), "--timeout: expected seconds, more than 0 and at most 300"),
    (("--language", "fr"), "--language: expected one of es, en"),
    (
        ("--api-version", "1.0.0"),
        "--api-version: expected one of 2.0.0, 2.1.0, 2.2.0, 2.3.0; did you mean 2.0.0?",
    ),
    (("--child-company-id", "x"), "--child-company-id: expected 24 hexadecimal digits"),
    (("--log-level", "LOUD"), "--log-level: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
]


@pytest.fixture(autouse=True)
def unfrozen_collector() -> Iterator[None]:
    """Serving freezes what was imported; here that process goes on."""
    yield
    gc.unfreeze()


@pytest.mark.parametrize(
    ("words", "said"), WRONG, ids=lambda value: value[0] if isinstance(value, tuple) else ""
)
def test_a_wrong_setting_ends_with_2_and_says_what_was_expected(
    words: tuple[str, ...], said: str, run: Run
) -> None:
    for command in (("serve", *words), words):
        ended = run(*command)
        assert (ended.code, ended.out, ended.err) == (2, "", f"conekta-mcp: {said}\n")


def test_a_wrong_variable_is_named(run: Run) -> None:
    ended = run("serve", CONEKTA_MCP_PORT="many")
    assert (ended.code, ended.err) == (2, "conekta-mcp: CONEKTA_MCP_PORT: expected a number\n")


@pytest.mark.system
@pytest.mark.anyio
async def test_without_a_command_it_serves_over_stdio() -> None:
    words = ["-m", "conekta_mcp", "--sandbox"]
    server = StdioServerParameters(command=sys.executable, args=words, env=child_environment())
    with anyio.fail_after(120):
        async with over_stdio(server) as client:
            assert rows_of(await answer(client, "list_customers", {})) == []


@pytest.mark.system
def test_it_ends_with_0_when_the_client_leaves() -> None:
    ended = finished("serve", "--sandbox", stdin="")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.system
@pytest.mark.anyio
@pytest.mark.parametrize(
    "words",
    [("--transport", "sse,streamable-http"), ("--transport", "sse", "--transport", "streamable-http")],
)
async def test_two_transports_can_be_asked_for_with_a_comma_or_one_by_one(words: tuple[str, ...]) -> None:
    with anyio.fail_after(120), cold_listening("serve", "--sandbox", *words, ready="/healthz") as server:
        for transport in ("sse", "streamable-http"):
            async with over_http(server.url, transport, "key_a") as client:
                assert rows_of(await answer(client, "list_customers", {})) == []
        assert server.said() == f"conekta-mcp: {server.url}/sse and {server.url}/mcp\n"


NOBODY = {
    "es": (
        "conekta-mcp: no hay aprobadores: nadie puede aprobar en /approvals, y lo que tenga que aprobar una "
        "persona se niega si su cliente no puede preguntarle. Agrega uno: conekta-mcp approvers add NOMBRE\n"
    ),
    "en": (
        "conekta-mcp: there are no approvers: nobody can approve at /approvals, and what a person has to "
        "approve is refused if their client cannot ask. Add one: conekta-mcp approvers add NAME\n"
    ),
}


@pytest.mark.system
@pytest.mark.parametrize("language", NOBODY)
def test_over_http_it_says_where_a_person_is_asked_and_nobody_could_approve(
    language: str, tmp_path: Path
) -> None:
    words = ["serve", "--sandbox", "--transport", "streamable-http", "--confirm", "money"]
    words += ["--language", language, "--approvers", str(tmp_path / "approvers.json")]
    with cold_listening(*words, ready="/healthz") as server:
        assert server.said() == f"conekta-mcp: {server.url}/mcp\n{NOBODY[language]}"


def test_it_says_nothing_of_approvers_where_there_are_some_or_nobody_is_asked(
    run: Run, tmp_path: Path
) -> None:
    file = str(tmp_path / "approvers.json")
    kept: dict[str, Any] = {"sandbox": True, "store": "memory", "transport": ("sse",), "approvers": file}
    rule = '[[rule]]\nname = "refunds"\neffect = "confirm"\ntools = ["refund_order"]\n'
    (tmp_path / "policy.toml").write_text(rule)
    asking = {"confirm": "money"}

    def describe(**settings: Any) -> str | None:
        async def describe_and_close() -> str | None:
            app = App(Settings(**{**kept, **settings}))
            try:
                return await describe_missing_approvers(app)
            finally:
                await app.close()

        return anyio.run(describe_and_close)

    assert describe() is None
    assert describe(**asking) == NOBODY["es"].removeprefix("conekta-mcp: ").strip()
    assert describe(policy=str(tmp_path / "policy.toml")) is not None
    assert describe(sandbox=False) is not None, "in live mode money is asked about"
    assert describe(**asking, approval_channels=("terminal",)) is None
    run("approvers", "add", "ana", "--generate", "--approvers", file)
    assert describe(**asking) is None
    run("approvers", "disable", "ana", "--approvers", file)
    assert describe(**asking) is not None
    Path(file).chmod(0o640)
    assert describe(**asking) == "--approvers: otros pueden leer o escribir el archivo; hazle chmod 600"
    assert describe(**asking, language="en") == "--approvers: others may read or write the file; chmod 600 it"
    (tmp_path / "damaged").write_text("no database")
    assert describe(**asking, approvers="store", store=str(tmp_path / "damaged")) is None


@pytest.mark.system
def test_over_http_it_can_be_started_again_on_what_it_kept(tmp_path: Path) -> None:
    flags = (
        "serve",
        "--transport",
        "streamable-http",
        "--sandbox",
        "--state",
        str(tmp_path / "shop.sqlite3"),
    )
    person = {"name": "Ana", "email": "ana@example.com", "phone": "+525555555555"}

    async def both() -> list[str]:
        with cold_listening(*flags, ready="/healthz") as server:
            async with over_http(server.url, "streamable-http", "key_a") as client:
                await answer(client, "create_customer", person)
        with cold_listening(*flags, ready="/healthz") as server:
            async with over_http(server.url, "streamable-http", "key_a") as client:
                return [row["name"] for row in rows_of(await answer(client, "list_customers", {}))]

    assert anyio.run(both) == ["Ana"]


@pytest.mark.system
def test_a_port_that_is_taken_ends_it_with_a_line_and_no_traceback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = finished("serve", "--transport", "sse", "--sandbox", "--port", port)
    told = f"cannot listen on 127.0.0.1:{port}: it is in use; choose another one, or 0 for one that is free"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"conekta-mcp: --port: {told}\n")


def test_the_port_that_was_free_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ports: list[int] = []

    async def served(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        ports.extend(one.getsockname()[1] for one in sockets)

    monkeypatch.setattr(uvicorn.Server, "serve", served)
    ended = run("serve", "--transport", "sse", "--sandbox", "--port", "0", "--approval-channels", "client")
    assert ports[0] != 0
    assert (ended.code, ended.err) == (0, f"conekta-mcp: http://127.0.0.1:{ports[0]}/sse\n")


def test_an_address_of_another_machine_ends_it_with_a_line(run: Run) -> None:
    words = ("serve", "--transport", "sse", "--sandbox", "--allowed-host", "x", "--host")
    ended = run(*words, "192.0.2.3")
    told = "--port: cannot listen on 192.0.2.3:8000: this machine does not have that address"
    assert (ended.code, ended.err) == (1, f"conekta-mcp: {told}\n")
    ended = run(*words, "no host")
    assert (ended.code, ended.err) == (1, "conekta-mcp: --host no host: no address of that name\n")


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one child process")
def test_an_interrupt_ends_it_in_good_order() -> None:
    with cold_listening("serve", "--transport", "sse", "--sandbox", ready="/healthz") as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) in {0, 130}
        assert "Traceback" not in server.said()


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a child process without a signal")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_replicas_with_other_secrets_run_one_after_the_other_and_not_at_once(
    stop: signal.Signals, run: Run, tmp_path: Path
) -> None:
    store = str(tmp_path / "safety.sqlite3")
    words = ("serve", "--transport", "streamable-http", "--store", store)
    with cold_listening(*words, ready="/healthz", CONEKTA_MCP_APPROVAL_SECRETS="s" * 32) as first:
        other = run(*words, "--port", "0", CONEKTA_MCP_APPROVAL_SECRETS="t" * 32)
        assert (other.code, "runs with other secrets" in other.err) == (2, True)
        both = ",".join(("t" * 32, "s" * 32))
        with cold_listening(*words, ready="/healthz", CONEKTA_MCP_APPROVAL_SECRETS=both):
            pass
        first.process.send_signal(stop)
        first.process.wait(60)
        assert "Traceback" not in first.said()
    with cold_listening(*words, ready="/healthz", CONEKTA_MCP_APPROVAL_SECRETS="t" * 32):
        pass


@pytest.mark.parametrize("transport", ["stdio", "sse"])
def test_an_interrupt_is_no_traceback(transport: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(App, "serve_stdio", interrupted)
    monkeypatch.setattr(uvicorn.Server, "serve", interrupted)
    ended = run(
        "serve", "--sandbox", "--transport", transport, *(("--port", "0") if transport == "sse" else ())
    )
    assert (ended.code, ended.out) == (130, "")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        (("--host", "0.0.0.0"), True),  # noqa: S104 - closed at once
        (("--host", "0.0.0.0", "--allowed-host", "mcp.example.com"), False),  # noqa: S104
        (("--host", "127.0.0.1"), False),
    ],
)
def test_a_bind_that_no_client_can_name_is_warned_of(
    words: tuple[str, ...], warned: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def served(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        assert sockets

    monkeypatch.setattr(uvicorn.Server, "serve", served)
    ended = run("serve", "--transport", "sse", "--sandbox", "--port", "0", *words)
    assert ended.code == 0
    assert ("name the hosts that clients use with --allowed-host" in ended.err) == warned


def test_the_addresses_are_those_of_the_transports() -> None:
    settings = Settings(transport=("sse", "streamable-http"), host="::1", port=0)
    assert serve.list_addresses(settings, 8080) == ["http://[::1]:8080/sse", "http://[::1]:8080/mcp"]
