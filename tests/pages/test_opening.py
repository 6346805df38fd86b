"""Opening a browser: only where the person sits at this computer, and out of reach of our pipes and keys."""

import sys
from pathlib import Path

import pytest

from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.asking.waiting_words import describe_places
from conekta_mcp.pages import channels
from conekta_mcp.pages.loopback import browser
from conekta_mcp.pages.loopback.browser import can_open_browser, open_in_browser
from conekta_mcp.pages.loopback.page import LoopbackPage
from conekta_mcp.settings.table import Settings
from tests.pages.questions import Questions

pytestmark = pytest.mark.anyio
ADDRESS = "http://127.0.0.1:1/#secret"
SSH = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
ONLY_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="BROWSER names a script with a shebang")


@pytest.mark.parametrize(
    ("environment", "system", "can_open"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({**SSH, "DISPLAY": ":0", "BROWSER": "firefox"}, "linux", False),
        (SSH, "darwin", False),
        (SSH, "win32", False),
    ],
)
def test_a_browser_opens_only_where_the_person_sees_it(
    environment: dict[str, str], system: str, can_open: bool
) -> None:
    assert can_open_browser(environment, system) is can_open


def create_channels(environment: dict[str, str], **settings: object) -> Channels:
    questions = Questions()
    return channels.create_channels(
        Settings(sandbox=True, **settings), lambda: questions.pending, questions.store, environment
    )


def test_a_process_over_stdio_shows_pages_where_a_browser_opens() -> None:
    assert isinstance(create_channels({"BROWSER": "x"}).browser, LoopbackPage)
    assert create_channels(SSH).browser is None


@pytest.mark.parametrize("transport", [("streamable-http",), ("sse",), ("streamable-http", "sse")])
def test_a_process_over_http_opens_no_browser(transport: tuple[str, ...]) -> None:
    assert create_channels({"BROWSER": "x"}, transport=transport).browser is None


def test_people_are_sent_to_the_inbox_behind_the_prefix_of_a_proxy() -> None:
    served = create_channels(SSH, transport=("streamable-http",), root_path="/conekta")
    assert describe_places(["inbox"], "en", served.root_path) == [
        (
            "inbox",
            "In the approvals inbox of this server (/conekta/approvals), by somebody who signs in there.",
        )
    ]


def script(folder: Path, *lines: str) -> dict[str, str]:
    """An environment whose browser is a shell script."""
    file = folder / "browser.sh"
    file.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    file.chmod(0o755)
    return {"BROWSER": str(file), "PATH": "/usr/bin:/bin", "CONEKTA_API_KEY": "key_own"}


@pytest.mark.system
@ONLY_POSIX
async def test_the_browser_gets_the_address_and_neither_our_pipes_nor_our_key(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    note = tmp_path / "note"
    environment = script(
        tmp_path,
        f'printf "%s\\n" "$1" > {note}',
        f"env >> {note}",
        f"cat >> {note}",
        "echo out; echo err >&2",
    )
    assert await open_in_browser(ADDRESS, environment) is True
    noted = note.read_text()
    assert noted.startswith(f"{ADDRESS}\n")
    assert "BROWSER=" in noted
    assert "CONEKTA" not in noted
    assert capfd.readouterr() == ("", "")


@pytest.mark.system
@ONLY_POSIX
async def test_a_browser_that_fails_is_not_open(tmp_path: Path) -> None:
    assert await open_in_browser(ADDRESS, script(tmp_path, "exit 3")) is False


@pytest.mark.system
@ONLY_POSIX
async def test_a_browser_that_runs_until_its_window_is_closed_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "WAIT_SECONDS", 0.5)
    gate = tmp_path / "gate"
    environment = script(tmp_path, f"until [ -e {gate} ]; do sleep 0.05; done")
    assert await open_in_browser(ADDRESS, environment) is True
    gate.touch()


@pytest.mark.system
async def test_without_python_no_browser_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert await open_in_browser(ADDRESS, {}) is False
