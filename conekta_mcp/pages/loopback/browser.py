"""Opens an address in the browser of the person at this computer, if there is one."""

import subprocess
import sys
from collections.abc import Mapping

import anyio.to_thread

WAIT_SECONDS = 5.0
"""A browser that has not failed by then is open; some commands end only with their window."""
HANG_SECONDS = 60.0
OPEN = """
import sys, threading, webbrowser
opened = []
address = sys.stdin.readline().strip()
opening = threading.Thread(target=lambda: opened.append(webbrowser.open(address)), daemon=True)
opening.start()
opening.join(float(sys.argv[1]))
sys.exit(0 if opening.is_alive() or opened == [True] else 1)
"""


def can_open_browser(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Tell whether a browser opened here is visible to the person."""
    if environment.get("SSH_CONNECTION"):  # the person sits at another computer
        return False
    if system in {"win32", "darwin"}:
        return True
    # Without a display webbrowser would start a browser that writes to a terminal.
    return any(environment.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


async def open_in_browser(address: str, environment: Mapping[str, str]) -> bool:
    """Open an address; return False if webbrowser finds no browser, or it fails at once."""
    return await anyio.to_thread.run_sync(_open, address, environment, abandon_on_cancel=True)


def _open(address: str, environment: Mapping[str, str]) -> bool:
    # In a process of its own: what a browser prints reaches neither our stdout, which is the protocol's, nor
    # our log; it cannot read our stdin, and gets no key of ours. The address comes by stdin, not by argument.
    own = {name: value for name, value in environment.items() if not name.startswith("CONEKTA_")}
    try:
        done = subprocess.run(  # noqa: S603 - our own Python runs a constant
            [sys.executable, "-I", "-c", OPEN, str(WAIT_SECONDS)],
            input=f"{address}\n".encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=own,
            start_new_session=True,
            timeout=HANG_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
