"""The operator's rules: the strictest wins, what is unknown counts as the worst."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import Effect, EffectKind, Recurrence, Risk, Tool
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.policy.limits import merge_strictest
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.policy.rules import PolicyFile, Rule
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import Limits
from conekta_mcp.storage.records import Cap
from tests.depth import tries

NOON = 1_795_284_000.0
"""2026-11-21, 12:00 in Mexico City."""
TOOLS = {tool.name: tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)}
REFUND = Effect(kind=EffectKind.REFUND, amount=50000)
CHARGE = Effect(kind=EffectKind.CHARGE, amount=50000)
CHANGE = Effect(kind=EffectKind.CHANGE)
REMOVAL = Effect(kind=EffectKind.REMOVAL)
EFFECTS = {
    "refund_order": REFUND,
    "create_card_order": CHARGE,
    "update_customer": CHANGE,
    "delete_customer": REMOVAL,
    "create_token": Effect(kind=EffectKind.SECRET),
    "create_company": Effect(kind=EffectKind.CHANGE, is_reversible=False),
    "create_webhook": Effect(kind=EffectKind.CHANGE, decides_destination=True),
    "update_order": Effect(
        kind=EffectKind.CHANGE,
        amount=60000,
        before={"amount": 50000, "currency": "MXN"},
        after={"amount": 60000, "currency": "MXN"},
    ),
    "create_plan": Effect(
        kind=EffectKind.CHANGE, amount=50000, recurrence=Recurrence(amount=50000, interval="month")
    ),
    "create_payment_link": Effect(kind=EffectKind.BILL, amount=50000),
    "email_payment_link": Effect(kind=EffectKind.MESSAGE, is_reversible=False),
}


def rules(*tables: dict[str, Any], default: str = "allow", **more: Any) -> PolicyFile:
    named = [{"name": f"r{number}", **table} for number, table in enumerate(tables)]
    context = {
        "tool": lambda: set(TOOLS),
        "read": lambda: {name for name, tool in TOOLS.items() if tool.risk.read_only},
        "profile": lambda: {"default", "store-b"},
    }
    return PolicyFile.model_validate({"default": default, "rule": named, **more}, context=context)


def policy(*tables: dict[str, Any], default: str = "allow", **more: Any) -> Policy:
    return Policy(closed=default == "deny", rules=rules(*tables, default=default).rule, **more)


def decided(
    of: Policy,
    tool: str = "refund_order",
    effect: Effect | None = None,
    *,
    livemode: bool | None = False,
    profile: str = "default",
) -> Decision:
    return of.decide(
        TOOLS[tool],
        effect or EFFECTS[tool],
        profile=profile,
        livemode=livemode,
        at=NOON,
        account="f00d",
    )


GUARDED = ["delete_customer", "create_token", "create_company", "create_webhook", "email_payment_link"]
LEVELS = {
    "never": [],
    "destructive": GUARDED,
    "money": [name for name in EFFECTS if name != "update_customer"],
    "writes": list(EFFECTS),
}


@pytest.mark.parametrize(("level", "asked"), LEVELS.items())
@pytest.mark.parametrize("livemode", [True, False, None])
def test_a_level_asks_before_its_tools_and_no_others(
    level: str, asked: list[str], livemode: bool | None
) -> None:
    of = Policy.from_settings(Settings(confirm=level))
    verdicts = {name: decided(of, name, livemode=livemode).verdict for name in EFFECTS}
    assert verdicts == {name: "confirm" if name in asked else "allow" for name in EFFECTS}


@pytest.mark.parametrize(("livemode", "verdict"), [(False, "allow"), (True, "confirm"), (None, "confirm")])
def test_by_default_money_is_asked_about_unless_the_mode_is_known_to_be_test(
    livemode: bool | None, verdict: str
) -> None:
    assert decided(Policy.from_settings(Settings()), livemode=livemode).verdict == verdict


def test_who_is_asked_about_what_follows_from_the_effect_whatever_the_risk_of_its_tool() -> None:
    of = Policy.from_settings(Settings(confirm="money"))
    assert TOOLS["update_customer"].risk is Risk.WRITE
    assert decided(of, "update_customer", CHARGE).verdict == "confirm"
    assert decided(of, "update_customer", Effect(kind=EffectKind.BILL, amount=50000)).verdict == "confirm"
    assert decided(of, "delete_customer", CHANGE).verdict == "allow"


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        ("refund_order", "moves or asks for money"),
        ("delete_customer", "ends or removes something"),
        ("create_token", "shows or makes a secret"),
        ("create_company", "cannot be undone"),
        ("create_webhook", "decides who gets money or data, or who is believed"),
    ],
)
def test_a_question_of_the_level_names_what_about_the_call_is_asked(tool: str, reason: str) -> None:
    assert decided(Policy(), tool, livemode=True).why["en"] == (
        f'A person has to say yes: consent is set to "money" in live mode, and this call {reason}.'
    )


def test_a_decision_says_why_in_both_languages() -> None:
    assert decided(Policy.from_settings(Settings()), livemode=True).why == {
        "en": (
            'A person has to say yes: consent is set to "money" in live mode, and this call moves or asks '
            "for money."
        ),
        "es": (
            'Una persona tiene que decir que sí: la confirmación está en "money" en modo live, y esta '
            "llamada "
            "mueve o pide dinero."
        ),
    }
    denied = decided(policy({"effect": "deny", "name": "no {x}", "reason": "Pregunta a {Ana}."}))
    assert denied.why == {
        "en": "A rule of the operator does not allow refund_order here (rule no {x}). Pregunta a {Ana}.",
        "es": "Una regla del operador no permite refund_order aquí (regla no {x}). Pregunta a {Ana}.",
    }
    assert decided(policy()).why == {"en": "Nothing hinders it.", "es": "Nada lo impide."}


DENY = [
    ({"tools": ["refund_order"]}, True),
    ({"tools": ["cancel_refund", "refund_order"]}, True),
    ({"tools": ["cancel_refund"]}, False),
    ({"toolsets": ["refunds"]}, True),
    ({"toolsets": ["orders"]}, False),
    ({"kinds": ["refund", "payout"]}, True),
    ({"kinds": ["charge"]}, False),
    ({"risks": ["money"]}, True),
    ({"risks": ["read", "write"]}, False),
    ({"profiles": ["default"]}, True),
    ({"profiles": ["store-b"]}, False),
    ({"modes": ["test"]}, True),
    ({"modes": ["live"]}, False),
    ({"amount_over": "499.99"}, True),
    ({"amount_over": 500}, False),
    ({"toolsets": ["refunds"], "amount_over": 499, "modes": ["test"], "profiles": ["default"]}, True),
    ({"toolsets": ["refunds"], "amount_over": 499, "modes": ["live"], "profiles": ["default"]}, False),
    ({}, True),
]


@pytest.mark.parametrize(("conditions", "fits"), DENY)
def test_a_rule_holds_where_each_of_its_conditions_fits(conditions: dict[str, Any], fits: bool) -> None:
    denied = decided(policy({"effect": "deny", **conditions}))
    asked = decided(policy({"effect": "confirm", **{**conditions, **_no_read(conditions)}}))
    assert (denied.verdict, denied.rule) == (("deny", "r0") if fits else ("allow", None))
    assert (asked.verdict, asked.rule) == (("confirm", "r0") if fits else ("allow", None))


def _no_read(conditions: dict[str, Any]) -> dict[str, Any]:
    kept = [risk for risk in conditions.get("risks", []) if risk != "read"]
    return {"risks": kept} if kept else {}


def test_a_rule_for_live_holds_where_the_mode_is_unknown_and_one_for_test_does_not() -> None:
    live, test = ({"effect": "deny", "modes": [mode]} for mode in ("live", "test"))
    assert decided(policy(live), livemode=None).verdict == "deny"
    assert decided(policy(test), livemode=None).verdict == "confirm"
    assert (
        decided(policy({"effect": "allow", "modes": ["test"]}, default="deny"), livemode=None).verdict
        == "deny"
    )


@pytest.mark.parametrize(
    ("effect", "verdict"),
    [
        (Effect(kind=EffectKind.REFUND), "deny"),
        (Effect(kind=EffectKind.BILL), "deny"),
        (Effect(kind=EffectKind.CHANGE), "allow"),
        (Effect(kind=EffectKind.REFUND, amount=1, currency="USD"), "deny"),
        (Effect(kind=EffectKind.REFUND, amount=100_001), "deny"),
        (Effect(kind=EffectKind.REFUND, amount=100_000), "allow"),
    ],
)
def test_an_amount_that_cannot_be_compared_is_over(effect: Effect, verdict: str) -> None:
    assert decided(policy({"effect": "deny", "amount_over": 1000}), effect=effect).verdict == verdict


@pytest.mark.parametrize(
    ("times", "amount", "verdict"),
    [(None, 9_900, "deny"), (12, 9_900, "deny"), (10, 9_900, "allow"), (None, 0, "allow")],
)
def test_a_demand_without_end_is_over_every_amount(times: int | None, amount: int, verdict: str) -> None:
    again = Recurrence(amount=amount, interval="month", times=times)
    effect = Effect(kind=EffectKind.BILL, amount=amount, recurrence=again)
    assert decided(policy({"effect": "deny", "amount_over": 1000}), effect=effect).verdict == verdict


def test_deny_wins_over_confirm_and_confirm_over_allow_in_any_order() -> None:
    tables: list[dict[str, Any]] = [{"effect": effect} for effect in ("allow", "confirm", "deny")]
    assert decided(policy(*tables)).verdict == "deny"
    assert decided(policy(*reversed(tables))).verdict == "deny"
    assert decided(policy(*tables[:2])).verdict == "confirm"
    assert decided(policy(tables[1], tables[0])).verdict == "confirm"


def test_a_rule_that_allows_takes_nothing_back() -> None:
    allowed = {"effect": "allow", "tools": ["refund_order"]}
    assert decided(policy(allowed), livemode=True).verdict == "confirm"
    limited = policy(allowed, limits=Limits(max_amount=49999))
    assert (decided(limited).verdict, decided(limited).limit) == ("deny", "max_amount")


def test_a_closed_policy_allows_only_what_a_rule_allows() -> None:
    closed = policy({"effect": "allow", "toolsets": ["refunds"]}, default="deny")
    assert decided(closed).verdict == "allow"
    assert decided(closed, livemode=True).verdict == "confirm"
    denied = decided(closed, "delete_customer")
    assert (denied.verdict, denied.rule, denied.why["en"]) == (
        "deny",
        None,
        "The operator allows only what a rule allows, and none allows delete_customer here.",
    )


def test_a_rule_that_asks_does_not_open_a_closed_policy() -> None:
    assert decided(policy({"effect": "confirm"}, default="deny")).verdict == "deny"
    assert decided(policy({"effect": "confirm"}, {"effect": "allow"}, default="deny")).verdict == "confirm"


FORBIDDEN = [
    ({"effect": "deny", "toolsets": ["refunds"]}, "refund_order", True),
    ({"effect": "deny", "toolsets": ["refunds"], "kinds": ["refund"]}, "refund_order", False),
    ({"effect": "deny", "amount_over": 0}, "refund_order", False),
    ({"effect": "deny", "modes": ["live"]}, "refund_order", True),
    ({"effect": "deny", "tools": ["get_balance"]}, "get_balance", True),
    ({"effect": "deny", "risks": ["read"]}, "get_balance", True),
    ({"effect": "deny", "kinds": ["change"]}, "get_balance", False),
    ({"effect": "deny", "amount_over": 0}, "get_balance", False),
    ({"effect": "confirm", "toolsets": ["balance"]}, "get_balance", False),
    ({"effect": "deny"}, "call_write_operation", False),
    ({"effect": "deny"}, "simulate_payment", True),
]


@pytest.mark.parametrize(("rule", "tool", "forbidden"), FORBIDDEN)
def test_what_needs_no_stakes_is_denied_before_anything_is_read(
    rule: dict[str, Any], tool: str, forbidden: bool
) -> None:
    denial = policy(rule).find_denial(TOOLS[tool], "default", None)
    assert (denial.verdict if denial else None) == ("deny" if forbidden else None)


CLOSED = [
    ({"effect": "allow", "kinds": ["refund"]}, "refund_order", False),
    ({"effect": "allow", "kinds": ["refund"]}, "get_balance", True),
    ({"effect": "allow", "risks": ["read"]}, "get_balance", False),
    ({"effect": "allow", "risks": ["read"]}, "refund_order", True),
    ({"effect": "allow", "profiles": ["store-b"]}, "refund_order", True),
    ({"effect": "confirm"}, "refund_order", True),
    ({"effect": "allow", "risks": ["read"]}, "search_operations", False),
]


@pytest.mark.parametrize(("rule", "tool", "forbidden"), CLOSED)
def test_a_closed_policy_denies_early_what_no_rule_can_allow(
    rule: dict[str, Any], tool: str, forbidden: bool
) -> None:
    denial = policy(rule, default="deny").find_denial(TOOLS[tool], "default", None)
    assert (denial.verdict if denial else None) == ("deny" if forbidden else None)


def test_an_early_denial_of_a_read_says_nothing_of_an_outcome() -> None:
    denial = policy({"effect": "deny", "risks": ["read"]}).find_denial(TOOLS["get_balance"], "default", False)
    assert denial is not None
    refusal = denial.to_failure("es", writes=False)
    assert (refusal.type, refusal.outcome, refusal.retryable) == ("policy_denied", None, False)
    assert refusal.details[0].code == "conekta_mcp.errors.policy_denied.rule"
    assert refusal.details[0].message == "Una regla del operador no permite get_balance aquí (regla r0)."
    assert refusal.details[0].debug_message == (
        "A rule of the operator does not allow get_balance here (rule r0)."
    )


def test_a_denied_write_is_not_applied_and_names_the_limit() -> None:
    refusal = decided(Policy(limits=Limits(max_amount=20000))).to_failure("en")
    assert (refusal.type, refusal.outcome) == ("limit_exceeded", "not_applied")
    assert refusal.details[0].code == "conekta_mcp.errors.limit_exceeded.max_amount"
    assert str(refusal) == "One call may be of MXN 200.00 at most (max_amount); this one is of MXN 500.00."
    assert refusal.hint is not None
    assert refusal.hint.startswith("Nothing was sent to Conekta.")
    closed = decided(policy(default="deny")).to_failure()
    assert closed.details[0].code == "conekta_mcp.errors.policy_denied.no_rule"


def test_a_refund_above_what_is_left_says_how_much_that_is() -> None:
    of = Policy(limits=Limits(max_amount=60000))
    refusal = decided(of, effect=Effect(kind=EffectKind.REFUND, amount=50000, ceiling=20000)).to_failure("en")
    assert (refusal.type, refusal.outcome) == ("limit_exceeded", "not_applied")
    assert str(refusal) == "MXN 200.00 can still be refunded; this call is of MXN 500.00."
    assert refusal.hint == (
        "Nothing was sent to Conekta. Correct the amount; how much is left was read just now."
    )


def test_the_caps_of_a_call_are_given_whether_it_is_asked_about_or_not() -> None:
    of = Policy(limits=Limits(max_daily_refunds=90000), profile_limits={"store-b": Limits(max_daily_calls=3)})
    cap = Cap(counter="f00d:refund:2026-11-21", amount=50000, most=90000)
    counted = Cap(counter="f00d:calls:2026-11-21", amount=0)
    assert decided(of).caps == (cap, counted)
    assert decided(of, livemode=True).caps == (cap, counted)
    asked = Policy(rules=rules({"effect": "confirm"}).rule, limits=of.limits)
    assert decided(asked).caps == (cap,)
    assert decided(of, profile="store-b").caps == (
        cap,
        Cap(counter="f00d:calls:2026-11-21", amount=0, most_calls=3),
    )
    assert decided(of, "update_customer").caps == ()


FILE = """
[confirm]
test = "destructive"
live = "destructive"

