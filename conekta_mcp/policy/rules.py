"""The tables of the operator's policy file, which refuse unknown keys; docs/policy.md explains them."""

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from conekta_mcp.catalog import (
    Effect,
    EffectKind,
    Risk,
    Tool,
    Toolset,
)
from conekta_mcp.policy.limits import CURRENCY
from conekta_mcp.policy.sums import asks_for_money, is_endless, measure_whole
from conekta_mcp.redaction import name_in_error, to_error_text
from conekta_mcp.settings.limits import Unit, list_limits
from conekta_mcp.settings.parsing import parse_pesos

Level = Literal["never", "destructive", "money", "writes"]
AMOUNT_TEXT = 'an amount of MXN as text or whole number, such as "5000.50" or 5000, never a float'


def build_problem(message: str) -> PydanticCustomError:
    """Return the validation error that says what was expected."""
    return PydanticCustomError("policy", "{message}", {"message": message})


def _parse_centavos(value: object) -> int:
    if not isinstance(value, int | str):
        raise build_problem(f"expected {AMOUNT_TEXT}")
    try:
        return parse_pesos(str(value))
    except ValueError:
        raise build_problem(f"expected {AMOUNT_TEXT}") from None


def _build_member_parser(chosen: type[Enum], but: frozenset[Enum] = frozenset()) -> Callable[[object], Enum]:
    known = {one.value: one for one in chosen if one not in but}

    def parse_member(value: object) -> Enum:
        if not isinstance(value, str) or value not in known:
            raise build_problem(f"expected one of {', '.join(known)}")
        return known[value]

    return parse_member


def _build_name_check(what: str) -> Callable[[str, ValidationInfo], str]:
    """Return a validator that compares a name with those that exist."""

    def check_name(name: str, info: ValidationInfo) -> str:
        known: Collection[str] = _list_known(info, what)
        if name not in known:
            raise build_problem(f"there is no {what} {name_in_error(name)}{_suggest_name(name, known)}")
        return name

    return check_name


def _list_known(info: ValidationInfo, what: str) -> Collection[str]:
    """Return the existing names of `what`, from the context of the validation."""
    known: Collection[str] = (info.context or {})[what]()
    return known


def _suggest_name(name: str, known: Collection[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"; did you mean {near[0]}?"
    return (
        f"; expected one of {', '.join(sorted(known))}"
        if len(known) <= 20
        else "; see conekta-mcp tools --all"
    )


Pesos = Annotated[int, BeforeValidator(_parse_centavos)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
VISIBLE_LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=VISIBLE_LINE)]
Reason = Annotated[str, Field(min_length=1, max_length=300, pattern=VISIBLE_LINE)]
ToolName = Annotated[str, AfterValidator(_build_name_check("tool"))]
ProfileName = Annotated[str, AfterValidator(_build_name_check("profile"))]
DISCOVERY_TOOLSETS = frozenset[Enum]({Toolset.DISCOVERY})
"""The tools that call others: rules apply to the called tool, not to them."""
ToolsetName = Annotated[Toolset, BeforeValidator(_build_member_parser(Toolset, DISCOVERY_TOOLSETS))]
KindName = Annotated[EffectKind, BeforeValidator(_build_member_parser(EffectKind))]
RiskName = Annotated[Risk, BeforeValidator(_build_member_parser(Risk))]


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ConfirmTable(Table):
    """[confirm]"""

    test: Level | None = None
    live: Level | None = None


LIMIT_TYPES: Mapping[Unit, Any] = {"pesos": Pesos | None, "calls": Count | None}
if TYPE_CHECKING:

    class LimitsTable(Table):
        """[limits] and [profiles.NAME.limits]: the limits of settings/limits.py, by their names."""
else:
    LimitsTable = create_model(
        "LimitsTable",
        __base__=Table,
        **{name: (LIMIT_TYPES[meaning.unit], None) for name, meaning in list_limits().items()},
    )


class ProfileTable(Table):
    """[profiles.NAME]"""

    limits: LimitsTable = LimitsTable()


class Rule(Table):
    """[[rule]]: applies to a call that meets every condition it has."""

    name: Name
    effect: Literal["allow", "deny", "confirm"]
    reason: Reason | None = None
    tools: Annotated[list[ToolName], Field(min_length=1)] | None = None
    toolsets: Annotated[list[ToolsetName], Field(min_length=1)] | None = None
    kinds: Annotated[list[KindName], Field(min_length=1)] | None = None
    risks: Annotated[list[RiskName], Field(min_length=1)] | None = None
    profiles: Annotated[list[ProfileName], Field(min_length=1)] | None = None
    modes: Annotated[list[Literal["test", "live"]], Field(min_length=1)] | None = None
    amount_over: Pesos | None = None

    @model_validator(mode="after")
    def _refuse_contradiction(self, info: ValidationInfo) -> Self:
        reads: Collection[str] = _list_known(info, "read") if self.tools else ()
        if self.effect == "allow" and self.amount_over is not None:
            raise build_problem(
                "amount_over goes with deny or confirm: to allow small amounts, deny those over"
            )
        asked = [name for name in self.tools or () if name in reads]
        if self.effect == "confirm" and (asked or Risk.READ in (self.risks or ())):
            named = asked[0] if asked else "risk read"
            raise build_problem(f"{named} changes nothing and is never asked about; expected allow or deny")
        if Risk.READ in (self.risks or ()) and (self.kinds or self.amount_over is not None):
            raise build_problem("a read has neither kind nor amount; expected risks that write")
        return self

    def is_applicable(self, tool: Tool[Any], effect: Effect | None, profile: str, mode: str) -> bool | None:
        """Whether the rule applies to this call; None if that depends on an amount not known yet."""
        asked: tuple[tuple[Collection[Any] | None, Any], ...] = (
            (self.toolsets, tool.toolset),
            (self.risks, tool.risk),
            (self.profiles, profile),
            (self.modes, mode),
        )
        if any(chosen is not None and one not in chosen for chosen, one in asked):
            return False
        if self.tools is not None and not self._names(tool):
            return False
        if self.kinds is None and self.amount_over is None:
            return True
        if tool.risk.read_only:
            return False
        if effect is None:
            return None
        return (self.kinds is None or effect.kind in self.kinds) and self._is_amount_over(effect)

    def _names(self, tool: Tool[Any]) -> bool:
        """Whether the rule names the tool. A rule that denies a tool also denies its twin."""
        named = self.tools or ()
        return tool.name in named or (self.effect != "allow" and tool.twin_of in named)

    def _is_amount_over(self, effect: Effect) -> bool:
        """Whether the amount is above the rule's, or unknown although the call is about money."""
        if self.amount_over is None:
            return True
        amount = measure_whole(effect)
        if amount is None or not effect.is_amount_knowable:
            return asks_for_money(effect)
        if is_endless(effect):
            return True
        return effect.currency != CURRENCY or amount > self.amount_over


class PolicyFile(Table):
    """The whole file."""

    default: Literal["allow", "deny"] = "allow"
    confirm: ConfirmTable = ConfirmTable()
    limits: LimitsTable = LimitsTable()
    profiles: dict[ProfileName, ProfileTable] = {}
    rule: list[Rule] = []

    @model_validator(mode="after")
    def _refuse_equal_names(self) -> Self:
        names = [rule.name for rule in self.rule]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise build_problem(
                f"two rules have the name {to_error_text(twice[0])}; expected a name of its own for each"
            )
        return self
