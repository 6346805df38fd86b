"""The address of a page opens it for the user of the server only: others can see it among the processes."""

import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conekta_mcp.pages.loopback import peers
from conekta_mcp.pages.loopback.peers import list_peer_users
from tests.pages.questions import Questions
from tests.pages.test_loopback_app import PORT, Site, read_title

pytestmark = pytest.mark.anyio
BROWSER_PORT = 123
"""That of a client of ASGITransport."""
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   0: {near} {far} 01 00000000:00000000 00:00000000 00000000  {user}        0 99 1 0 20 4 30 10 -1\n"
HERE, HERE_AS_IPV6 = "0100007F", "0000000000000000FFFF00000100007F"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site(questions=Questions())
    yield site
    for browser in site.browsers:
        await browser.aclose()
    await site.questions.store.close()


def list_connection(folder: Path, user: int, address: str = HERE, port: int = BROWSER_PORT) -> Path:
    """Write the table of a system where `user` holds a connection to the page, and others hold others."""
    near, far = f"{address}:{port:04X}", f"{address}:{PORT:04X}"
    rows = [
        ROW.format(near=near, far=far, user=user),
        ROW.format(near=far, far=near, user=4_242),  # the server's end of it
        ROW.format(near=near, far=f"{address}:0009", user=4_243),
    ]
    table = folder / "tcp"
    table.write_text(HEAD + "".join(rows), encoding="ascii")
    return table


@pytest.mark.parametrize("address", [HERE, HERE_AS_IPV6])
async def test_an_address_that_another_user_saw_opens_nothing_for_them_and_still_for_the_person(
    site: Site, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1_000, raising=False)
    monkeypatch.setattr(peers, "TABLES", [tmp_path / "none", list_connection(tmp_path, 1_001, address)])
    secret = site.secret(await site.questions.ask())
    refused = await site.browser().post("/session", data={"secret": secret})
    assert (refused.status_code, read_title(refused)) == (403, "Esta respuesta no se aceptó")
    assert "set-cookie" not in refused.headers
    list_connection(tmp_path, 1_000, address)
    assert (await site.browser().post("/session", data={"secret": secret})).status_code == 303


@pytest.mark.parametrize(("user", "port"), [(0, BROWSER_PORT), (1_001, BROWSER_PORT + 1)])
async def test_root_and_what_the_system_does_not_list_may_open_it(
    site: Site, user: int, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1_000, raising=False)
    monkeypatch.setattr(peers, "TABLES", [list_connection(tmp_path, user, port=port)])
    secret = site.secret(await site.questions.ask())
    assert (await site.browser().post("/session", data={"secret": secret})).status_code == 303


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists connections with their users")
@pytest.mark.parametrize(
    ("family", "target"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")]
)
def test_linux_tells_whose_a_connection_is(family: socket.AddressFamily, target: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(family) as client:
        port = server.getsockname()[1]
        client.connect((target, port))
        assert list_peer_users(client.getsockname()[1], port) == {os.getuid()}
