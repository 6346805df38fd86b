"""The logout command: removes the key that login stored for a profile."""

import argparse
import json
import sys

from conekta_mcp.accounts.keys.logins import Logins
from conekta_mcp.accounts.keys.stored import remove_login
from conekta_mcp.accounts.keys.system_keyring import NoKeyring
from conekta_mcp.cli.commands.login import choose_profile
from conekta_mcp.cli.words.login import choose_words
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.settings import Settings
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings("profiles", "language", "log_level")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Remove the key that login kept for a profile, from the system keyring or from its file. Conekta "
        "still accepts the key; revoke it in Conekta's panel. Exit 1: nothing was removed."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    tell, logins = choose_words(settings.language), Logins()
    profile = choose_profile(settings, tell)
    login = logins.find(profile)
    if login is None:
        print(f"conekta-mcp logout: {tell('no_login', profile=profile)}", file=sys.stderr)
        return 1
    try:
        was_there = remove_login(logins, login)
    except NoKeyring as problem:
        print(
            f"conekta-mcp logout: {tell('logout_failed', problem=speak(problem, settings.language))}",
            file=sys.stderr,
        )
        return 1
    if arguments.json:
        print(json.dumps({"profile": profile, "key_in": login.place, "was_there": was_there}))
        return 0
    done = "logged_out" if was_there else "key_was_gone"
    print(tell(done, profile=profile, place=tell(f"place_{login.place}")))
    print(tell("still_valid"))
    return 0
