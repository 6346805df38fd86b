"""conekta-mcp demo --approve"""

import sys
from pathlib import Path

import pytest

from conekta_mcp.cli.demonstration import approval as demo_approval
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal
from tests.cli.test_approvals import PASSPHRASE
from tests.cli.test_demo import leaving

pytestmark = pytest.mark.system

CLICKING = """
import re, sys, time
from urllib.parse import urlsplit
import httpx

address = urlsplit(sys.argv[1])
origin = f"http://{address.netloc}"
headers = {"Origin": origin}
with httpx.Client(base_url=origin, headers=headers, follow_redirects=True, trust_env=False) as browser:
    page = browser.post("/session", data={"secret": address.fragment})
    while 'data-is="approve"' in page.text:
        time.sleep(0.2)
        csrf = re.search('name="csrf" value="([^"]+)"', page.text)[1]
        page = browser.post(page.url.path, data={"csrf": csrf, "decision": "approve"})
"""
NO_DISPLAY = dict.fromkeys(("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"), "")


@pytest.mark.parametrize(
    ("language", "prompt", "yes", "told"),
    [
        ("es", "Enter solo no hace nada: ", "sí", ("La persona dijo que sí", "Llega el pago", "Listo.")),
        ("en", "Enter alone does nothing: ", "yes", ("The person said yes", "The payment arrives", "Done.")),
    ],
)
def test_a_yes_at_the_terminal_bills_and_goes_on(
    language: str, prompt: str, yes: str, told: tuple[str, ...]
) -> None:
    with at_terminal("demo", "--approve", "--language", language, **NO_DISPLAY) as person:
        asked = person.read_until(prompt)
        person.type(f"{yes}\n")
        assert person.end() == 0
    assert "MXN 500.00" in asked
    assert "«Ana Ruiz»" in asked
    places = [person.screen.index(one) for one in told]
    assert places == sorted(places)
    assert {"es": "· pagada ·", "en": "· paid ·"}[language] in person.screen
    assert "┌─ " in person.screen.partition(told[-1])[2]


def test_ctrl_c_ends_it_as_it_ends_every_command() -> None:
    with at_terminal("demo", "--approve", "--language", "en", **NO_DISPLAY) as person:
        person.read_until("Enter alone does nothing: ")
        person.type("\x03")
        assert person.end() == 130


def test_a_no_bills_nothing() -> None:
    with at_terminal("demo", "--approve", "--language", "en", **NO_DISPLAY) as person:
        person.read_until("Enter alone does nothing: ")
        person.type("no\n")
        assert person.end() == 0
    assert "The person said no: nothing was billed" in person.screen
    assert "· paid ·" not in person.screen


def test_whoever_takes_their_time_sees_how_the_call_is_repeated() -> None:
    with at_terminal("demo", "--approve", "--language", "en", **NO_DISPLAY) as person:
        person.read_until("The call answered consent_pending: nothing was done.")
        command = person.read_until("demo.sqlite3").rpartition("conekta-mcp approvals watch")[2]
        assert command.startswith(" --sandbox --state ")
        state = command.split()[-1]
        with at_terminal("approvals", "watch", "--sandbox", "--state", state, "--language", "en") as other:
            other.read_until("Enter alone does nothing: ")
            other.type("yes\n")
            other.read_until("Approved.")
        assert person.end() == 0
    assert "The person said yes" in person.screen


@pytest.mark.parametrize(
    ("language", "told"),
    [("es", "Aquí nadie puede responder"), ("en", "conekta-mcp demo --approve on a terminal, and type yes")],
)
def test_without_display_and_terminal_it_says_what_to_do(
    language: str, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_approval, "WAIT_SECONDS", 0)
    said = run("demo", "--approve", "--language", language, **NO_DISPLAY, CONEKTA_API_KEY="key_REAL")
    assert said.code == 1
    assert told in said.out.splitlines()[-1]
    assert "conekta-mcp approvals watch --sandbox --state " in said.out
    assert PASSPHRASE not in said.out


def test_a_page_is_opened_where_a_browser_is_and_a_click_goes_on(run: Run, tmp_path: Path) -> None:
    """The browser is a program that answers the page as the page's own script and its button do."""
    browser = tmp_path / "browser"
    browser.write_text(f"#!{sys.executable}\n{CLICKING}", encoding="utf-8")
    browser.chmod(0o700)
    environment = {**NO_DISPLAY, "BROWSER": str(browser), "SSH_CONNECTION": ""}
    said = run("demo", "--approve", "--language", "en", **environment)
    assert (said.code, "Done. No money moved.\n" in said.out) == (0, True)
    assert "#" not in said.out
    assert "127.0.0.1" not in said.out


def test_a_server_that_leaves_at_once_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        demo_approval, "StdioServerParameters", lambda **given: leaving(given["command"], given["args"])
    )
    said = run("demo", "--approve", "--language", "en")
    assert said.code == 1
    assert said.out.splitlines()[-1].startswith("The server did not answer: ")
    assert "Group" not in said.out.splitlines()[-1]
