"""The policy command: prints the operator's rules, or what they decide about one call."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import anyio

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.api import Conekta
from conekta_mcp.catalog import EffectKind, Tool
from conekta_mcp.cli.policy_check.assumptions import (
    CheckedCall,
    assume_effect,
    describe_effect,
    find_tool,
    list_all_tools,
)
from conekta_mcp.cli.policy_check.json_answer import to_facts, to_rules
from conekta_mcp.cli.policy_check.spending import SpentToday, compare_with_store
from conekta_mcp.cli.words.policy import choose_words
from conekta_mcp.cli.words.shared import Tell
from conekta_mcp.errors import InvalidArguments
from conekta_mcp.policy.limits import list_set_limits, split_counter
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.results.text import format_pesos
from conekta_mcp.server.lines.json_texts import load_json
from conekta_mcp.server.tools.arguments import parse_arguments
from conekta_mcp.server.tools.client_habits import read_client_arguments
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.parsing import parse_pesos as centavos
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.storage.records import Cap

SETTINGS = select_settings(
    Group.SANDBOX,
    Group.POLICY,
    Group.LIMITS,
    "profiles",
    "profiles_file",
    "confirm",
    "store",
    "language",
    "timezone",
    "log_level",
)
EXIT_CODES = {"allow": 0, "confirm": 3, "deny": 4}
LIVEMODE_BY_MODE: Mapping[str | None, bool | None] = {"test": False, "live": True, None: None}
MODE_NAMES = {True: "live", False: "test", None: "unknown_mode"}
READ_DECISION = Decision(verdict="allow", why={"es": "Solo lee.", "en": "It only reads."})

"""The amounts spent today by counter, or why they are not known."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show the operator's rules, or check one call against them; nothing is sent. "
        "check exits 0 if the call is allowed, 3 if a person is asked, 4 if it is denied, 2 if it is no call."
    )
    parser.add_argument("action", choices=("check", "show"), help="check one call, or show the rules")
    parser.add_argument("tool", metavar="TOOL", nargs="?", help="such as refund_order")
    parser.add_argument("json", metavar="JSON", nargs="?", default="{}", help="arguments, or - to read stdin")
    parser.add_argument("--mode", choices=("test", "live"), help="mode of the key; unknown counts as live")
    parser.add_argument(
        "--amount",
        metavar="MXN",
        type=_parse_amount,
        help="assume this amount, where the arguments tell none",
    )
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in EffectKind],
        help="assume this kind of write, in place of ours",
    )
    parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON object")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    policy = Policy.from_settings(settings, list_all_tools)
    if arguments.action == "show":
        if arguments.as_json:
            print(json.dumps(to_rules(policy), ensure_ascii=False, indent=2))
        else:
            print("\n".join(format_rules(policy, choose_words(settings.language))))
        return 0
    try:
        tool, given = _parse_call(arguments, settings.language)
    except ValueError as problem:
        print(f"conekta-mcp policy check: {problem}", file=sys.stderr)
        return 2
    kind = EffectKind(arguments.kind) if arguments.kind else None
    profiles = Profiles.from_settings(settings)
    # The sandbox has test money only. Elsewhere a mode that is not given is unknown and counts as live.
    livemode = False if settings.sandbox and arguments.mode is None else LIVEMODE_BY_MODE[arguments.mode]
    assumed = assume_effect(tool, given, arguments.amount, kind, settings.language)
    case = CheckedCall(tool, assumed, profiles.default, livemode)
    decision, spent = anyio.run(decide_call, policy, case, settings, profiles)
    if arguments.as_json:
        print(json.dumps(to_facts(decision, spent, case, settings.language), ensure_ascii=False, indent=2))
    else:
        print("\n".join(explain_decision(decision, spent, case, settings.language)))
    return EXIT_CODES[decision.verdict]


