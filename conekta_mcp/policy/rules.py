"""The tables of the operator's policy file, closed and strict; docs/policy.md says what they mean."""

from collections.abc import Callable, Collection
from enum import Enum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from conekta_mcp.catalog import (
    Kind,
    Risk,
    Stakes,
    Tool,
    Toolset,
)
from conekta_mcp.policy.limits import ASKING, CURRENCY
from conekta_mcp.redaction import to_error_text
from conekta_mcp.settings.parsing import parse_pesos

Level = Literal["never", "destructive", "money", "writes"]
AMOUNT = 'an amount of MXN as text or whole number, such as "5000.50" or 5000, never a float'


def wrong(said: str) -> PydanticCustomError:
    """Make the problem that says what was expected."""
    return PydanticCustomError("policy", "{said}", {"said": said})


def _centavos(value: object) -> int:
    if not isinstance(value, int | str):
        raise wrong(f"expected {AMOUNT}")
    try:
        return parse_pesos(str(value))
    except ValueError:
        raise wrong(f"expected {AMOUNT}") from None


def _member(chosen: type[Enum], but: frozenset[Enum] = frozenset()) -> Callable[[object], Enum]:
    known = {one.value: one for one in chosen if one not in but}

    def read(value: object) -> Enum:
        if not isinstance(value, str) or value not in known:
            raise wrong(f"expected one of {', '.join(known)}")
        return known[value]

    return read


def _known(what: str) -> Callable[[str, ValidationInfo], str]:
    """Check a name against those that the reader of the file knows."""

    def check(name: str, info: ValidationInfo) -> str:
        known: Collection[str] = _asked(info, what)
        if name not in known:
            raise wrong(f"there is no {what} {to_error_text(name)}{_instead(name, known)}")
        return name

    return check


def _asked(info: ValidationInfo, what: str) -> Collection[str]:
    """Ask whoever reads the file for the names of `what`."""
    known: Collection[str] = (info.context or {})[what]()
    return known


def _instead(name: str, known: Collection[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"; did you mean {near[0]}?"
    return (
        f"; expected one of {', '.join(sorted(known))}"
        if len(known) <= 20
        else "; see conekta-mcp tools --all"
    )


Pesos = Annotated[int, BeforeValidator(_centavos)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Reason = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
ToolName = Annotated[str, AfterValidator(_known("tool"))]
ProfileName = Annotated[str, AfterValidator(_known("profile"))]
FINDERS = frozenset[Enum]({Toolset.DISCOVERY})
"""The tools that find and call others: what they call is decided, never they themselves."""
AToolset = Annotated[Toolset, BeforeValidator(_member(Toolset, FINDERS))]
AKind = Annotated[Kind, BeforeValidator(_member(Kind))]
ARisk = Annotated[Risk, BeforeValidator(_member(Risk))]


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ConfirmTable(Table):
    """[confirm]"""

    test: Level | None = None
    live: Level | None = None


class LimitsTable(Table):
    """[limits] and [profiles.NAME.limits], in the names of Limits."""

    max_amount: Pesos | None = None
    max_daily_charges: Pesos | None = None
    max_daily_bills: Pesos | None = None
    max_daily_refunds: Pesos | None = None
    max_daily_payouts: Pesos | None = None
    max_daily_calls: Count | None = None
    max_daily_charge_calls: Count | None = None
    max_daily_bill_calls: Count | None = None
    max_daily_refund_calls: Count | None = None
    max_daily_payout_calls: Count | None = None


class ProfileTable(Table):
    """[profiles.NAME]"""

    limits: LimitsTable = LimitsTable()


class Rule(Table):
    """[[rule]]: it holds for a call that fits each of the conditions it has."""

    name: Name
    effect: Literal["allow", "deny", "confirm"]
    reason: Reason | None = None
    tools: Annotated[list[ToolName], Field(min_length=1)] | None = None
    toolsets: Annotated[list[AToolset], Field(min_length=1)] | None = None
    kinds: Annotated[list[AKind], Field(min_length=1)] | None = None
    risks: Annotated[list[ARisk], Field(min_length=1)] | None = None
    profiles: Annotated[list[ProfileName], Field(min_length=1)] | None = None
    modes: Annotated[list[Literal["test", "live"]], Field(min_length=1)] | None = None
    amount_over: Pesos | None = None

    @model_validator(mode="after")
    def _means_something(self, info: ValidationInfo) -> Self:
        reads: Collection[str] = _asked(info, "read") if self.tools else ()
        if self.effect == "allow" and self.amount_over is not None:
            raise wrong("amount_over goes with deny or confirm: to allow small amounts, deny those over")
        asked = [name for name in self.tools or () if name in reads]
        if self.effect == "confirm" and (asked or Risk.READ in (self.risks or ())):
            named = asked[0] if asked else "risk read"
            raise wrong(f"{named} changes nothing and is never asked about; expected allow or deny")
        if Risk.READ in (self.risks or ()) and (self.kinds or self.amount_over is not None):
            raise wrong("a read has neither kind nor amount; expected risks that write")
        return self

    def holds(self, tool: Tool[Any], stakes: Stakes | None, profile: str, mode: str) -> bool | None:
        """Whether the rule is about this call; None where only its stakes, not known yet, will tell."""
        asked: tuple[tuple[Collection[Any] | None, Any], ...] = (
            (self.tools, tool.name),
            (self.toolsets, tool.toolset),
            (self.risks, tool.risk),
            (self.profiles, profile),
            (self.modes, mode),
        )
        if any(chosen is not None and one not in chosen for chosen, one in asked):
            return False
        if self.kinds is None and self.amount_over is None:
            return True
        if tool.risk.read_only:
            return False
        if stakes is None:
            return None
        return (self.kinds is None or stakes.kind in self.kinds) and self._amount_holds(stakes)

    def _amount_holds(self, stakes: Stakes) -> bool:
        """Whether the amount is over, or cannot be compared although the call is about money."""
        if self.amount_over is None:
            return True
        if stakes.amount is None:
            return stakes.kind in ASKING
        return stakes.currency != CURRENCY or stakes.amount > self.amount_over


class PolicyFile(Table):
    """The whole file."""

    default: Literal["allow", "deny"] = "allow"
    confirm: ConfirmTable = ConfirmTable()
    limits: LimitsTable = LimitsTable()
    profiles: dict[ProfileName, ProfileTable] = {}
    rule: list[Rule] = []

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [rule.name for rule in self.rule]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise wrong(
                f"two rules have the name {to_error_text(twice[0])}; expected a name of its own for each"
            )
        return self
