"""The doctor command: checks keys, connection, mode and safeguards, and prints what to fix."""

import argparse
import platform
import sys
from dataclasses import replace
from importlib.metadata import version

import anyio

from conekta_mcp import __version__
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.cli.diagnosis.printing import print_json, print_lines
from conekta_mcp.cli.diagnosis.profile_check import collect_profile_findings
from conekta_mcp.cli.diagnosis.safeguards import Finding, collect_safeguards
from conekta_mcp.cli.starting.start_checks import list_ignored
from conekta_mcp.cli.words.doctor import choose_words
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(*Group)
"""The settings of serve, because the doctor examines that server."""
NETWORK_SHARE = 0.9
"""The share of the timeout for one request, so that its cause can still be reported."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Check key, connection, versions, store, audit and policy, and say what to fix (FIX) and what to "
        "think of (WARN). The key is CONEKTA_API_KEY; "
        "that of a profile such as store-b is CONEKTA_API_KEY_STORE_B, or where --profiles-file says. "
        "Harmless reads are sent; no key is shown, only its fingerprint. Exit 1: something is to be fixed."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array instead of lines")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the findings; return 1 if something has to be fixed."""
    tell = choose_words(settings.language)
    if sys.stderr.isatty():
        print(tell("checking", seconds=settings.timeout), file=sys.stderr, flush=True)
    findings = anyio.run(examine_setup, settings)
    if arguments.json:
        print_json(findings)
    else:
        print_lines(findings, settings.language)
    return 0 if all(finding.well for finding in findings) else 1


async def examine_setup(settings: Settings) -> list[Finding]:
    app, wrong_policy = _create_app(settings)
    app.conekta.retry_policy = RetryPolicy(attempts=1)
    names = app.profiles.names
    found: dict[str, list[Finding]] = {name: [] for name in names}
    safeguards: list[Finding] = []
    try:
        async with anyio.create_task_group() as group:
            for name in names:
                group.start_soon(collect_profile_findings, app, name, settings.timeout, found[name])
            group.start_soon(collect_safeguards, app, wrong_policy, settings.timeout, safeguards)
        fix = choose_words(settings.language)("settings_fix")
        findings = [_report_versions()]
        findings += [Finding("settings", True, line, fix) for line in list_ignored(settings)]
        for name in names:
            place = name if len(names) > 1 else None
            findings += [replace(one, profile=place) for one in found[name]]
    finally:
        await app.close()
    return findings + safeguards


def _create_app(settings: Settings) -> tuple[App, ConfigurationError | None]:
    """Build a server, without a policy that cannot be used, so that the rest can be checked."""
    settings = replace(settings, timeout=settings.timeout * NETWORK_SHARE)
    try:
        return App(settings), None
    except ConfigurationError as problem:
        if settings.policy is None:
            raise
        return App(replace(settings, policy=None)), problem


def _report_versions() -> Finding:
    found = f"conekta-mcp {__version__}, mcp {version('mcp')}, httpx {version('httpx')}"
    return Finding("versions", well=True, found=f"{found}, Python {platform.python_version()}")