async def decide_call(
    policy: Policy, case: CheckedCall, settings: Settings, profiles: Profiles
) -> tuple[Decision, SpentToday]:
    """Decide as for a real call; also return what was spent today."""
    # First what needs no amount, in the order of a real call.
    forbidden = policy.find_denial(case.tool, case.profile, case.livemode)
    if forbidden or case.tool.risk.read_only:
        return forbidden or READ_DECISION, {}
    key = profiles.read_key(case.profile)

    def decide(account: str) -> Decision:
        return policy.decide(
            case.tool,
            case.assumed.effect,
            profile=case.profile,
            livemode=case.livemode,
            at=time.time(),
            account=account,
        )

    # Imported here: a check without a profile or a key opens no store.
    from conekta_mcp.storage.opening import is_shared

    decision = decide("")
    if not decision.caps:
        return decision, {}
    if not key:
        return decision, choose_words(settings.language)("no_key")
    if not is_shared(settings):
        return decision, choose_words(settings.language)("memory")
    child = _find_child_company(settings, profiles, case.profile)
    asked = KeyInUse.from_key(key, Conekta(settings).get_account(key, child), child)
    return await compare_with_store(decide, asked, settings)


def _find_child_company(settings: Settings, profiles: Profiles, name: str) -> str | None:
    """Return the child company of a profile, as a call would."""
    profile = profiles.find_profile(name)
    return (profile.child_company_id if profile else None) or settings.child_company_id


def format_rules(policy: Policy, tell: Tell) -> Iterator[str]:
    yield tell("default", effect="deny" if policy.closed else "allow")
    for mode, level in policy.levels.items():
        yield tell("confirm", mode=mode, level=level)
    yield tell("limits", limits=_format_limits(policy.limits, tell))
    for profile in policy.profile_limits:
        yield tell("profile_limits", profile=profile, limits=_format_limits(policy.get_limits(profile), tell))
    for rule in policy.rules:
        facts = rule.model_dump(exclude_none=True, exclude={"name", "effect", "reason"}, mode="json")
        written = "; ".join(f"{name} {_format_value(name, value)}" for name, value in facts.items())
        reason = f" ({rule.reason})" if rule.reason else ""
        yield tell("rule", name=rule.name, effect=rule.effect, facts=written or tell("every"), reason=reason)


def explain_decision(
    decision: Decision, spent: SpentToday, case: CheckedCall, language: str
) -> Iterator[str]:
    tell, risk = choose_words(language), case.tool.risk
    yield f"{decision.verdict}: {decision.why[language]}"
    yield tell("who", profile=case.profile, mode=tell(MODE_NAMES[case.livemode]), risk=risk.value)
    if risk.read_only:
        return
    effect = case.assumed.effect
    amount = format_pesos(effect.amount, effect.currency) or tell("not_known")
    yield tell("what", kind=effect.kind.value, amount=amount)
    yield describe_effect(effect, tell)
    # Skip counters that only another profile's limit counts.
    for cap in decision.caps:
        if most := _format_cap(cap, tell):
            kind, today = split_counter(cap.counter)[0], _format_spent(spent, cap, tell)
            yield tell("limit", kind=kind, most=most, today=today)
    yield from (tell("note", note=note) for note in case.assumed.notes)


def _parse_call(arguments: argparse.Namespace, language: str) -> tuple[Tool[Any], Any]:
    tell = choose_words(language)
    if arguments.tool is None:
        raise ValueError(tell("which"))
    tool = find_tool(arguments.tool, tell)
    try:
        text = sys.stdin.read() if arguments.json == "-" else arguments.json
        given = load_json(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as problem:
        raise ValueError(tell("not_json", problem=problem)) from None
    if not isinstance(given, dict):
        raise ValueError(tell("no_object"))
    try:
        return tool, parse_arguments(tool, read_client_arguments(tool, given), language)[1]
    except InvalidArguments as refused:
        raise ValueError(" ".join(one.message or "" for one in refused.details)) from None


def _format_limits(limits: Limits, tell: Tell) -> str:
    return ", ".join(
        f"{name} {_format_value(name, value)}" for name, value in list_set_limits(limits).items()
    ) or tell("none")


def _format_value(name: str, value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value) if name.endswith("calls") else str(format_pesos(value))


def _format_cap(cap: Cap, tell: Tell) -> str:
    calls = tell("calls", count=cap.most_calls) if cap.most_calls is not None else None
    return tell("and").join(part for part in (format_pesos(cap.most), calls) if part)


def _format_spent(spent: SpentToday, cap: Cap, tell: Tell) -> str:
    if isinstance(spent, str):
        return tell("today_unknown", why=spent)
    passed = spent[cap.counter]
    return tell("spent", amount=format_pesos(passed.spent), count=passed.calls)


def _parse_amount(text: str) -> int:
    try:
        return centavos(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
