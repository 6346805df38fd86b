"""The operator's rules: what a call may do, when a person is asked, and which limits hold.

The strictest wins: deny over confirm over allow. Flags and the file are put together the same way: the
stricter level of consent, the lower limit. A rule that allows takes nothing back; it opens only what
`default = "deny"` closes (docs/policy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from conekta_mcp.accounts.profile import BROUGHT, DEFAULT
from conekta_mcp.catalog import Risk, Stakes, Tool, Toolset
from conekta_mcp.errors import Forbidden
from conekta_mcp.policy.limits import (
    BY_ITSELF,
    MOVING,
    Limits,
    caps_of,
    forbidden,
    too_much,
)
from conekta_mcp.policy.messages import Texts, texts
from conekta_mcp.redaction import to_error_text
from conekta_mcp.settings.table import CONFIRM, Settings
from conekta_mcp.storage.records import Cap

if TYPE_CHECKING:
    from conekta_mcp.policy.rules import PolicyFile, Rule

Verdict = Literal["allow", "confirm", "deny"]
DEFAULT_LEVELS: Mapping[str, str] = {"test": "never", "live": "money"}
"""When a person is asked, by mode, where the operator says nothing."""
HINT = (
    "Nothing was sent to Conekta. Do not look for another way to do it: tell the person, who can ask whoever "
    "runs this server."
)
CORRECT = "Nothing was sent to Conekta. Correct the amount; how much is left was read just now."


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the policy says of one call."""

    verdict: Verdict
    why: Texts
    rule: str | None = None
    """The rule of the file that decided."""
    limit: str | None = None
    """The limit that the call passes by itself."""
    caps: tuple[Cap, ...] = ()
    """What to reserve before the call, where it is not denied."""

    def refusal(self, language: str = "es", *, writes: bool = True) -> Forbidden:
        """Make the failure that a denial is; `writes` says whether the call would change something."""
        kind = "limit_exceeded" if self.limit else "policy_denied"
        code = self.limit or ("rule" if self.rule else "no_rule")
        hint = CORRECT if self.limit in BY_ITSELF else HINT
        return forbidden(kind, code, self.why, language, hint, writes=writes)


