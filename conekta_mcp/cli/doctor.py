"""conekta-mcp doctor"""

import argparse
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import anyio

from conekta_mcp import __version__
from conekta_mcp.app import App
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Failure
from conekta_mcp.models.result import rows
from conekta_mcp.settings import Settings

SETTINGS = (
    "sandbox",
    "state",
    "base_url",
    "api_version",
    "language",
    "child_company_id",
    "timeout",
    "log_level",
)


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, and what to do when it is not well."""

    name: str
    well: bool
    found: str
    fix: str | None = None


def add_arguments(_: argparse.ArgumentParser) -> None:
    """Take settings only."""


def main(settings: Settings, _: argparse.Namespace) -> int:
    """Check, print what was found, and exit 1 when something needs fixing."""
    findings = anyio.run(examined, settings)
    for finding in findings:
        print(f"{'ok ' if finding.well else 'FIX'} {finding.name}: {finding.found}")
        if finding.fix:
            print(f"    {finding.fix}")
    return 0 if all(finding.well for finding in findings) else 1


async def examined(settings: Settings) -> list[Finding]:
    """Examine versions, key, connection and mode, in this order; one harmless read is sent."""
    findings = [_versions(), _key(settings)]
    if settings.own_key is None:
        return findings
    app = App(settings)
    try:
        page = await app.conekta.account(settings.own_key).send(
            Request("GET", "/customers", query={"limit": 1})
        )
    except Failure as failure:
        return [*findings, *_refused(failure, settings)]
    finally:
        await app.close()
    where = "the sandbox in this process" if settings.sandbox else settings.base_url
    mode = "sandbox: no real money" if settings.sandbox else _mode(page)
    return [
        *findings,
        Finding("API", well=True, found=f"{where} answers and accepts the key"),
        Finding("mode", well=True, found=mode),
    ]


def _versions() -> Finding:
    found = f"conekta-mcp {__version__}, mcp {version('mcp')}, httpx {version('httpx')}"
    return Finding("versions", well=True, found=f"{found}, Python {platform.python_version()}")


def _key(settings: Settings) -> Finding:
    if settings.sandbox:
        return Finding("key", well=True, found="the sandbox's own; CONEKTA_API_KEY is not used")
    if settings.api_key:
        return Finding("key", well=True, found="CONEKTA_API_KEY is set and looks like a key")
    return Finding(
        "key", well=False, found="none", fix="Set CONEKTA_API_KEY to a private key, or add --sandbox."
    )


def _refused(failure: Failure, settings: Settings) -> Iterator[Finding]:
    if failure.http_status is None:
        fix = f"Check the network and {settings.base_url}; proxies of the environment are not used."
        yield Finding("API", well=False, found=str(failure), fix=fix)
        return
    yield Finding("API", well=True, found=f"{settings.base_url} answers")
    fix = (
        "Copy the private key again from Conekta's panel."
        if failure.http_status == 401
        else "Try again later."
    )
    yield Finding(
        "key accepted",
        well=False,
        found=f"HTTP {failure.http_status}: {failure}",
        fix=fix,
    )


def _mode(page: dict[str, Any]) -> str:
    found = rows(page) or [{}]
    mode = {True: "LIVE: real money", False: "test"}.get(found[0].get("livemode", ...))
    return mode or "unknown: the account has no customers yet; treat it as live"
