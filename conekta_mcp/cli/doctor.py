"""The doctor command: checks keys, connection, mode and safeguards, and prints what to fix."""

import argparse
import platform
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from importlib.metadata import version

import anyio

from conekta_mcp import __version__
from conekta_mcp.accounts.identity import Company, Identity, read_company
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.keys import VariableKey
from conekta_mcp.accounts.modes import Modes, ObservedMode
from conekta_mcp.accounts.profile import Profile
from conekta_mcp.app import App
from conekta_mcp.cli.doctor_network import find_network_failure
from conekta_mcp.cli.doctor_safeguards import Finding, examine_safeguards
from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(
    Group.SANDBOX,
    Group.ACCOUNT,
    Group.CONEKTA,
    Group.POLICY,
    Group.LIMITS,
    Group.STORAGE,
    Group.OUTPUT,
    "confirm",
    "transport",
    "approval_channels",
    "approvers",
    "four_eyes",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Check key, connection, versions, store, audit and policy, and say what to fix (FIX) and what to "
        "think of (WARN). The key is CONEKTA_API_KEY; "
        "that of a profile such as store-b is CONEKTA_API_KEY_STORE_B, or where --profiles-file says. "
        "Harmless reads are sent; no key is shown, only its fingerprint. Exit 1: something is to be fixed."
    )


def main(settings: Settings, _: argparse.Namespace) -> int:
    """Print the findings; return 1 if something needs fixing."""
    findings = anyio.run(examine_setup, settings)
    for finding in findings:
        print(f"{finding.mark} {finding.name}: {finding.found}")
        if finding.fix:
            print(f"    {finding.fix}")
    return 0 if all(finding.well for finding in findings) else 1


async def examine_setup(settings: Settings) -> list[Finding]:
    app, wrong_policy = _create_app(settings)
    several = len(app.profiles.names) > 1
    findings = [_report_versions()]
    try:
        for name in app.profiles.names:
            found = [finding async for finding in _examine_profile(app, name)]
            place = f"profile {name}, " if several else ""
            findings += [replace(one, name=place + one.name) for one in found]
        findings += [finding async for finding in examine_safeguards(app, wrong_policy)]
    finally:
        await app.close()
    return findings


def _create_app(settings: Settings) -> tuple[App, ConfigurationError | None]:
    """Build a server, without a policy that cannot be used, so that the rest is checked as well."""
    try:
        return App(settings), None
    except ConfigurationError as problem:
        if settings.policy is None:
            raise
        return App(replace(settings, policy=None)), problem


async def _examine_profile(app: App, name: str) -> AsyncIterator[Finding]:
    profile = app.profiles.find_profile(name)
    assert profile is not None  # noqa: S101 - one of its names
    try:
        key = app.profiles.read_key(name)
    except ConfigurationError as problem:
        yield Finding("key", well=False, found=str(problem), fix="Correct it; the others are not affected.")
        return
    if key is None:
        yield _report_missing_key(profile)
        return
    settings = app.settings
    child = profile.child_company_id or settings.child_company_id
    asked = KeyInUse.from_key(key, app.conekta.get_account(key, child), child)
    sandbox = settings.sandbox
    found = "the sandbox's own; CONEKTA_API_KEY is not used" if sandbox else f"from {profile.source.label}"
    yield Finding("key", well=True, found=f"{found}; fingerprint {asked.fingerprint}")
    # A new Modes: the app's assumes test in the sandbox, and would not ask.
    learnt = await Modes().observe_account(asked)
    if learnt.failure:
        for finding in _report_refusal(learnt.failure, settings):
            yield finding
        return
    where = "the sandbox in this process" if settings.sandbox else settings.base_url
    yield Finding("API", well=True, found=f"{where} answers and accepts the key")
    try:
        yield _report_company(await read_company(asked), await app.identities.read_identity(asked))
    except Failure as failure:
        yield Finding("company", well=False, found=str(failure), fix=NO_COMPANY_FIX)
    yield (
        Finding("mode", well=True, found=SANDBOX_MODE_TEXT)
        if settings.sandbox
        else _report_mode(learnt, profile)
    )


def _report_versions() -> Finding:
    found = f"conekta-mcp {__version__}, mcp {version('mcp')}, httpx {version('httpx')}"
    return Finding("versions", well=True, found=f"{found}, Python {platform.python_version()}")


def _report_missing_key(profile: Profile) -> Finding:
    place = profile.source.label
    fix = f"Set {place} to a private key, or add --sandbox."
    if place == "CONEKTA_API_KEY" or isinstance(profile.source, VariableKey):
        return Finding("key", well=False, found="none", fix=fix)
    return Finding("key", well=False, found=f"none in {place}", fix="Put a private key there.")


def _report_refusal(failure: Failure, settings: Settings) -> Iterator[Finding]:
    if (unreached := find_network_failure(failure, settings)) is not None:
        yield unreached
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


def _report_company(company: Company | None, identity: Identity) -> Finding:
    named = (
        f"{clean_line(company.name or 'without a name', MAX_NAME_LENGTH)} ({company.id})" if company else ""
    )
    found = f"{named or 'it cannot be read'}; writes are kept for account {identity.name}"
    if identity.company is None:
        found = f"{found}, which is the key alone"
    return Finding("company", well=True, found=found, fix=None if identity.company else KEY_ALONE_ADVICE)


def _report_mode(learnt: ObservedMode, profile: Profile) -> Finding:
    said = MODE_TEXTS[learnt.mode] + (f": {learnt.why}; it counts as live" if learnt.why else "")
    if profile.mode and learnt.mode not in {profile.mode, "unknown"}:
        fix = (
            f"The profile is said to be {profile.mode}: it writes nothing until the key or that is corrected."
        )
        return Finding("mode", well=False, found=said, fix=fix)
    return Finding("mode", well=True, found=said)


MAX_NAME_LENGTH = 100
NO_COMPANY_FIX = "Nothing is written before Conekta says which company the key belongs to. Try again later."
KEY_ALONE_ADVICE = (
    "Let the key read its company before its first write. Otherwise a new key of the same company knows "
    "nothing of the writes and limits of this one."
)
SANDBOX_MODE_TEXT = "sandbox: no real money"
MODE_TEXTS = {"live": "LIVE: real money", "test": "test", "unknown": "unknown"}