def no_tools() -> Iterable[Tool[Any]]:
    """Know no tool: a file that names one is refused."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything that the operator decided about calls."""

    closed: bool = False
    """Whether only what a rule allows is allowed."""
    levels: Mapping[str, str] = field(default_factory=lambda: DEFAULT_LEVELS)
    """The level of consent, by mode."""
    limits: Limits = field(default_factory=Limits)
    by_profile: Mapping[str, Limits] = field(default_factory=dict)
    rules: Sequence[Rule] = ()

    @classmethod
    def of(cls, settings: Settings, tools: Callable[[], Iterable[Tool[Any]]] = no_tools) -> Policy:
        """Put flags and file together; `tools` gives all there are, asked only if the file names some.

        Raises:
            ConfigurationError: naming file, table and key, and what was expected.
        """
        flags = Limits.of(settings)
        if settings.policy is None:
            return cls(levels=_levels(settings.confirm, {}), limits=flags)
        from conekta_mcp.policy.file import read_policy

        file = read_policy(settings.policy, tools, lambda: _profiles(settings))
        return cls(
            closed=file.default == "deny",
            levels=_levels(settings.confirm, file.confirm.model_dump(exclude_none=True)),
            limits=flags.strictest(Limits(**file.limits.model_dump())),
            by_profile=_by_profile(file),
            rules=file.rule,
        )

    def limits_of(self, profile: str) -> Limits:
        """Give the limits of a profile: the lower of everyone's and its own."""
        return self.limits.strictest(self.by_profile.get(profile, Limits()))

    def forbids(self, tool: Tool[Any], profile: str, livemode: bool | None) -> Decision | None:
        """Give the denial that holds whatever is at stake; for a read it is the whole decision."""
        if tool.toolset is Toolset.DISCOVERY:
            return None
        held = [(rule, rule.holds(tool, None, profile, _mode(livemode))) for rule in self.rules]
        sure = [rule for rule, holds in held if holds]
        perhaps = [rule for rule, holds in held if holds is not False]
        return self._denial(tool, sure, perhaps)

    def decide(
        self,
        tool: Tool[Any],
        stakes: Stakes,
        *,
        profile: str,
        livemode: bool | None,
        at: float,
        account: str = "",
    ) -> Decision:
        """Decide about a write; `at` is in unix seconds, `account` the fingerprint of the key that acts."""
        mode = _mode(livemode)
        rules = [rule for rule in self.rules if rule.holds(tool, stakes, profile, mode)]
        denial = self._denial(tool, rules, rules)
        if denial:
            return denial
        limits = self.limits_of(profile)
        over = too_much(limits, stakes)
        if over:
            return Decision(verdict="deny", why=over.why, limit=over.limit)
        caps = caps_of(limits, stakes, account=account, profile=profile, at=at)
        return self._asking(tool, stakes, rules, mode, caps)

    def _asking(
        self, tool: Tool[Any], stakes: Stakes, rules: Sequence[Rule], mode: str, caps: tuple[Cap, ...]
    ) -> Decision:
        """Say whether a person is asked about what is not denied."""
        asking = next((rule for rule in rules if rule.effect == "confirm"), None)
        if asking:
            why = _said("rule_confirms", asking, tool)
            return Decision(verdict="confirm", why=why, rule=asking.name, caps=caps)
        if due(self.levels[mode], tool, stakes):
            why = texts("level_confirms", mode=mode, level=self.levels[mode])
            return Decision(verdict="confirm", why=why, caps=caps)
        return Decision(verdict="allow", why=texts("allowed"), caps=caps)

    def _denial(self, tool: Tool[Any], held: Sequence[Rule], perhaps: Sequence[Rule]) -> Decision | None:
        """Give the denial by a rule that holds, or because no rule that may hold allows."""
        denying = next((rule for rule in held if rule.effect == "deny"), None)
        if denying:
            return Decision(verdict="deny", why=_said("rule_denies", denying, tool), rule=denying.name)
        if self.closed and not any(rule.effect == "allow" for rule in perhaps):
            return Decision(verdict="deny", why=texts("no_rule_allows", tool=tool.name))
        return None


def due(level: str, tool: Tool[Any], stakes: Stakes) -> bool:
    """Whether a person is asked at this level; money that moves counts as money whatever the tool's risk."""
    strictness = CONFIRM.index(level)
    if tool.risk.read_only or strictness == 0:
        return False
    if tool.risk.destructive or level == "writes":
        return True
    return strictness >= CONFIRM.index("money") and (tool.risk is Risk.MONEY or stakes.kind in MOVING)


def _said(text: str, rule: Rule, tool: Tool[Any]) -> Texts:
    """Say which rule decides, with the operator's reason as they wrote it."""
    reason = f" {to_error_text(rule.reason)}" if rule.reason else ""
    said = texts(text, rule=to_error_text(rule.name), tool=tool.name)
    return {language: f"{words}{reason}" for language, words in said.items()}


def _mode(livemode: bool | None) -> str:
    """Give the mode; unknown counts as live."""
    return "test" if livemode is False else "live"


def _levels(flag: str | None, named: Mapping[str, str]) -> Mapping[str, str]:
    """Give the level of each mode: the stricter of flag and file, and the default where neither says one."""
    levels = {}
    for mode, default in DEFAULT_LEVELS.items():
        given = [level for level in (flag, named.get(mode)) if level is not None]
        levels[mode] = max(given or [default], key=CONFIRM.index)
    return levels


def _by_profile(file: PolicyFile) -> Mapping[str, Limits]:
    return {name: Limits(**table.limits.model_dump()) for name, table in file.profiles.items()}


def _profiles(settings: Settings) -> tuple[str, ...]:
    """Name the profiles that can act: those of the settings, and that of a key that comes with a request."""
    import os

    from conekta_mcp.accounts.profiles_file import read_profiles

    filed = read_profiles(settings.profiles_file, os.environ) if settings.profiles_file else ()
    return (DEFAULT, BROUGHT, *settings.profiles, *filed)
