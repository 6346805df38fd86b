"""The operator's policy: what a call may do, when a person is asked, and which limits apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Literal

from conekta_mcp.accounts.profile import DEFAULT_PROFILE, REQUEST_PROFILE
from conekta_mcp.catalog import Effect, EffectKind, Tool, Toolset
from conekta_mcp.errors import Forbidden
from conekta_mcp.policy.limits import (
    BUILT_IN_LIMITS,
    MERCHANTS_DAY,
    build_caps,
    build_forbidden,
    find_exceeded_limit,
    merge_strictest,
)
from conekta_mcp.policy.messages import Texts, format_level_text, format_rule_text, format_texts
from conekta_mcp.policy.sums import AMOUNT_KINDS, asks_for_money
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.limits import Limits, pick_limits
from conekta_mcp.settings.table import CONFIRM, Settings
from conekta_mcp.storage.records import Cap

if TYPE_CHECKING:
    from conekta_mcp.policy.rules import PolicyFile, Rule

Verdict = Literal["allow", "confirm", "deny"]
DEFAULT_LEVELS: Mapping[str, str] = {"test": "never", "live": "money"}
"""When a person is asked by default, by mode."""
DENIED_HINT = (
    "Nothing was sent to Conekta. Do not look for another way to do it: tell the person, who can ask whoever "
    "runs this server."
)
AMOUNT_HINT = "Nothing was sent to Conekta. Correct the amount; how much is left was read just now."


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The policy's decision about one call."""

    verdict: Verdict
    why: Texts
    rule: str | None = None
    """The rule of the file that decided."""
    limit: str | None = None
    """The limit that the call exceeds by itself."""
    caps: tuple[Cap, ...] = ()
    """The reservations to make before the call, unless it is denied."""

    def to_failure(self, language: str = "es", *, writes: bool = True) -> Forbidden:
        """Return the failure for a denial; `writes` says whether the call would change something."""
        kind = "limit_exceeded" if self.limit else "policy_denied"
        code = self.limit or ("rule" if self.rule else "no_rule")
        hint = AMOUNT_HINT if self.limit in BUILT_IN_LIMITS else DENIED_HINT
        return build_forbidden(kind, code, self.why, language, hint, writes=writes)


