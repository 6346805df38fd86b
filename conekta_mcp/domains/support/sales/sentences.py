"""What the sums of sales mean, in sentences, and what of them was not read."""

from collections.abc import Iterable, Mapping, Sequence

from conekta_mcp.domains.support.fields import SummarizeSalesInput
from conekta_mcp.domains.support.reading.spans import find_day_end, is_one_day
from conekta_mcp.domains.support.sales.sums import Sums, read_int, sum_groups
from conekta_mcp.domains.support.walking import Raw, Walk
from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.effects.question_text import format_count
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times, say

NEEDS_ORDERS = frozenset({"method", "status"})
UNKNOWN_GROUP = "unknown"
REFUNDED, CHARGED_BACK = ("devueltos", "refunded"), ("de contracargos", "charged back")


def describe_totals(
    totals: Iterable[Sums], start: float, end: float, movements: Walk, *, is_future: bool
) -> str:
    since, until = say_moment(int(start)), say_moment(int(end) - 1)
    span = say(f"De {since} a {until}", f"From {since} to {until}")
    if not movements.complete:
        span += say(" (incompleto)", " (incomplete)")
    told = "; ".join(_describe_sums(one) for one in totals) or say("sin movimientos", "no movements")
    if is_future:
        told = say("aún no llega", "it has not come yet")
    elif not movements.complete and _find_oldest(movements) >= end:
        told = say("no se alcanzó a leer nada de esos días", "nothing of those days was reached")
    return f"{span}: {told}."


def _find_oldest(movements: Walk) -> int:
    return min((at for row in movements.found if (at := read_int(row, "created_at"))), default=0)


def describe_first_day(asked: SummarizeSalesInput, in_time: Iterable[Raw], start: float, end: float) -> str:
    """Say what one day such as "ayer" alone had, where the sums go on until now: either may be meant."""
    first_end = find_day_end(get_times().find_day(start), get_times())
    if asked.to_day or not start or first_end >= end or not is_one_day(asked.from_day):
        return ""
    sums = sum_groups((row for row in in_time if read_int(row, "created_at") < first_end), lambda _row: "")
    told = "; ".join(map(_describe_sums, sums.values())) or say("sin movimientos", "no movements")
    return say(f" Solo ese primer día: {told}.", f" That first day alone: {told}.")


def _describe_sums(one: Sums) -> str:
    taken, fees, net = (format_pesos(amount, one.currency) for amount in (one.taken, one.fees, one.net))
    spanish, english = format_count(one.payments, ("pago", "pagos"), ("payment", "payments"))
    # With all that is taken off, so that the sentence adds up.
    less = [
        say(
            f"{format_pesos(amount, one.currency)} {words[0]}",
            f"{format_pesos(amount, one.currency)} {words[1]}",
        )
        for amount, words in ((one.refunds, REFUNDED), (one.chargebacks, CHARGED_BACK))
        if amount
    ]
    parts = [say(f"{fees} de comisiones", f"{fees} fees"), *less, say(f"{net} netos", f"{net} net")]
    begin = say(f"{taken} cobrados en {spanish}", f"{taken} taken in {english}")
    return ", ".join([begin, *parts])


def list_missing(movements: Walk, orders: Walk, pending: Walk, by: str, end: float) -> list[str]:
    """Say what was not read, and which days can be: the list has no filter by day, so old ones come last."""
    left = []
    if not movements.complete:
        oldest = say_moment(_find_oldest(movements))
        left.append(
            say(
                f"Sumas hasta ahora: faltan los movimientos anteriores a {oldest}.",
                f"So far: movements before {oldest} are missing.",
            )
            + (
                say(" Pide menos días.", " Ask for fewer days.")
                if _find_oldest(movements) < end
                else say(
                    " Esos días quedan más atrás de lo que se alcanza: pide días más nuevos, o un reporte "
                    "en el panel de Conekta.",
                    " Those days are further back than can be reached: ask for newer ones, or for a report "
                    "in Conekta's panel.",
                )
            )
        )
    if by in NEEDS_ORDERS and not orders.complete:
        left.append(
            say("No se leyeron todas las órdenes de los grupos.", "Not all orders of the groups were read.")
        )
    if not pending.complete:
        left.append(say("Hay más órdenes pendientes que estas.", "There are more pending orders than these."))
    return left + [walk.stopped for walk in (movements, orders, pending) if walk.stopped]


def list_unreadable(rows: Sequence[Raw]) -> list[str]:
    """Say how many movements are in no sum because their amount or time cannot be read."""
    if not rows:
        return []
    spanish, english = format_count(len(rows), ("movimiento", "movimientos"), ("movement", "movements"))
    return [
        say(
            f"No se pudo leer el importe o la fecha de {spanish}.",
            f"The amount or the time of {english} cannot be read.",
        )
    ]


def list_unknown(groups: Mapping[tuple[str, str], Sums], by: str) -> list[str]:
    if by not in NEEDS_ORDERS or not any(name == UNKNOWN_GROUP for name, _ in groups):
        return []
    return [
        say(
            "unknown: movimientos sin cargo, o de órdenes que no cambiaron en estos días.",
            "unknown: movements without a charge, or of orders that did not change in these days.",
        )
    ]
