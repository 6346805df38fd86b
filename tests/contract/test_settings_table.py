"""Each setting and limit is declared once: flags, policy file, documents and server.json derive from it."""

import json
import re
import sys
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.catalog import Effect, EffectKind, Recurrence
from conekta_mcp.cli import COMMANDS
from conekta_mcp.cli.spanish.setting_texts import SETTINGS as SPANISH_SETTINGS
from conekta_mcp.cli.spanish.setting_texts import describe_in_spanish
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.policy.limits import build_caps, find_exceeded_limit, merge_strictest
from conekta_mcp.policy.messages import MESSAGES
from conekta_mcp.policy.rules import LimitsTable
from conekta_mcp.settings.limits import Limits, list_limits, pick_limits
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import list_settings
from conekta_mcp.settings.table import Settings
from tests.settings.test_settings import DEFAULTS, READ

ROOT = Path(__file__).parents[2]
NOON = 1_790_000_000.0
LIMITS = list_limits()
each_limit = pytest.mark.parametrize("name", LIMITS)


@cache
def read_code_that_acts() -> str:
    """The code in which a setting may be used, without imports: not what declares, translates or reads it."""
    package = ROOT / "conekta_mcp"
    files = (
        one
        for one in package.rglob("*.py")
        if not {"settings", "spanish"} & set(one.relative_to(package).parts)
    )
    lines = (line for file in files for line in file.read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if not line.startswith(("from ", "import ")))


def find_missing_parts(name: str) -> list[str]:
    """What a setting lacks, with the file to edit or the command to run."""
    one = next(field for field in list_settings() if field.name == name)
    variable, flag = one.metadata["env"], one.metadata["flag"]
    manifest = json.loads((ROOT / "server.json").read_text("utf-8"))["packages"][0]["environmentVariables"]
    lacks = []
    lacks += [
        f"{page} does not name {variable}: run make docs"
        for page in ("docs/configuration.md", "docs/es/configuration.md")
        if f"`{variable}`" not in (ROOT / page).read_text("utf-8")
    ]
    if variable not in {each["name"] for each in manifest}:
        lacks.append(f"server.json does not name {variable}: run make docs")
    if name in LIMITS and f"`{flag}`" not in (ROOT / "docs" / "policy.md").read_text("utf-8"):
        lacks.append(f"docs/policy.md does not name {flag}: run make docs")
    if name in LIMITS and f"`{flag}`" not in (ROOT / "docs" / "es" / "policy.md").read_text("utf-8"):
        lacks.append(f"docs/es/policy.md does not name {flag}: run make docs")
    if name in LIMITS and name not in LimitsTable.model_fields:
        lacks.append(f"the policy file does not take {name}: conekta_mcp/policy/rules.py")
    modules = {command: import_module(f"conekta_mcp.cli.commands.{command}") for command in COMMANDS}
    taking = [command for command, module in modules.items() if name in module.SETTINGS]
    if flag and not taking:
        lacks.append(f"no command takes {flag}: SETTINGS in conekta_mcp/cli/commands/serve.py")
    if name not in LIMITS and not re.search(rf'[."]{name}\b', read_code_that_acts()):
        lacks.append(f"nothing uses {name}: conekta_mcp/app.py: App passes it on")
    table = "tests/settings/test_settings.py"
    lacks += [
        f"{table}: {rows}: a row for {name}"
        for rows, known in (("READ", {row[0] for row in READ}), ("DEFAULTS", DEFAULTS.keys()))
        if name not in known
    ]
    if flag and SPANISH_SETTINGS.get(name, one.metadata["help"]) == one.metadata["help"]:
        told = "conekta_mcp/cli/spanish/setting_texts.py"
        own = "conekta_mcp/settings/limits.py" if name in LIMITS else told
        lacks.append(f"{own}: what {name} is for, in Spanish")
    return lacks


def test_every_setting_is_known_wherever_settings_are_listed() -> None:
    lacks = {one.name: missing for one in list_settings() if (missing := find_missing_parts(one.name))}
    assert not lacks, json.dumps(lacks, indent=1)


def test_what_a_setting_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: '{"packages": [{"environmentVariables": []}]}')
    assert find_missing_parts("max_amount") == [
        "docs/configuration.md does not name CONEKTA_MCP_MAX_AMOUNT: run make docs",
        "docs/es/configuration.md does not name CONEKTA_MCP_MAX_AMOUNT: run make docs",
        "server.json does not name CONEKTA_MCP_MAX_AMOUNT: run make docs",
        "docs/policy.md does not name --max-amount: run make docs",
        "docs/es/policy.md does not name --max-amount: run make docs",
    ]


