"""Says why no connection to Conekta was made: the cure of each cause is another one."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from conekta_mcp.errors import Detail

UNTRUSTED_CERTIFICATE = "conekta_mcp.errors.untrusted_certificate"
HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")


def describe_connection_failure(cause: BaseException, host: str, *, proxied: bool) -> Detail | None:
    """Return what went wrong at `host`, which is the proxy's if `proxied`; None if it is not known."""
    chain = list(_list_causes(cause))
    where = "the proxy" if proxied else host
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return _build_detail(
            "untrusted_certificate", f"the certificate that {host} showed is of no authority that is trusted"
        )
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return _build_detail("tls_failed", f"{host} does not speak TLS as expected")
    if any(type(one).__name__ == "ProxyError" for one in chain):
        return _build_detail("proxy_failed", "the proxy did not pass the connection on")
    if any(isinstance(one, socket.gaierror) for one in chain):
        return _build_detail("dns_failed", f"DNS knows no address of {where}")
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        if proxied:
            return _build_detail("proxy_failed", "the proxy refused the connection")
        return _build_detail("connection_refused", f"{host} refused the connection")
    return None


def is_html(content: bytes) -> bool:
    """Return whether an answer is a page for people, as a captive portal or a firewall sends it."""
    return content.lstrip()[:20].lower().startswith(HTML_STARTS)


def _list_causes(cause: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those behind it; several addresses that failed are a group."""
    seen: set[int] = set()
    waiting = [cause]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        waiting += getattr(one, "exceptions", ())


def _build_detail(code: str, what: str) -> Detail:
    return Detail(code=f"conekta_mcp.errors.{code}", message=f"No answer from Conekta: {what}.")
