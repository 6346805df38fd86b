"""Programs that tests run for real, from Debian's packages."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock

INSTALL_SECONDS = 300
APT = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # no questions, and no service of it


ASIDE = "/usr/lib/podman"
"""Where Debian puts what only podman starts, out of the path."""


def find_or_install(program: str, package: str | None = None) -> str:
    """Return the path of a program; root of a Debian machine installs it, one worker for all.

    The package has the name of the program, if no other one is given.

    Raises:
        LookupError: there is none, and it cannot be installed; the text says why.
    """
    if found := _find(program):
        return found
    user = getattr(os, "getuid", lambda: None)()  # Windows has no such number
    if user != 0 or not shutil.which("apt-get"):
        raise LookupError(f"{program} is not installed, and only root of a Debian machine installs it here")
    # One lock for all programs: apt-get update fails where another one is at work.
    with FileLock(Path(tempfile.gettempdir()) / f"conekta-mcp-install-{user}.lock"):
        return _find(program) or _install(program, package or program)


def _find(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path=ASIDE)


def _install(program: str, package: str) -> str:
    for words in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        command = ["apt-get", "-o", "DPkg::Lock::Timeout=120", *words]
        try:
            subprocess.run(
                command, env={**os.environ, **APT}, check=True, capture_output=True, timeout=INSTALL_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as cause:
            said = (getattr(cause, "stderr", None) or b"").decode(errors="replace").strip()
            raise LookupError(f"apt-get {words[0]} of {program} failed: {said[-300:] or cause}") from cause
    found = _find(program)
    if found is None:
        raise LookupError(f"apt-get installed {program}, but it is not on the path")
    return found