def test_a_missing_text_in_spanish_is_named_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SPANISH_SETTINGS, "timeout")
    assert find_missing_parts("timeout") == [
        "conekta_mcp/cli/spanish/setting_texts.py: what timeout is for, in Spanish"
    ]
    with pytest.raises(LookupError, match=r"setting_texts\.py: SETTINGS lacks timeout"):
        describe_in_spanish("timeout")
    monkeypatch.delitem(SPANISH_SETTINGS, "max_amount")
    assert find_missing_parts("max_amount") == [
        "conekta_mcp/settings/limits.py: what max_amount is for, in Spanish"
    ]


def test_a_setting_that_nothing_uses_or_reads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(DEFAULTS, "timeout")
    monkeypatch.setattr(sys.modules[__name__], "READ", [row for row in READ if row[0] != "timeout"])
    monkeypatch.setattr(sys.modules[__name__], "read_code_that_acts", lambda: "settings.timeouts")
    assert find_missing_parts("timeout") == [
        "nothing uses timeout: conekta_mcp/app.py: App passes it on",
        "tests/settings/test_settings.py: READ: a row for timeout",
        "tests/settings/test_settings.py: DEFAULTS: a row for timeout",
    ]


def test_settings_inherit_the_limits_and_commands_take_them_as_a_group() -> None:
    assert {one.name for one in fields(Settings) if one.metadata["group"] is Group.LIMITS} == set(LIMITS)
    for command in ("serve", "call", "doctor", "policy"):
        assert set(LIMITS) <= set(import_module(f"conekta_mcp.cli.commands.{command}").SETTINGS), command


@each_limit
def test_a_limit_is_about_kinds_and_operations_that_exist(name: str) -> None:
    assert set(LIMITS[name].kinds) <= {kind.value for kind in EffectKind}
    assert set(LIMITS[name].operations) <= WRITE_PLANS.keys()


def test_no_two_limits_count_the_same() -> None:
    """The later one would hide the other: one that counts a part of a kind names its `operations`."""
    counted = [(one.period, one.counter, one.unit) for one in LIMITS.values()]
    assert sorted(set(counted)) == sorted(counted), "conekta_mcp/settings/limits.py"


AGAIN = Recurrence(amount=2, interval="month", times=1)


@each_limit
def test_a_limit_of_one_refuses_or_counts_a_call_of_each_of_its_kinds(name: str) -> None:
    limits, meaning = pick_limits(Settings(**{name: 1})), LIMITS[name]
    assert limits == merge_strictest(limits, Limits()) == Limits(**{name: 1})
    for kind in meaning.kinds:
        effect = Effect(kind=EffectKind(kind), amount=2, recurrence=AGAIN)
        caps = build_caps(limits, effect, account="a", at=NOON)
        counted: list[Any] = [(cap.amount, cap.most, cap.most_calls) for cap in caps]
        exceeded = find_exceeded_limit(limits, effect)
        if meaning.period == "day":
            assert counted == ([(2, 1, None)] if meaning.unit == "pesos" else [(0, None, 1)])
        if meaning.unit == "pesos":
            assert exceeded is not None
            assert exceeded.limit == name


@each_limit
def test_a_limit_does_not_watch_other_kinds(name: str) -> None:
    limits = Limits(**{name: 1})
    for kind in {kind.value for kind in EffectKind} - set(LIMITS[name].kinds):
        effect = Effect(kind=EffectKind(kind), amount=2)
        assert build_caps(limits, effect, account="a", at=NOON) == ()
        assert find_exceeded_limit(limits, effect) is None


def test_every_limit_is_said_in_both_languages() -> None:
    said = [
        MESSAGES[key]
        for key in ("more_than_a_call", "more_than_a_month", "more_than_a_day", "daily_amount", "daily_calls")
    ]
    assert all("{limit}" in text[language] for text in said for language in ("es", "en"))


def test_the_policy_guide_says_that_removals_have_no_limit_as_long_as_it_is_so() -> None:
    watching = [name for name, meaning in LIMITS.items() if "removal" in meaning.kinds]
    guide = (ROOT / "docs" / "policy.md").read_text("utf-8")
    says_so = "Calls that end or remove something have no limit" in guide
    assert says_so is not bool(watching), f'docs/policy.md, "Limits": {watching} watch removals'