[limits]
max_amount = "5000.50"
max_daily_refunds = 800

[profiles.store-b.limits]
max_amount = 9000
max_daily_calls = 10
"""


def test_flags_and_file_are_put_together_the_strict_way(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(FILE)
    named = Settings(policy=str(path), profiles=("store-b",))
    alone = Policy.from_settings(named)
    assert alone.levels == {"test": "destructive", "live": "destructive"}
    assert alone.get_limits("default") == Limits(max_amount=500050, max_daily_refunds=80000)
    assert alone.get_limits("store-b") == Limits(
        max_amount=500050, max_daily_refunds=80000, max_daily_calls=10
    )
    flags = {"policy": str(path), "profiles": ("store-b",), "max_amount": 400000, "max_daily_refunds": 90000}
    both = Policy.from_settings(Settings(**flags, confirm="writes", max_daily_payouts=0))
    assert both.levels == {"test": "writes", "live": "writes"}
    assert both.get_limits("default") == Limits(
        max_amount=400000, max_daily_refunds=80000, max_daily_payouts=0
    )
    assert Policy.from_settings(Settings(**flags, confirm="never")).levels["live"] == "destructive"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ('default = "allow"', {"test": "never", "live": "money"}),
        ('[confirm]\nlive = "never"', {"test": "never", "live": "never"}),
        ('[confirm]\ntest = "writes"', {"test": "writes", "live": "money"}),
    ],
)
def test_the_file_says_the_level_of_each_mode(text: str, levels: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    assert Policy.from_settings(Settings(policy=str(path))).levels == levels


STRICTNESS = {"allow": 0, "confirm": 1, "deny": 2}
writing = st.sampled_from([tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS) if not tool.risk.read_only])
conditions = st.fixed_dictionaries(
    {},
    optional={
        "tools": st.lists(
            st.sampled_from(sorted(t.name for t in ALL_TOOLS if not t.risk.read_only)), min_size=1
        ),
        "toolsets": st.lists(st.sampled_from(["refunds", "orders", "customers", "payouts"]), min_size=1),
        "kinds": st.lists(st.sampled_from([kind.value for kind in EffectKind]), min_size=1),
        "risks": st.lists(st.sampled_from(["write", "money", "destructive", "secret"]), min_size=1),
        "profiles": st.lists(st.sampled_from(["default", "store-b"]), min_size=1),
        "modes": st.lists(st.sampled_from(["test", "live"]), min_size=1),
    },
)
amounts = st.fixed_dictionaries({}, optional={"amount_over": st.integers(0, 2000)})
strict = st.tuples(conditions, amounts, st.sampled_from(["deny", "confirm"])).map(
    lambda parts: {**parts[0], **parts[1], "effect": parts[2]}
)
opening = conditions.map(lambda table: {**table, "effect": "allow"})
anything = st.one_of(strict, opening)
effect = st.builds(
    Effect,
    kind=st.sampled_from(EffectKind),
    amount=st.none() | st.integers(-5, 200_000),
    currency=st.sampled_from(["MXN", "USD"]),
    ceiling=st.none() | st.integers(0, 200_000),
)
caps = st.none() | st.integers(0, 200_000)
limits = st.builds(
    Limits, max_amount=caps, max_daily_refunds=caps, max_daily_calls=caps, max_daily_bill_calls=caps
)


def verdict(of: Policy, tool: Tool[Any], at_stake: Effect, livemode: bool | None) -> int:
    denial = of.find_denial(tool, "default", livemode)
    found = of.decide(tool, at_stake, profile="default", livemode=livemode, at=NOON)
    assert denial is None or found.verdict == "deny", "the early answer and the late one contradict"
    return STRICTNESS[found.verdict]


@tries(60)
@given(
    st.lists(anything, max_size=4), anything, st.integers(0, 4), writing, effect, st.none() | st.booleans()
)
def test_no_rule_added_to_an_open_policy_makes_a_verdict_looser(
    tables: list[dict[str, Any]],
    added: dict[str, Any],
    place: int,
    tool: Tool[Any],
    at_stake: Effect,
    livemode: bool | None,
) -> None:
    more = [*tables[:place], added, *tables[place:]]
    assert verdict(policy(*more), tool, at_stake, livemode) >= verdict(
        policy(*tables), tool, at_stake, livemode
    )


@tries(60)
@given(st.lists(anything, max_size=4), strict, writing, effect, st.none() | st.booleans())
def test_a_strict_rule_added_to_a_closed_policy_makes_no_verdict_looser(
    tables: list[dict[str, Any]],
    added: dict[str, Any],
    tool: Tool[Any],
    at_stake: Effect,
    livemode: bool | None,
) -> None:
    closed, open_ = (policy(*tables, default=default) for default in ("deny", "allow"))
    more = policy(*tables, added, default="deny")
    assert verdict(more, tool, at_stake, livemode) >= verdict(closed, tool, at_stake, livemode)
    assert verdict(closed, tool, at_stake, livemode) >= verdict(open_, tool, at_stake, livemode)


@tries(60)
@given(limits, limits, writing, effect)
def test_no_limit_makes_a_verdict_looser_and_no_cap_is_negative(
    one: Limits, other: Limits, tool: Tool[Any], at_stake: Effect
) -> None:
    both = merge_strictest(one, other)
    found = Policy(limits=both, levels={"test": "never", "live": "never"})
    assert verdict(found, tool, at_stake, True) >= verdict(
        Policy(limits=one, levels=found.levels), tool, at_stake, True
    )
    given_caps = found.decide(tool, at_stake, profile="default", livemode=True, at=NOON).caps
    assert [cap for cap in given_caps if cap.amount < 0 or (cap.most or 0) < 0] == []


def test_a_rule_is_frozen() -> None:
    rule: Rule = rules({"effect": "deny"}).rule[0]
    with pytest.raises(ValueError, match="frozen"):
        rule.effect = "allow"
