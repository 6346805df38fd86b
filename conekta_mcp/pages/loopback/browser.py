"""Opens an address in the browser of the person at this computer, if there is one."""

import subprocess
import sys
from collections.abc import Mapping

import anyio.to_thread

WAIT_SECONDS = 5.0
"""A browser that has not failed by then is open: some commands end only with their window."""
OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.stdin.readline().strip()))"


def can_open_browser(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Return whether a browser that opens here is one that the person sees."""
    if environment.get("SSH_CONNECTION"):  # the person sits at another computer
        return False
    if system in {"win32", "darwin"}:
        return True
    # Without a display webbrowser would start a browser that writes to a terminal.
    return any(environment.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


async def open_in_browser(address: str, environment: Mapping[str, str]) -> bool:
    """Open an address; return False where webbrowser finds no browser or the browser fails at once."""
    return await anyio.to_thread.run_sync(_open, address, environment, abandon_on_cancel=True)


def _open(address: str, environment: Mapping[str, str]) -> bool:
    # In a process of its own: what a browser prints reaches neither our stdout, which is the protocol's, nor
    # our log; it cannot read our stdin, and gets no key of ours. The address comes by stdin, not by argument.
    own = {name: value for name, value in environment.items() if not name.startswith("CONEKTA_")}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own Python runs a constant
            [sys.executable, "-I", "-c", OPEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=own,
            start_new_session=True,
        )
        process.communicate(f"{address}\n".encode(), timeout=WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
    return process.returncode == 0
