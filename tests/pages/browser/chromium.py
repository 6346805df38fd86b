"""A real Chromium for tests: found, or installed by root of a Debian machine, one worker for all."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALL_SECONDS = 600
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
APT = {"DEBIAN_FRONTEND": "noninteractive"}  # no questions


def find_or_install_chromium() -> str:
    """Return the path of Chromium.

    Raises:
        LookupError: there is none, and it cannot be installed; the text says why.
    """
    lock = Path(tempfile.gettempdir()) / f"conekta-mcp-chromium-install-{os.getuid()}.lock"
    if found := shutil.which("chromium"):
        return found
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise LookupError("chromium is not installed, and only root of a Debian machine installs it here")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        return shutil.which("chromium") or _install()


def _install() -> str:
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        command = ["apt-get", "-o", "DPkg::Lock::Timeout=120", *words]
        try:
            subprocess.run(
                command, env={**os.environ, **APT}, check=True, capture_output=True, timeout=INSTALL_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as cause:
            said = (getattr(cause, "stderr", None) or b"").decode(errors="replace").strip()
            raise LookupError(f"apt-get {words[0]} of chromium failed: {said[-300:] or cause}") from cause
    found = shutil.which("chromium")
    if found is None:
        raise LookupError("apt-get installed chromium, but it is not on the path")
    return found
