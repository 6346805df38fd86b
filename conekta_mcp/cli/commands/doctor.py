"""The doctor command: checks keys, connection, mode and safeguards, and prints what to fix."""

import argparse
import platform
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from importlib.metadata import version

import anyio

from conekta_mcp import __version__
from conekta_mcp.accounts.company import Company, read_company
from conekta_mcp.accounts.identity import Identity
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.keys import VariableKey
from conekta_mcp.accounts.keys.stored import FirstKey
from conekta_mcp.accounts.modes import Modes, ObservedMode
from conekta_mcp.accounts.profile import DEFAULT_PROFILE, Profile
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.cli.diagnosis.network import NameLookup, find_network_failure
from conekta_mcp.cli.diagnosis.printing import print_json, print_lines
from conekta_mcp.cli.diagnosis.reachable_accounts import read_remembered_identity
from conekta_mcp.cli.diagnosis.safeguards import Finding, collect_safeguards
from conekta_mcp.cli.starting.start_checks import list_ignored
from conekta_mcp.cli.words.doctor import choose_words
from conekta_mcp.cli.words.shared import Tell, speak
from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(*Group)
"""The settings of serve, because the doctor examines that server."""
NETWORK_SHARE = 0.9
"""The share of the timeout for one request, so that its cause can still be reported."""
NO_KEY = "key_doctor_has_none"
"""Sent if callers bring the key, to see whether Conekta answers."""


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
                group.start_soon(_collect_profile, app, name, settings.timeout, found[name])
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


async def _collect_profile(app: App, name: str, seconds: float, found: list[Finding]) -> None:
    """Add the findings about one profile to `found`; a timeout is a finding too."""
    lookup = NameLookup(app.settings)
    with anyio.move_on_after(seconds) as scope:
        async for finding in _examine_profile(app, name, lookup):
            found.append(finding)  # noqa: PERF401 - one by one: what was found before the time is over stays
    # On a busy machine this deadline may be over before that of the lookup.
    if scope.cancelled_caught and lookup.is_waiting:
        found.append(lookup.describe_silence())
    elif scope.cancelled_caught:
        tell = choose_words(app.settings.language)
        fix = tell("api_slow_fix", place=app.settings.base_url)
        found.append(Finding("API", well=False, found=tell("api_slow", seconds=seconds), fix=fix))


def _create_app(settings: Settings) -> tuple[App, ConfigurationError | None]:
    """Build a server, without a policy that cannot be used, so that the rest can be checked."""
    settings = replace(settings, timeout=settings.timeout * NETWORK_SHARE)
    try:
        return App(settings), None
    except ConfigurationError as problem:
        if settings.policy is None:
            raise
        return App(replace(settings, policy=None)), problem


async def _examine_profile(app: App, name: str, lookup: NameLookup) -> AsyncIterator[Finding]:
    profile = app.profiles.find_profile(name)
    assert profile is not None  # noqa: S101 - one of its names
    settings, tell = app.settings, choose_words(app.settings.language)
    try:
        key = app.profiles.read_key(name)
    except ConfigurationError as problem:
        yield Finding("key", well=False, found=speak(problem, settings.language), fix=tell("key_other_fix"))
        return
    if key is None and _is_key_of_each_request(settings, profile):
        async for finding in _examine_without_key(app, lookup, tell):
            yield finding
        return
    if key is None:
        yield _report_missing_key(profile, tell, settings.language)
        return
    child = profile.child_company_id or settings.child_company_id
    asked = KeyInUse.from_key(key, app.conekta.get_account(key, child), child)
    source = "key_sandbox" if settings.sandbox else "key_from"
    place = speak(profile.source.label, settings.language)
    found = tell(source, place=place, fingerprint=asked.fingerprint)
    yield Finding("key", well=True, found=found)
    await lookup.run()
    if lookup.is_waiting:
        yield lookup.describe_silence()
        return
    # A new Modes: the app's assumes test in the sandbox, and would not ask.
    learnt = await Modes().observe_account(asked)
    if learnt.failure:
        for finding in _report_refusal(learnt.failure, settings):
            yield finding
        return
    where = tell("api_sandbox") if settings.sandbox else settings.base_url
    yield Finding("API", well=True, found=tell("api_well", place=where))
    try:
        yield _report_company(await read_company(asked), await read_remembered_identity(app, asked), tell)
    except Failure as failure:
        yield Finding("company", well=False, found=str(failure), fix=tell("company_fix"))
    if settings.sandbox:
        yield Finding("mode", well=True, found=tell("mode_sandbox"))
    else:
        yield _report_mode(learnt, profile, tell)


