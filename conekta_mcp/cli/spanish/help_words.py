"""The words of help pages: titles of groups, defaults and examples, in English and Spanish."""

import argparse
from collections.abc import Mapping
from dataclasses import Field
from typing import Any

TITLES = {
    "account": "account and keys",
    "conekta": "Conekta's API",
    "sandbox": "sandbox",
    "tools": "tools",
    "http": "HTTP",
    "approval": "a person's approval",
    "policy": "rules",
    "limits": "limits",
    "storage": "store and audit log",
    "output": "output",
}
WORDS = {
    "en": {"default": "default", "examples": "examples", "flags": "FLAGS", "options": "options"},
    "es": {"default": "por omisión", "examples": "ejemplos", "flags": "OPCIONES", "options": "opciones"},
}
SPANISH_METAVARS = {
    "TOOL": "HERRAMIENTA",
    "NAME": "NOMBRE",
    "TIME": "TIEMPO",
    "WHEN": "CUÁNDO",
    "FINGERPRINT": "HUELLA",
    "KEY": "LLAVE",
    "TEXT": "TEXTO",
    "EVENT": "EVENTO",
    "TARGET": "OBJETO",
    "WORD": "PALABRA",
    "CLIENT": "CLIENTE",
}
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "serve": (
        "conekta-mcp serve --sandbox",
        "conekta-mcp serve --transport streamable-http --port 0 --sandbox",
        "conekta-mcp serve --read-only --toolsets orders,customers",
        "conekta-mcp serve --confirm money --max-amount 5000",
    ),
    "listen": ("conekta-mcp listen --port 8080", "conekta-mcp listen --store redis://localhost:6379/0"),
    "demo": ("conekta-mcp demo", "conekta-mcp demo --approve --language en", "conekta-mcp demo --json"),
    "tour": ("conekta-mcp tour", "conekta-mcp tour --chapter 4", "conekta-mcp tour --unattended"),
    "install": (
        "conekta-mcp install claude-desktop --sandbox",
        "conekta-mcp install --all --dry-run",
        "conekta-mcp install vscode --scope project --profile store-b",
    ),
    "uninstall": ("conekta-mcp uninstall claude-desktop", "conekta-mcp uninstall --all"),
    "login": ("conekta-mcp login", "conekta-mcp login --profile store-b --key-stdin < store-b.key"),
    "logout": ("conekta-mcp logout", "conekta-mcp logout --profile store-b"),
    "whoami": ("conekta-mcp whoami", "conekta-mcp whoami --json"),
    "tools": ("conekta-mcp tools --read-only", "conekta-mcp tools --all --json"),
    "call": (
        "conekta-mcp call list_customers --sandbox",
        "conekta-mcp call list_orders '{\"limit\": 5}' --profile store-b",
    ),
    "doctor": ("conekta-mcp doctor --sandbox", "conekta-mcp doctor --json --timeout 5"),
    "sandbox": (
        "conekta-mcp sandbox --port 0 --json",
        "conekta-mcp sandbox --state shop.sqlite3",
        "conekta-mcp sandbox trigger order.paid ord_2tUigJ8DgBhbp6w5D --key key_shop",
    ),
    "approvals": ("conekta-mcp approvals", "conekta-mcp approvals watch"),
    "audit": ("conekta-mcp audit --since 7d --outcome unknown", "conekta-mcp audit --verify"),
    "logs": ("conekta-mcp logs --follow", "conekta-mcp logs --errors --since 1d"),
    "settle": ("conekta-mcp settle --json", "conekta-mcp settle --profile store-b"),
    "approvers": ("conekta-mcp approvers add ana", "conekta-mcp approvers list --json"),
    "policy": (
        "conekta-mcp policy show --policy policy.toml",
        'conekta-mcp policy check refund_order \'{"order_id": "ord_2tUigJ8DgBhbp6w5D"}\' --mode test',
    ),
    "completion": (
        'eval "$(conekta-mcp completion bash)"',
        "conekta-mcp completion zsh > ~/.zfunc/_conekta-mcp",
        "conekta-mcp completion fish > ~/.config/fish/completions/conekta-mcp.fish",
    ),
}


class HelpWords:
    """The words in one language."""

    def __init__(self, language: str) -> None:
        self._language, self._words = language, WORDS[language]

    def title_group(self, group: str) -> str:
        if self._language == "es":
            from conekta_mcp.cli.spanish.help_texts import GROUPS

            return GROUPS[group]
        return TITLES[group]

    def describe_setting(self, one: Field[Any]) -> str:
        """Return the purpose of a setting, its variable, and its default unless the text has it."""
        purpose = one.metadata["help"]
        if self._language == "es":
            from conekta_mcp.cli.spanish.setting_texts import SETTINGS

            purpose = SETTINGS.get(one.name, purpose)
        default = format_default(one)
        told = f" ({self._words['default']}: {default})" if default else ""
        return f"{purpose} [{one.metadata['env']}]{told}"

    def complete(self, parser: argparse.ArgumentParser, name: str) -> None:
        """Add examples, a short usage and Spanish texts to the parser of command `name`."""
        examples = "\n".join(f"  {example}" for example in EXAMPLES[name])
        epilog = parser.epilog
        if self._language == "es":
            from conekta_mcp.cli.spanish.help_texts import ARGUMENTS, DESCRIPTIONS, MAIN

            parser.description, epilog = DESCRIPTIONS[name], MAIN["variables"]
            parser._positionals.title, parser._optionals.title = MAIN["arguments"], self._words["options"]
            for action in parser._actions:
                texts = {"help": MAIN["help"], **ARGUMENTS.get(name, {})}
                action.help = texts.get(action.dest, action.help)
                if isinstance(action.metavar, str):
                    action.metavar = SPANISH_METAVARS.get(action.metavar, action.metavar)
        parser.usage = f"{parser.prog} [{self._words['flags']}]{_format_positions(parser)}"
        parser.epilog = f"{self._words['examples']}:\n{examples}\n\n{epilog}"


def format_default(one: Field[Any]) -> str | None:
    """Return the default of a setting as it would be typed; None if there is none to show."""
    value = one.default
    if value is None or isinstance(value, bool) or value == ():
        return None
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _format_positions(parser: argparse.ArgumentParser) -> str:
    shown = []
    for action in parser._get_positional_actions():
        choices = f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest
        word = choices if action.metavar is None else str(action.metavar)
        shown.append(f" [{word}]" if action.nargs == "?" else f" {word}")
    return "".join(shown)
