"""Plans of refunds: at most what is left, verified by the refunds of the order's charges (4.7)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, LostWrite, Verification
from conekta_mcp.domains.charges.observed import get_argument_amount
from conekta_mcp.domains.orders.writes import ORDER_LOOKUP, READ_ORDER
from conekta_mcp.domains.refunds.observed import (
    get_refunded_amount,
    list_refunds,
    observe_refund,
    read_refunded_amount,
    sum_returned_amount,
)
from conekta_mcp.domains.refunds.tools import cancel_refund, refund_order
from conekta_mcp.effects.answer_check import AtLeast, IfShown, expect_answer
from conekta_mcp.effects.comparison import is_consistent
from conekta_mcp.effects.new_row import NewRow, hide_field
from conekta_mcp.effects.question_facts import build_order_facts, get_charges, get_currency, get_payer
from conekta_mcp.effects.question_text import build_question, format_known_money
from conekta_mcp.effects.reading.inner_rows import EndedRow, NewRowOfSum
from conekta_mcp.effects.reading.new_rows import (
    contradicts_times,
    find_new_children,
    hides_children,
    is_noted,
    is_respelt,
    list_ids,
    says_nothing_of,
)
from conekta_mcp.effects.state_reading import Raw, get_integer, is_truncated
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    build_verification,
    verify_loss,
    verify_object,
)
from conekta_mcp.effects.write_plan import ObservedState, WritePlan
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import (
    CANCELED,
    CANCELED_STATUSES,
    DECLINED_STATUSES,
    normalize_status,
)

REFUND_STATUSES = ("pending", "paid", "refunded", "expired")
"""Statuses of a refund that was not cancelled."""
FAILED_REFUNDS = (*DECLINED_STATUSES, *CANCELED_STATUSES)
"""Statuses of a refund that returned no money."""
NEW_REFUND = NewRow(
    tool=refund_order,
    shown={
        "expires_at": hide_field(
            "card refunds have none, and how a cash refund repeats it is not documented (conekta-api.md 4.7)"
        )
    },
)


def _note_refunds(_: Any, order: Raw) -> StateBefore:
    ids = [str(row.get("id")) for _, row in list_refunds(order)]
    charges = list_ids(get_charges(order))
    return {"ids": ids, "charges": charges, "refunded": get_integer(order, "amount_refunded")}


def _shows_refunds(order: Raw, noted: StateBefore) -> bool:
    """Tell whether an order still shows the charges and refunds that it showed before."""
    rows = [row for _, row in list_refunds(order)]
    has_charges = set(list_ids(get_charges(order))) >= set(noted.get("charges", ()))
    return has_charges and all(row.get("id") for row in rows) and not hides_children(rows, noted)


def _judge_refund(arguments: Any, order: Raw, lost: LostWrite) -> Verification:
    """Decide by the new rows; a refund of an order with several charges may add a row to each.

    A new row that does not match may be ours too: Conekta may write amount and reason in another way.
    """
    is_cut = is_truncated(order) or any(is_truncated(charge) for charge in get_charges(order))
    is_odd = any(is_respelt(row, lost) for _, row in list_refunds(order))
    if is_cut or is_odd or not _shows_refunds(order, lost.state_before):
        return UNKNOWN
    new = [(charge, row) for charge, row in list_refunds(order) if _may_be_new(row, lost)]
    if any(normalize_status(row.get("status")) in FAILED_REFUNDS for _, row in new):
        return UNKNOWN
    rows = [row for _, row in list_refunds(order)]
    if not new and contradicts_times(rows, lost, all_noted="ids" in lost.state_before):
        return UNKNOWN
    if not new:
        return _judge_refunded_sum(arguments, order, lost.state_before)
    wanted = {name: value for name, value in NEW_REFUND.build_expected(arguments).items() if name != "amount"}
    consistent = [(charge, row) for charge, row in new if is_consistent(row, wanted)]
    fitting = [row for _, row in consistent if get_refunded_amount(row) == arguments.amount]
    if fitting:
        return build_verification("applied", order) if len(fitting) == 1 else UNKNOWN
    split = consistent == new and len(new) == len({charge for charge, _ in new}) > 1
    exact = sum(get_refunded_amount(row) for _, row in new) == arguments.amount
    return build_verification("applied", order) if split and exact else UNKNOWN


def _may_be_new(row: Raw, lost: LostWrite) -> bool:
    return bool(find_new_children([row], lost)) and str(row.get("id")) not in lost.owned_ids


def _judge_refunded_sum(arguments: Any, order: Raw, noted: StateBefore) -> Verification:
    """Decide by the sum if Conekta shows no new row.

    More than the rows explain may be our refund, even if other rows are shown.
    """
    was, back = noted.get("refunded"), get_integer(order, "amount_refunded")
    if sum_returned_amount(order) is None or (back is None and was is not None):
        return UNKNOWN
    others = [row for _, row in list_refunds(order) if was is None or not is_noted(row, noted)]
    rise = (back or 0) - (was or 0) - sum(map(get_refunded_amount, others))
    if rise <= 0:
        return build_verification("not_applied")
    is_ours = rise == arguments.amount and not list_refunds(order)
    return build_verification("applied", order) if is_ours else UNKNOWN


def _expect_refund(arguments: Any, order: Raw) -> Raw:
    """Expect that as much more went back, in a new row of this sum; without rows, exactly as much."""
    back, currency = get_integer(order, "amount_refunded") or 0, order.get("currency")
    known = frozenset(str(row.get("id")) for _, row in list_refunds(order))
    return {
        "amount_refunded": AtLeast(back + arguments.amount),
        "charges": NewRowOfSum(
            outer="charges",
            name="refunds",
            known=known,
            amount=arguments.amount,
            failed=FAILED_REFUNDS,
            total="amount_refunded",
            total_before=back,
        ),
        **({"currency": IfShown(currency)} if currency else {}),
    }


def _find_refund(arguments: Any, order: Raw) -> Raw:
    return _find_refund_and_charge(arguments, order)[1]


def _find_refund_and_charge(arguments: Any, order: Raw) -> tuple[str | None, Raw]:
    found = [one for one in list_refunds(order) if one[1].get("id") == arguments.refund_id]
    return found[0] if found else (None, {})


def _observe_cancellation(arguments: Any, order: Raw) -> ObservedState:
    facts = {
        **build_order_facts(order),
        "sum": format_known_money(
            read_refunded_amount(_find_refund(arguments, order)), order.get("currency")
        ),
    }
    return ObservedState(currency=get_currency(order), payee=get_payer(order), facts=facts)


def _note_refund(arguments: Any, order: Raw) -> StateBefore:
    return {"listed": bool(_find_refund(arguments, order)), "sums": _read_sums(order)}


def _read_sums(order: Raw) -> list[Any]:
    return [get_integer(order, "amount_refunded"), normalize_status(order.get("payment_status"))]


def _judge_cancellation(arguments: Any, order: Raw, noted: StateBefore) -> Verification:
    refund = _find_refund(arguments, order)
    status = normalize_status(refund.get("status"))
    if status == CANCELED:
        return build_verification("applied", order)
    if refund:
        # What else a cancellation changes may be shown before the refund itself.
        is_as_before = status in REFUND_STATUSES and noted.get("sums") == _read_sums(order)
        return build_verification("not_applied") if is_as_before else UNKNOWN
    if is_truncated(order) or any(map(is_truncated, get_charges(order))):
        return UNKNOWN
    if noted.get("listed") is not True:
        return build_verification("not_applied")
    lists = [get_rows(one.get("refunds")) for one in get_charges(order)]
    rows = [row for _, row in list_refunds(order)]
    is_whole = bool(lists) and None not in lists and not says_nothing_of(arguments.refund_id, rows, {})
    return build_verification("applied", order) if is_whole else UNKNOWN


def _expect_cancellation(arguments: Any, order: Raw) -> Raw:
    """Expect the refund to be cancelled or gone; the order alone does not show it."""
    charge, _ = _find_refund_and_charge(arguments, order)
    ended = EndedRow(id=arguments.refund_id, inside=charge, name="refunds", statuses=CANCELED_STATUSES)
    return {"charges": ended}


WRITE_PLANS: Mapping[str, WritePlan] = {
    refund_order.name: WritePlan(
        kind=EffectKind.REFUND,
        is_reversible=False,
        amount=get_argument_amount,
        subject="order_id",
        read=READ_ORDER,
        observe=observe_refund,
        question=build_question(
            "¿Devolver {sum} de {total} a {person} (orden {order_id}{paid}{back}){until}?",
            "Refund {sum} of {total} to {person} (order {order_id}{paid}{back}){until}?",
        ),
        verifier=verify_loss(READ_ORDER, _judge_refund, ORDER_LOOKUP, _note_refunds, NEW_REFUND),
        expect_answer=expect_answer(refund_order, compares_body=False, more=_expect_refund),
    ),
    cancel_refund.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="order_id",
        read=READ_ORDER,
        observe=_observe_cancellation,
        question=build_question(
            "¿Cancelar la devolución de {sum} a {person} que aún no se cobra (orden {order_id})?",
            "Cancel the refund of {sum} to {person} that was not collected yet (order {order_id})?",
        ),
        verifier=verify_object(READ_ORDER, _judge_cancellation, ORDER_LOOKUP, _note_refund),
        expect_answer=expect_answer(cancel_refund, more=_expect_cancellation),
    ),
}
