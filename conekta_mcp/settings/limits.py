"""The operator's limits, declared once: flags, variables, policy file, counters and docs derive from it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from conekta_mcp.settings.parsing import Group, declare_setting, derive_names, parse_count, parse_pesos

Unit = Literal["pesos", "calls"]
"""What a limit counts: centavos, written in MXN, or calls."""
Period = Literal["call", "day", "month"]
"""Whether it holds for one call, for a day of an account, or for a month of what recurs."""

AMOUNTS = ("charge", "bill", "refund", "payout")
"""The kinds of writes with an amount of money."""
MOVES = ("charge", "refund", "payout")
"""The kinds that move money at once; a bill waits for its payer."""
PARSERS: dict[Unit, Callable[[str], int]] = {"pesos": parse_pesos, "calls": parse_count}


@dataclass(frozen=True, kw_only=True)
class LimitMeaning:
    """What a limit counts, and for which kinds of writes."""

    unit: Unit
    period: Period
    kinds: tuple[str, ...]
    """Values of `catalog.EffectKind`."""
    operations: tuple[str, ...] = ()
    """The only operations that it counts; () for all of its kinds."""

    @property
    def counter(self) -> str:
        """The counter of a daily limit: its operations, else its kind, or "calls" for several kinds.

        Limits with the same counter are counted together; the store keeps counters by this name.
        """
        if self.operations:
            return "+".join(self.operations)
        return self.kinds[0] if len(self.kinds) == 1 else "calls"

    def watches(self, kind: str, operation: str | None) -> bool:
        """Tell whether it counts such a write; without a name, the operation may be any."""
        is_other = operation is not None and self.operations and operation not in self.operations
        return kind in self.kinds and not is_other


def declare_limit(
    unit: Unit,
    period: Period,
    kinds: tuple[str, ...],
    english: str,
    spanish: str,
    operations: tuple[str, ...] = (),
) -> Any:
    """Declare one limit with its purpose in both languages; the field names flag and variable."""
    meaning = LimitMeaning(unit=unit, period=period, kinds=kinds, operations=operations)
    return declare_setting(
        None, PARSERS[unit], english, group=Group.LIMITS, limit=meaning, spanish_help=spanish
    )


@dataclass(frozen=True, kw_only=True)
@derive_names
class Limits:
    """The most that one call, and one day of one account, may do: centavos and calls, None for no limit."""

    max_amount: int | None = declare_limit(
        "pesos",
        "call",
        (*AMOUNTS, "change"),
        "most MXN that one call may move or bill",
        "máximo de MXN que una llamada puede mover o cobrar",
    )
    max_recurring: int | None = declare_limit(
        "pesos",
        "month",
        (*AMOUNTS, "change"),
        "most MXN a month that one subscription, plan or link without end may ask for",
        "máximo de MXN al mes que una suscripción, un plan o una liga sin final puede pedir",
    )
    max_daily_charges: int | None = declare_limit(
        "pesos",
        "day",
        ("charge",),
        "most MXN charged to cards a day",
        "máximo de MXN cargados a tarjetas al día",
    )
    max_daily_bills: int | None = declare_limit(
        "pesos",
        "day",
        ("bill",),
        "most MXN asked for by SPEI, cash or link a day",
        "máximo de MXN pedidos por SPEI, efectivo o liga al día",
    )
    max_daily_refunds: int | None = declare_limit(
        "pesos", "day", ("refund",), "most MXN refunded a day", "máximo de MXN reembolsados al día"
    )
    max_daily_payouts: int | None = declare_limit(
        "pesos", "day", ("payout",), "most MXN paid out a day", "máximo de MXN pagados a terceros al día"
    )
    max_daily_calls: int | None = declare_limit(
        "calls",
        "day",
        MOVES,
        "most calls that move money a day",
        "máximo de llamadas que mueven dinero al día",
    )
    max_daily_charge_calls: int | None = declare_limit(
        "calls",
        "day",
        ("charge",),
        "most calls that charge cards a day",
        "máximo de llamadas que cargan a tarjetas al día",
    )
    max_daily_bill_calls: int | None = declare_limit(
        "calls",
        "day",
        ("bill",),
        "most calls that ask for money by SPEI, cash or link a day",
        "máximo de llamadas que piden dinero por SPEI, efectivo o liga al día",
    )
    max_daily_refund_calls: int | None = declare_limit(
        "calls",
        "day",
        ("refund",),
        "most calls that refund a day",
        "máximo de llamadas que reembolsan al día",
    )
    max_daily_payout_calls: int | None = declare_limit(
        "calls",
        "day",
        ("payout",),
        "most calls that pay out a day",
        "máximo de llamadas que pagan a terceros al día",
    )


def list_limits() -> dict[str, LimitMeaning]:
    """Return the meaning of each limit by its name."""
    return {one.name: one.metadata["limit"] for one in fields(Limits)}


def format_flags(limits: Limits) -> list[str]:
    """Return the flags that set these limits, such as --max-amount 5000.50."""
    return [
        word
        for one in fields(Limits)
        if (value := getattr(limits, one.name)) is not None
        for word in (one.metadata["flag"], _format_value(one.metadata["limit"].unit, value))
    ]


def list_flags() -> list[str]:
    return [one.metadata["flag"] for one in fields(Limits)]


def _format_value(unit: Unit, value: int) -> str:
    if unit == "calls":
        return str(value)
    pesos, centavos = divmod(value, 100)
    return f"{pesos}.{centavos:02}" if centavos else str(pesos)


def pick_limits(settings: Limits) -> Limits:
    """Return only the limits of `settings`, which inherits them."""
    return Limits(**{one.name: getattr(settings, one.name) for one in fields(Limits)})
