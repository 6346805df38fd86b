"""The policy file: closed, and every problem named with its table, its key and what was expected."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from conekta_mcp.catalog import (
    Effect,
    EffectKind,
    Risk,
    Tool,
    Toolset,
)
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.policy.file import read_policy
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.policy.rules import LimitsTable
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import Limits, list_limits

GUIDE = Path(__file__).parent.parent.parent / "docs" / "policy.md"
NOON = 1_795_284_000.0

Load = Callable[[str], Policy]


def every_tool() -> Iterable[Tool[Any]]:
    return (*ALL_TOOLS, *SANDBOX_TOOLS)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.chdir(tmp_path)

    def loaded(text: str) -> Policy:
        Path("policy.toml").write_text(text, encoding="utf-8")
        return Policy.from_settings(Settings(policy="policy.toml", profiles=("test", "store-b")), every_tool)

    return loaded


AMOUNT = 'expected an amount of MXN as text or whole number, such as "5000.50" or 5000, never a float'
RULE = '[[rule]]\nname = "big"\n'
KINDS = "expected one of charge, bill, refund, payout, change, removal, secret, message"
WRONG = [
    ("[limits]\nmax_amount = 5000.0", f"[limits] max_amount: {AMOUNT}"),
    ("[limits]\nmax_amount = inf", f"[limits] max_amount: {AMOUNT}"),
    ("[limits]\nmax_amount = true", f"[limits] max_amount: {AMOUNT}"),
    ("[limits]\nmax_amount = -1", f"[limits] max_amount: {AMOUNT}"),
    ('[limits]\nmax_amount = "5.000,50"', f"[limits] max_amount: {AMOUNT}"),
    ('[limits]\nmax_amount = "0.001"', f"[limits] max_amount: {AMOUNT}"),
    ("[limits]\nmax_amount = 2026-11-21", f"[limits] max_amount: {AMOUNT}"),
    ('[limits]\nmax_daily_calls = "5"', "[limits] max_daily_calls: expected a whole number"),
    ("[limits]\nmax_daily_calls = 5.0", "[limits] max_daily_calls: expected a whole number"),
    ("[limits]\nmax_daily_calls = -5", "[limits] max_daily_calls: expected 0-1000000"),
    ("[limits]\nmax_daily_refund_calls = 2000000", "[limits] max_daily_refund_calls: expected 0-1000000"),
    ("limits = 5", "[limits]: expected a table"),
    (
        "[profiles.store-b]\nconfirm = 1",
        "[profiles.store-b] confirm: there is no such key here; expected one of limits",
    ),
    (
        "[profiles.store-c.limits]\nmax_daily_calls = 5",
        "[profiles.store-c]: there is no profile store-c; did you mean store-b?",
    ),
    ("[profiles.test.limits]\nmax_amount = 0.5", f"[profiles.test.limits] max_amount: {AMOUNT}"),
    ("[confirm]\nlive = 'all'", "[confirm] live: expected 'never', 'destructive', 'money' or 'writes'"),
    (
        "[confirm]\nsandbox = 'never'",
        "[confirm] sandbox: there is no such key here; expected one of test, live",
    ),
    (
        "rules = []",
        "rules: there is no such key here; expected one of default, confirm, limits, profiles, rule",
    ),
    ("default = 'ask'", "default: expected 'allow' or 'deny'"),
    ("rule = 5", "rule: expected a list, such as [...]"),
    ("rule = [5]", "[[rule]] 1: expected a table"),
    ("[[rule]]\neffect = 'deny'", "[[rule]] 1 name: is required"),
    ("[[rule]]\nname = ''\neffect = 'deny'", "[[rule]] 1 name: expected a text that is not empty"),
    ("[[rule]]\nname = 5\neffect = 'deny'", "[[rule]] 1 name: expected a text"),
    (f"{RULE}effect = 'ask'", "[[rule]] 1 \"big\" effect: expected 'allow', 'deny' or 'confirm'"),
    (
        f"{RULE}effect = 'deny'\ntools = []",
        '[[rule]] 1 "big" tools: expected a list that is not empty; leave it out to mean any',
    ),
    (
        f"{RULE}effect = 'deny'\ntools = 'refund_order'",
        '[[rule]] 1 "big" tools: expected a list, such as [...]',
    ),
    (f"{RULE}effect = 'deny'\ntools = [5]", '[[rule]] 1 "big" tools: expected a text'),
    (
        f"{RULE}effect = 'deny'\ntools = ['get_order', 'refund_orders']",
        '[[rule]] 1 "big" tools: there is no tool refund_orders; did you mean refund_order?',
    ),
    (
        f"{RULE}effect = 'deny'\ntools = ['zzz']",
        '[[rule]] 1 "big" tools: there is no tool zzz; see conekta-mcp tools --all',
    ),
    (f"{RULE}effect = 'deny'\nkinds = ['refunds']", f'[[rule]] 1 "big" kinds: {KINDS}'),
    (f"{RULE}effect = 'deny'\nkinds = [5]", f'[[rule]] 1 "big" kinds: {KINDS}'),
    (
        f"{RULE}effect = 'deny'\nrisks = ['Money']",
        '[[rule]] 1 "big" risks: expected one of read, write, money, destructive, secret',
    ),
    (f"{RULE}effect = 'deny'\nmodes = ['prod']", "[[rule]] 1 \"big\" modes: expected 'test' or 'live'"),
    (
        f"{RULE}effect = 'deny'\nprofiles = ['other']",
        '[[rule]] 1 "big" profiles: there is no profile other; expected one of default, key, store-b, test',
    ),
    (f"{RULE}effect = 'deny'\namount_over = 1.5", f'[[rule]] 1 "big" amount_over: {AMOUNT}'),
    ('[[rule]]\nname = "  "\neffect = "deny"', "[[rule]] 1 name: expected one line of visible characters"),
    (
        f'{RULE}effect = "deny"\nreason = "a\\nb"',
        '[[rule]] 1 "big" reason: expected one line of visible characters',
    ),
    (
        f'{RULE}effect = "deny"\nreason = "{"a" * 301}"',
        '[[rule]] 1 "big" reason: expected at most 300 characters',
    ),
    (
        f"{RULE}effect = 'allow'\namount_over = 5",
        '[[rule]] 1 "big": amount_over goes with deny or confirm: to allow small amounts, deny those over',
    ),
    (
        f"{RULE}effect = 'confirm'\ntools = ['get_order']",
        '[[rule]] 1 "big": get_order changes nothing and is never asked about; expected allow or deny',
    ),
    (
        f"{RULE}effect = 'confirm'\nrisks = ['read', 'money']",
        '[[rule]] 1 "big": risk read changes nothing and is never asked about; expected allow or deny',
    ),
    (
        f"{RULE}effect = 'deny'\nrisks = ['read']\namount_over = 5",
        '[[rule]] 1 "big": a read has neither kind nor amount; expected risks that write',
    ),
    (
        f"{RULE}effect = 'deny'\n{RULE}effect = 'deny'",
        "two rules have the name big; expected a name of its own for each",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_problem_names_its_table_its_key_and_what_was_expected(text: str, said: str, load: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    assert (str(caught.value), caught.value.__cause__) == (f"--policy policy.toml: {said}", None)


def test_an_unknown_key_of_a_rule_and_of_limits_is_answered_with_the_known_ones(load: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(f"{RULE}effect = 'deny'\nover = 5\n[limits]\nmax_daily_refund = 5")
    assert str(caught.value) == (
        "--policy policy.toml: [limits] max_daily_refund: there is no such key here; "
        f"expected one of {', '.join(list_limits())}; "
        '[[rule]] 1 "big" over: there is no such key here; expected one of name, effect, reason, tools, '
        "toolsets, kinds, risks, profiles, modes, amount_over"
    )


@pytest.mark.parametrize("tool", ["search_operations", "call_read_operation", "call_write_operation"])
def test_the_tools_that_call_others_cannot_be_named(tool: str, load: Load) -> None:
    with pytest.raises(ConfigurationError, match=f"there is no tool {tool}"):
        load(f"{RULE}effect = 'deny'\ntools = ['{tool}']")
    with pytest.raises(ConfigurationError, match=r"toolsets: expected one of customers, .*, sandbox$"):
        load(f"{RULE}effect = 'deny'\ntoolsets = ['discovery']")


def test_every_toolset_that_has_operations_can_be_named(load: Load) -> None:
    names = [toolset.value for toolset in Toolset if toolset is not Toolset.DISCOVERY]
    assert load(f"{RULE}effect = 'deny'\ntoolsets = {names}").rules[0].toolsets == [
        toolset for toolset in Toolset if toolset is not Toolset.DISCOVERY
    ]


def test_a_key_that_stands_in_the_wrong_place_is_not_printed(load: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(f"{RULE}effect = 'deny'\ntools = ['key_hush']\nprofiles = ['key_hush']\nkey_hush = 1")
    assert "hush" not in str(caught.value)
    assert "there is no tool key_[redacted]" in str(caught.value)


def test_at_most_ten_problems_are_told(load: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load("".join(f"a{number} = 1\n" for number in range(12)))
    assert len(re.findall("there is no such key here", str(caught.value))) == 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[limits\nmax_amount = 5", "not TOML (at line 1, column 8)"),
        (b"a = 1\na = 2\nb = 3", "not TOML (at line 2, column 6)"),
        (b"a = '\xff'", "not TOML"),
    ],
)
def test_what_is_not_toml_is_told_with_its_place(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        Policy.from_settings(Settings(policy=str(path)))
    assert str(caught.value) == f"--policy {path}: {said}"


def test_a_file_that_is_not_there_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Policy.from_settings(Settings(policy=str(tmp_path / "none.toml")))
    assert str(caught.value) == f"--policy {tmp_path / 'none.toml'}: it cannot be read"


def test_tools_are_loaded_only_for_a_file_that_names_some(tmp_path: Path) -> None:
    def costly() -> NoReturn:
        raise LookupError("asked for the tools")

    path = tmp_path / "policy.toml"
    path.write_text("[[rule]]\nname = 'a'\neffect = 'confirm'\ntoolsets = ['refunds']")
    assert [rule.name for rule in Policy.from_settings(Settings(policy=str(path)), costly).rules] == ["a"]
    path.write_text("[[rule]]\nname = 'a'\neffect = 'deny'\ntools = ['get_order']")
    with pytest.raises(LookupError, match="asked for the tools"):
        Policy.from_settings(Settings(policy=str(path)), costly)
    with pytest.raises(ConfigurationError, match="there is no tool get_order"):
        Policy.from_settings(Settings(policy=str(path)))


def test_the_profiles_of_their_own_file_can_be_named(tmp_path: Path) -> None:
    profiles, path = tmp_path / "profiles.toml", tmp_path / "policy.toml"
    profiles.write_text('[shop-a]\nkey_env = "SHOP_A"\n')
    path.write_text("[profiles.shop-a.limits]\nmax_amount = 5")
    settings = Settings(policy=str(path), profiles_file=str(profiles))
    assert Policy.from_settings(settings).get_limits("shop-a") == Limits(max_amount=500)


@pytest.mark.parametrize("text", ['default = "allow"', 'default = "allow"\nrule = []\n[limits]\n[confirm]\n'])
def test_a_file_that_allows_everything_changes_nothing(text: str, load: Load) -> None:
    assert load(text) == Policy(rules=[])


@pytest.mark.parametrize(
    "text", ["", "\ufeff# nothing", "[limits]\n", "rule = []\n[confirm]\n", "[profiles.test.limits]\n"]
)
def test_a_file_that_was_cut_short_is_no_policy(text: str, load: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    said = 'it says nothing; write default = "allow" if no rule is meant'
    assert str(caught.value) == f"--policy policy.toml: {said}"


NO_TOOL = "no tool meets its tools, toolsets and risks together, so it never applies"
READS = "its tools only read, and a read has neither kind nor amount, so it never applies"


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ("tools = ['refund_order']\ntoolsets = ['orders']", NO_TOOL),
        ("tools = ['refund_order']\nrisks = ['read', 'secret']", NO_TOOL),
        ("toolsets = ['refunds']\nrisks = ['secret']", NO_TOOL),
        ("tools = ['list_orders', 'get_order']\nkinds = ['refund']", READS),
        ("tools = ['list_orders']\namount_over = 5", READS),
        ("tools = ['list_orders', 'refund_order']\namount_over = 5", None),
        ("tools = ['refund_order']\ntoolsets = ['orders', 'refunds']\nrisks = ['money']", None),
    ],
)
def test_a_rule_that_no_call_can_meet_is_refused(conditions: str, said: str | None, load: Load) -> None:
    text = f"{RULE}effect = 'deny'\n{conditions}"
    if said is None:
        assert len(load(text).rules) == 1
        return
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    assert str(caught.value) == f'--policy policy.toml: [[rule]] 1 "big": {said}'


def test_amounts_are_read_as_centavos(load: Load) -> None:
    found = load('[limits]\nmax_amount = "5,000.50"\nmax_daily_bills = 7\nmax_daily_bill_calls = 7')
    assert found.limits == Limits(max_amount=500050, max_daily_bills=700, max_daily_bill_calls=7)


def test_the_file_can_set_every_limit() -> None:
    assert list(LimitsTable.model_fields) == list(Limits.__dataclass_fields__)


@pytest.fixture
def example(load: Load) -> Policy:
    """The worked example of docs/policy.md."""
    found = re.findall(r"```toml\n# policy.toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return load(found[0])


def told(decision: Decision) -> tuple[str, str | None, str | None]:
    return decision.verdict, decision.rule, decision.limit


def test_the_example_of_the_guide_does_what_the_guide_says(example: Policy) -> None:
    tools = {tool.name: tool for tool in ALL_TOOLS}

    def decided(tool: str, kind: EffectKind, amount: int | None, profile: str, *, live: bool) -> Any:
        effect = Effect(kind=kind, amount=amount)
        return told(example.decide(tools[tool], effect, profile=profile, livemode=live, at=NOON))

    refund, payout = ("refund_order", EffectKind.REFUND), ("create_payout", EffectKind.PAYOUT)
    assert decided(*refund, 50000, "test", live=False) == ("allow", None, None)
    assert decided(*refund, 50000, "store-b", live=True) == ("confirm", None, None)
    assert decided(*refund, 100001, "test", live=False) == ("confirm", "a person sees large refunds", None)
    assert decided(*refund, 300001, "store-b", live=True) == ("deny", None, "max_daily_refunds")
    assert decided(*refund, 300001, "test", live=False)[0] == "confirm"
    assert decided(*refund, 500051, "test", live=False) == ("deny", None, "max_amount")
    assert decided(*payout, 100, "store-b", live=True) == ("deny", "no payouts from live accounts", None)
    assert decided(*payout, 100, "test", live=False) == ("allow", None, None)
    secret = example.find_denial(tools["create_api_key"], "test", False)
    assert secret is not None
    assert told(secret) == ("deny", "keys are made in the panel", None)
    assert {tools[name].risk for name in ("refund_order", "create_payout")} == {Risk.MONEY}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no permission bits")
@pytest.mark.parametrize(("mode", "is_refused"), [(0o600, 0), (0o644, 0), (0o664, 1), (0o646, 1), (0o622, 1)])
def test_a_file_that_others_may_write_is_refused(tmp_path: Path, mode: int, is_refused: int) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('default = "deny"')
    file.chmod(mode)
    if is_refused:
        with pytest.raises(ConfigurationError, match="look it over, and chmod go-w it"):
            read_policy(str(file), tuple, tuple)
    else:
        assert read_policy(str(file), tuple, tuple).default == "deny"