def list_no_tools() -> Iterable[Tool[Any]]:
    """Return no tools, so that a file that names one is refused."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All decisions of the operator about calls, from flags and file."""

    closed: bool = False
    """Whether a call needs a rule that allows it."""
    levels: Mapping[str, str] = field(default_factory=lambda: DEFAULT_LEVELS)
    """The level of consent, by mode."""
    limits: Limits = field(default_factory=Limits)
    profile_limits: Mapping[str, Limits] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    times: LocalTimes = MERCHANTS_DAY
    """The time zone whose days are counted."""

    @classmethod
    def from_settings(
        cls, settings: Settings, tools: Callable[[], Iterable[Tool[Any]]] = list_no_tools
    ) -> Policy:
        """Combine flags and file; `tools` lists all tools, and is called only if the file names some.

        Raises:
            ConfigurationError: names file, table and key, and what was expected.
        """
        flags, times = pick_limits(settings), LocalTimes(settings.timezone)
        if settings.policy is None:
            return cls(levels=_merge_levels(settings.confirm, {}), limits=flags, times=times)
        from conekta_mcp.policy.file import read_policy

        file = read_policy(settings.policy, tools, lambda: _list_profile_names(settings))
        return cls(
            closed=file.default == "deny",
            levels=_merge_levels(settings.confirm, file.confirm.model_dump(exclude_none=True)),
            limits=merge_strictest(flags, Limits(**file.limits.model_dump())),
            profile_limits=_build_profile_limits(file),
            rules=file.rule,
            times=times,
        )

    def has_questions(self, mode: str) -> bool:
        """Tell whether a person is ever asked in `mode`; an unknown mode counts as live."""
        return self.levels["test" if mode == "test" else "live"] != "never"

    def get_limits(self, profile: str) -> Limits:
        """Return the limits of a profile: the lower of the general ones and its own."""
        return merge_strictest(self.limits, own) if (own := self.profile_limits.get(profile)) else self.limits

    @cached_property
    def _counted_limits(self) -> Limits:
        """Return the lowest limits of all profiles: they decide what is counted for the account."""
        return reduce(merge_strictest, self.profile_limits.values(), self.limits)

    def find_denial(self, tool: Tool[Any], profile: str, livemode: bool | None) -> Decision | None:
        """Return a denial that does not depend on the amount; for a read this is the whole decision."""
        if tool.toolset is Toolset.DISCOVERY:
            return None
        held = [(rule, rule.is_applicable(tool, None, profile, _to_mode(livemode))) for rule in self.rules]
        sure = [rule for rule, holds in held if holds]
        perhaps = [rule for rule, holds in held if holds is not False]
        return self._deny_by_rules(tool, sure, perhaps)

    def decide(
        self,
        tool: Tool[Any],
        effect: Effect,
        *,
        profile: str,
        livemode: bool | None,
        at: float,
        store_time: float | None = None,
        account: str = "",
    ) -> Decision:
        """Decide about a write; times are in unix seconds, `account` is the name that it is counted for."""
        mode = _to_mode(livemode)
        rules = [rule for rule in self.rules if rule.is_applicable(tool, effect, profile, mode)]
        denial = self._deny_by_rules(tool, rules, rules)
        if denial:
            return denial
        limits = self.get_limits(profile)
        over = find_exceeded_limit(limits, effect, tool.name)
        if over:
            return Decision(verdict="deny", why=over.why, limit=over.limit)
        caps = build_caps(
            limits,
            effect,
            account=account,
            at=at,
            store_time=store_time,
            counted=self._counted_limits,
            times=self.times,
            operation=tool.name,
        )
        return self._decide_consent(tool, effect, rules, mode, caps)

    def _decide_consent(
        self, tool: Tool[Any], effect: Effect, rules: Sequence[Rule], mode: str, caps: tuple[Cap, ...]
    ) -> Decision:
        asking = next((rule for rule in rules if rule.effect == "confirm"), None)
        if asking:
            why = format_rule_text("rule_confirms", asking.name, asking.reason, tool.name)
            return Decision(verdict="confirm", why=why, rule=asking.name, caps=caps)
        level = self.levels[mode]
        reason = None if tool.risk.read_only else find_consent_reason(level, effect)
        if reason:
            why = format_level_text(mode, level, reason)
            return Decision(verdict="confirm", why=why, caps=caps)
        return Decision(verdict="allow", why=format_texts("allowed"), caps=caps)

    def _deny_by_rules(
        self, tool: Tool[Any], held: Sequence[Rule], perhaps: Sequence[Rule]
    ) -> Decision | None:
        """Return the denial by a rule, or because rules allow only other calls."""
        denying = next((rule for rule in held if rule.effect == "deny"), None)
        if denying:
            return Decision(
                verdict="deny",
                why=format_rule_text("rule_denies", denying.name, denying.reason, tool.name),
                rule=denying.name,
            )
        if self.closed and not any(rule.effect == "allow" for rule in perhaps):
            return Decision(verdict="deny", why=format_texts("no_rule_allows", tool=tool.name))
        return None


def find_consent_reason(level: str, effect: Effect) -> str | None:
    """Return why a person is asked at this level, as a key of `REASONS`; None if nobody is."""
    if level == "never":
        return None
    if effect.kind in (EffectKind.REMOVAL, EffectKind.SECRET):
        return str(effect.kind.value)
    asks_money = asks_for_money(effect)
    if asks_money and level != "destructive":
        return "money"
    if effect.kind not in AMOUNT_KINDS:
        if not effect.is_reversible:
            return "irreversible"
        if effect.decides_destination:
            return "destination"
    return "write" if level == "writes" else None


def _to_mode(livemode: bool | None) -> str:
    """Return the mode; unknown counts as live."""
    return "test" if livemode is False else "live"


def _merge_levels(flag: str | None, named: Mapping[str, str]) -> Mapping[str, str]:
    """Return the level of each mode: the stricter of flag and file, or the default if neither is set."""
    levels = {}
    for mode, default in DEFAULT_LEVELS.items():
        given = [level for level in (flag, named.get(mode)) if level is not None]
        levels[mode] = max(given or [default], key=CONFIRM.index)
    return levels


def _build_profile_limits(file: PolicyFile) -> Mapping[str, Limits]:
    return {name: Limits(**table.limits.model_dump()) for name, table in file.profiles.items()}


def _list_profile_names(settings: Settings) -> tuple[str, ...]:
    """Return the profiles that can act: those of the settings, and the one of a key in a request."""
    import os

    from conekta_mcp.accounts.profiles_file import read_profiles

    filed = read_profiles(settings.profiles_file, os.environ) if settings.profiles_file else ()
    return (DEFAULT_PROFILE, REQUEST_PROFILE, *settings.profiles, *filed)
