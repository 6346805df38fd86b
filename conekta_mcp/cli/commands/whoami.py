"""The whoami command: prints for each available key its account, its mode, and where it is stored."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import anyio

from conekta_mcp.accounts.keys.logins import Login, Logins
from conekta_mcp.accounts.keys.stored import FirstKey
from conekta_mcp.accounts.profile import Profile
from conekta_mcp.accounts.profiles import SANDBOX_PLACE, Profiles
from conekta_mcp.cli.diagnosis.key_check import check_key, explain_failure
from conekta_mcp.cli.words.login import choose_words, describe_company
from conekta_mcp.cli.words.shared import Tell, speak
from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(Group.ACCOUNT, Group.CONEKTA, "sandbox", "language", "timezone", "log_level")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Ask Conekta, by reading, whose each key is that commands would act with: those of login, and that "
        "of CONEKTA_API_KEY; with --profile only those of the named profiles. No key is shown, only its "
        "fingerprint. Exit 1: a key is missing, or could not be checked."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    tell, logins = choose_words(settings.language), Logins().load()
    profiles = Profiles.from_settings(replace(settings, profiles=_choose_names(settings, logins)))
    found = [_examine_profile(settings, profiles, name, logins.get(name), tell) for name in profiles.names]
    if not arguments.json and [one.get("problem") for one in found] == [tell("no_key_of")]:
        print(tell("nobody"))
        return 1
    for facts in found:
        print(
            json.dumps(facts, ensure_ascii=False)
            if arguments.json
            else _format_facts(facts, settings.language)
        )
    return 1 if any("problem" in facts for facts in found) else 0


def _choose_names(settings: Settings, logins: Mapping[str, Login]) -> tuple[str, ...]:
    """Return the named profiles; without names, the default profile and those of all logins."""
    if settings.profiles:
        return settings.profiles
    first = Profiles.from_settings(settings)
    has_key = first.is_configured or not logins
    return tuple(dict.fromkeys([*(first.names if has_key else ()), *logins]))


def _examine_profile(
    settings: Settings, profiles: Profiles, name: str, login: Login | None, tell: Tell
) -> dict[str, Any]:
    profile = profiles.find_profile(name)
    assert profile is not None  # noqa: S101 - one of its names
    facts: dict[str, Any] = {"profile": name}
    try:
        key = profiles.read_key(name)
    except ConfigurationError as problem:
        return {**facts, "problem": speak(problem, settings.language)}
    if key is None:
        return {**facts, "problem": tell("no_key_of")}
    facts["key_in"] = profile.source.label
    child = profile.child_company_id or settings.child_company_id
    try:
        checked = anyio.run(check_key, replace(settings, child_company_id=child), key)
    except (Failure, TimeoutError) as failure:
        return {**facts, "problem": explain_failure(failure, settings, tell), **_recall(profile, login)}
    return {
        **facts,
        "company": checked.company.id if checked.company else None,
        "company_name": checked.company_name,
        "mode": checked.mode,
        "fingerprint": checked.fingerprint,
    }


def _recall(profile: Profile, login: Login | None) -> dict[str, Any]:
    """Return what was known when a login stored its key, if it is the same key."""
    is_login = isinstance(profile.source, FirstKey) and not profile.source.sources[0].is_present
    if login is None or not is_login:
        return {}
    known = {"company": login.company, "company_name": login.company_name, "mode": login.mode}
    return {"at_login": {**known, "at": login.at}}


def _format_facts(facts: Mapping[str, Any], language: str) -> str:
    tell = choose_words(language)
    start = f"{facts['profile']}: "
    if "problem" not in facts:
        company = describe_company(facts["company_name"], facts["company"], tell)
        told = tell("company", company=company, mode=tell(f"mode_{facts['mode']}"))
        named = "key_of_sandbox" if facts["key_in"] == SANDBOX_PLACE else "key_from"
        source = tell(named, place=speak(facts["key_in"], language), fingerprint=facts["fingerprint"])
        return f"{start}{told}\n    {source}"
    if "at_login" not in facts:
        return start + str(facts["problem"])
    known = facts["at_login"]
    company = describe_company(known["company_name"], known["company"], tell)
    time = get_times().format_second(known["at"], language)
    then = tell("at_login", time=time, company=company, mode=tell(f"mode_{known['mode']}"))
    return f"{start}{facts['problem']}\n    {then}"