def _is_key_of_each_request(settings: Settings, profile: Profile) -> bool:
    """Tell whether HTTP callers bring the key: profiles and webhooks need one here."""
    is_named = settings.profiles or settings.profiles_file or profile.name != DEFAULT_PROFILE
    return settings.transport != ("stdio",) and not (is_named or settings.webhooks)


async def _examine_without_key(app: App, lookup: NameLookup, tell: Tell) -> AsyncIterator[Finding]:
    """Report that no key is needed, and whether Conekta answers at all."""
    yield Finding("key", well=True, found=tell("key_per_request"))
    await lookup.run()
    if lookup.is_waiting:
        yield lookup.describe_silence()
        return
    asked = KeyInUse.from_key(NO_KEY, app.conekta.get_account(NO_KEY, None), None)
    learnt = await Modes().observe_account(asked)
    if learnt.failure is None:
        yield Finding("API", well=True, found=tell("api_answers", place=app.settings.base_url))
        return
    for finding in _report_refusal(learnt.failure, app.settings):
        if finding.name != "key":
            yield finding


def _report_versions() -> Finding:
    found = f"conekta-mcp {__version__}, mcp {version('mcp')}, httpx {version('httpx')}"
    return Finding("versions", well=True, found=f"{found}, Python {platform.python_version()}")


def _report_missing_key(profile: Profile, tell: Tell, language: str) -> Finding:
    place = profile.source.label
    if place == "CONEKTA_API_KEY" or isinstance(profile.source, VariableKey | FirstKey):
        fix = tell("key_none_fix", login=profile.login_command, place=place)
        return Finding("key", well=False, found=tell("key_none"), fix=fix)
    found = tell("key_none_in", place=speak(place, language))
    return Finding("key", well=False, found=found, fix=tell("key_none_in_fix"))


def _report_refusal(failure: Failure, settings: Settings) -> Iterator[Finding]:
    if (unreached := find_network_failure(failure, settings)) is not None:
        yield unreached
        return
    tell, place, status = choose_words(settings.language), settings.base_url, failure.http_status
    if status is not None and status < 400:
        found = tell("api_other", place=place, status=status)
        yield Finding("API", well=False, found=found, fix=tell("api_other_fix", place=place))
    elif status == 401:
        yield Finding("API", well=True, found=tell("api_answers", place=place))
        found = tell("key_refused", status=status, failure=failure)
        yield Finding("key", well=False, found=found, fix=tell("key_refused_fix"))
    else:
        found = tell("api_failing", status=status, failure=failure)
        yield Finding("API", well=False, found=found, fix=tell("api_failing_fix"))


def _report_company(company: Company | None, identity: Identity, tell: Tell) -> Finding:
    named = tell("company_unreadable")
    if company:
        name = clean_line(company.name or tell("company_nameless"), MAX_NAME_LENGTH)
        named = f"{name} ({company.id})"
    kind = "company_account" if identity.company else "company_key_alone"
    found = tell(kind, company=named, account=identity.name)
    fix = None if identity.company else tell("company_key_alone_fix")
    return Finding("company", well=True, found=found, fix=fix)


def _report_mode(learnt: ObservedMode, profile: Profile, tell: Tell) -> Finding:
    found = tell(f"mode_{learnt.mode}")
    if learnt.why:
        found = tell("mode_why", mode=found, why=learnt.why)
    if profile.mode and learnt.mode not in {profile.mode, "unknown"}:
        return Finding("mode", well=False, found=found, fix=tell("mode_fix", mode=profile.mode))
    return Finding("mode", well=True, found=found)


MAX_NAME_LENGTH = 100
