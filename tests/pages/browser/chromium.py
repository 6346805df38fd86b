"""A real Chromium for tests, and how it is started."""

from tests.debian_packages import find_or_install

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


def find_or_install_chromium() -> str:
    """Return the path of Chromium.

    Raises:
        LookupError: there is none, and it cannot be installed; the text says why.
    """
    return find_or_install("chromium")
