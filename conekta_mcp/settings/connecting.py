"""Parses settings about connections: addresses, certificates, hosts, origins, the path prefix of a proxy."""

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from conekta_mcp.settings.parsing import parse_names

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_PORTS = {"https": 443, "http": 80}
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#*]+/?", re.IGNORECASE)
HOST = re.compile(r"(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
ANY_PORT = ":*"
"""The suffix for "any port" in the SDK's settings."""
ROOT_PATH = re.compile("(?:/[A-Za-z0-9._~-]+)+")


def split_address(text: str, expected: str = "expected an address") -> SplitResult:
    """Split an address; raise ValueError for what is none, such as one with a port that cannot be."""
    try:
        parts = urlsplit(text.strip())
        if parts.port == 0 or re.search(r"\s", text.strip()):
            raise ValueError
    except ValueError:
        raise ValueError(expected) from None
    return parts


def split_secure_address(text: str, expected: str = "expected an address") -> SplitResult:
    """Split an address of https, or of http on this machine."""
    parts = split_address(text, expected)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("expected https://, or http:// on localhost only")
    return parts


def parse_address(text: str) -> str:
    """Read the address of Conekta's API: https, or http on this machine.

    However it is spelled, one address has one spelling here: accounts and counters go by it.
    """
    parts = split_secure_address(text, "expected scheme, host and port only")
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if not host or "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError("expected scheme, host and port only")
    shown = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{shown}{parts.path.rstrip('/')}"


def parse_proxy(text: str) -> str:
    """Read the address of a proxy; a user and a password may stand in it."""
    try:
        parts = split_address(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("expected http:// or https://, a host and a port")
    return text.strip()


def parse_ca_file(text: str) -> str:
    """Parse the path of a certificate file; an unreadable one fails at the start, not at a call."""
    import ssl  # only where the setting is used: each start would wait for it

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(Path(text))
    except OSError:  # ssl.SSLError is one
        raise ValueError("expected a file of certificates in PEM (-----BEGIN CERTIFICATE-----)") from None
    return text


def parse_root_path(text: str) -> str:
    """Parse the path prefix under which a proxy serves this server; a trailing slash is removed."""
    path = text.strip().rstrip("/")
    if path and (not ROOT_PATH.fullmatch(path) or {".", ".."} & set(path.split("/"))):
        raise ValueError("expected a path such as /conekta")
    return path


def parse_host(text: str) -> str:
    """Parse an address to listen on; IPv6 may have the brackets that it has in a URL."""
    host = text.strip()
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def parse_hosts(text: str) -> tuple[str, ...]:
    """Parse hosts as in a Host header; a URL, or a pattern such as *, would never match."""
    found = tuple(name.removesuffix(ANY_PORT) for name in parse_names(text))
    if not all(HOST.fullmatch(name) for name in found):
        raise ValueError("expected hosts such as pay.example.com or a.example.com:8443, separated by commas")
    return found


def parse_origins(text: str) -> tuple[str, ...]:
    """Parse origins as browsers send them; anything else would never match."""
    found = tuple(name.removesuffix(ANY_PORT) for name in parse_names(text))
    if not all(ORIGIN.fullmatch(name) for name in found):
        raise ValueError("expected origins such as https://app.example.com, separated by commas")
    return found
