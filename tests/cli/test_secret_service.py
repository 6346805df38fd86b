"""conekta-mcp login with a real Secret Service: gnome-keyring on a D-Bus of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conekta_mcp.sandbox.running import RunningSandbox
from tests.debian_packages import find_or_install
from tests.journeys.processes import COMMAND, child_environment

pytestmark = pytest.mark.system

KEY = "key_SECRETabc123"
PATIENCE_SECONDS = 180
PERSON = """
import json, subprocess, sys
daemon = subprocess.Popen(
    [sys.argv[1], "--unlock", "--foreground", "--components=secrets"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
)
try:
    daemon.stdin.write(b"passphrase")
    daemon.stdin.close()
    daemon.stdout.readline()  # written once it serves
    for words, given in json.loads(sys.argv[2]):
        done = subprocess.run(words, input=given, capture_output=True, text=True)
        print(json.dumps([done.returncode, done.stdout, done.stderr]), flush=True)
finally:
    daemon.terminate()
    daemon.wait()
"""


@pytest.fixture(scope="module")
def programs() -> tuple[str, str]:
    return (
        find_or_install("dbus-run-session", "dbus-daemon"),
        find_or_install("gnome-keyring-daemon", "gnome-keyring"),
    )


def test_a_key_is_kept_found_and_removed_by_the_systems_secret_service(
    programs: tuple[str, str], conekta: RunningSandbox, tmp_path: Path
) -> None:
    session, daemon = programs
    folders = {name: str(tmp_path / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    steps = [
        ([*COMMAND, "login", "--key-stdin", "--language", "en"], KEY),
        ([*COMMAND, "whoami", "--json"], ""),
        ([*COMMAND, "logout", "--language", "en"], ""),
        ([*COMMAND, "whoami", "--language", "en"], ""),
    ]
    done = subprocess.run(
        [session, "--", sys.executable, "-c", PERSON, daemon, json.dumps(steps)],
        env=child_environment(**folders, XDG_RUNTIME_DIR=str(runtime), CONEKTA_BASE_URL=conekta.url),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [code for code, _, _ in told] == [0, 0, 0, 1], done.stdout + done.stderr
    assert "The key of profile default is in the system keyring.\n" in told[0][1]
    assert json.loads(told[1][1])["key_in"] == "the system keyring (conekta-mcp login, profile default)"
    assert told[2][1].startswith("The key of profile default is no longer in the system keyring.\n")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "login.keyring" for file in files)
    assert [file for file in files if b"SECRET" in file.read_bytes()] == []
