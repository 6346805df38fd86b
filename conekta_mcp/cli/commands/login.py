"""The login command: asks for a key, checks it, and stores it in the system keyring for a profile."""

import argparse
import json
import os
import sys
import time

import anyio

from conekta_mcp.accounts.keys import check_key_text
from conekta_mcp.accounts.keys.logins import KeyPlace, Login, Logins
from conekta_mcp.accounts.keys.stored import keep_login
from conekta_mcp.accounts.keys.system_keyring import NoKeyring
from conekta_mcp.accounts.profile import (
    DEFAULT_PROFILE,
    check_profile_name,
    get_key_variable,
    infer_mode,
)
from conekta_mcp.cli.diagnosis.key_check import CheckedKey, check_key, explain_failure
from conekta_mcp.cli.terminal import open_terminal
from conekta_mcp.cli.words.login import choose_words, describe_company
from conekta_mcp.cli.words.shared import Tell, speak
from conekta_mcp.errors import ConfigurationError, Failure
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import is_given, select_settings

SETTINGS = select_settings(
    Group.CONEKTA, "sandbox", "profiles", "child_company_id", "language", "timezone", "log_level"
)
MAX_INPUT = 4096
YES = {"es": frozenset({"s", "si", "sí", "y", "yes"}), "en": frozenset({"y", "yes"})}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Ask for a private key of Conekta without showing it, check it with harmless reads, and keep it in "
        "the system keyring for a profile. Every command finds it there where no variable has a key. "
        "Exit 1: nothing was kept."
    )
    parser.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    parser.add_argument(
        "--key-file",
        action="store_true",
        help="keep the key in clear in a file that only you may read (mode 0600), not in the keyring",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    tell = choose_words(settings.language)
    profile = choose_profile(settings, tell)
    if not settings.sandbox:  # nothing of a rehearsal is kept
        Logins().load()  # Refused before somebody types a key, if the folder or the file cannot be used.
    key = check_key_text(read_key(profile, tell, from_input=arguments.key_stdin), "login")
    if sys.stderr.isatty():
        place = "sandbox" if settings.sandbox else settings.base_url
        print(tell("checking", place=place), file=sys.stderr, flush=True)
    try:
        checked = anyio.run(check_key, settings, key)
    except (Failure, TimeoutError) as failure:
        return _refuse(explain_failure(failure, settings, tell), tell)
    expected = infer_mode(profile)
    if expected and checked.mode not in {expected, "unknown"}:
        told = tell("wrong_mode", profile=profile, expected=expected, mode=checked.mode)
        return _refuse(told, tell)
    if settings.sandbox:
        _report(None, checked, None, tell, as_json=arguments.json)
        return 0
    return _keep_key(settings, profile, key, checked, arguments)


def choose_profile(settings: Settings, tell: Tell) -> str:
    names = [check_profile_name(name, "--profile") for name in settings.profiles]
    if len(names) > 1:
        raise ConfigurationError(tell("one_profile"))
    return names[0] if names else DEFAULT_PROFILE


def read_key(profile: str, tell: Tell, *, from_input: bool) -> str:
    """Return the typed key, or standard input; raise ConfigurationError if neither can be read."""
    if from_input:
        found = sys.stdin.read(MAX_INPUT)
    else:
        terminal = open_terminal(sys.stderr)
        if terminal is None:
            raise ConfigurationError(tell("no_terminal"))
        found = anyio.run(terminal.ask_secret, tell("ask", profile=profile)) or ""
    if not found.strip():
        raise ConfigurationError(tell("no_key"))
    return found


def _keep_key(
    settings: Settings, profile: str, key: str, checked: CheckedKey, arguments: argparse.Namespace
) -> int:
    """Store the key in the keyring; in a file if that was asked for or agreed to."""
    tell, logins = choose_words(settings.language), Logins()
    before, place = logins.find(profile), "file" if arguments.key_file else "keyring"
    login = _build_login(settings, profile, checked, "file" if arguments.key_file else "keyring")
    try:
        keep_login(logins, login, key)
    except NoKeyring as problem:
        print(tell("no_keyring", problem=speak(problem, settings.language)), file=sys.stderr)
        if not _is_file_wanted(logins, profile, settings.language, tell):
            return _refuse(tell("file_flag"), tell)
        place, login = "file", _build_login(settings, profile, checked, "file")
        keep_login(logins, login, key)
    _report(login, checked, before, tell, as_json=arguments.json)
    if not arguments.json:
        if place == "file":
            print(tell("kept_file", profile=profile, file=logins.get_key_file(profile)))
        else:
            print(tell("kept_keyring", profile=profile))
        _tell_what_follows(settings, profile, tell)
    return 0


def _build_login(settings: Settings, profile: str, checked: CheckedKey, place: KeyPlace) -> Login:
    return Login(
        profile=profile,
        place=place,
        base_url=settings.base_url,
        fingerprint=checked.fingerprint,
        mode=checked.mode,
        company=checked.company.id if checked.company else None,
        company_name=checked.company_name,
        at=time.time(),
    )


def _is_file_wanted(logins: Logins, profile: str, language: str, tell: Tell) -> bool:
    terminal = open_terminal(sys.stderr)
    if terminal is None:
        return False
    typed = anyio.run(terminal.ask_line, tell("offer_file", file=logins.get_key_file(profile)))
    return (typed or "").strip().lower() in YES[language]


def _report(
    login: Login | None, checked: CheckedKey, before: Login | None, tell: Tell, *, as_json: bool
) -> None:
    company = checked.company.id if checked.company else None
    if as_json:
        facts = {
            "profile": login.profile if login else None,
            "key_in": login.place if login else None,
            "company": company,
            "company_name": checked.company_name,
            "mode": checked.mode,
            "fingerprint": checked.fingerprint,
        }
        print(json.dumps(facts, ensure_ascii=False))
        return
    named = describe_company(checked.company_name, company, tell)
    print(tell("company", company=named, mode=tell(f"mode_{checked.mode}")))
    if login is None:
        print(tell("rehearsed"))
    if before and before.fingerprint != checked.fingerprint:
        print(tell("replaced", company=describe_company(before.company_name, before.company, tell)))


def _tell_what_follows(settings: Settings, profile: str, tell: Tell) -> None:
    variable = get_key_variable(profile)
    if is_given(os.environ.get(variable, "")):
        print(tell("variable_wins", variable=variable))
    if settings.profiles_file:
        from conekta_mcp.accounts.profiles_file import read_profiles

        if profile in read_profiles(settings.profiles_file, os.environ):
            print(tell("file_wins", file=settings.profiles_file))
    print(tell("next", profile="" if profile == DEFAULT_PROFILE else f" --profile {profile}"))


def _refuse(told: str, tell: Tell) -> int:
    print(f"conekta-mcp login: {told} {tell('nothing_kept')}", file=sys.stderr)
    return 1
