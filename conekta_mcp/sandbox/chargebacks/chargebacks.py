"""Chargebacks of card charges, and the controls that act for the cardholder and the bank (4.11, 5.1).

action_required -> pending_review (evidence) -> under_review (REVIEW_DELAY) -> won or lost, which the tester
decides; without evidence in EVIDENCE_PERIOD it is lost. The money is taken when it opens and returned when it
is won.
"""

from conekta_mcp.sandbox.balance.money import book_transaction
from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import get_refundable_amount, refresh_charge_status
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound, WrongState
from conekta_mcp.sandbox.refusals.policies import EVIDENCE_PERIOD, REVIEW_DELAY
from conekta_mcp.sandbox.webhooks.emit import emit_event

KIND = "chargeback"
REASONS = (
    "unrecognized", "unauthorized", "unauthorized_by_client", "unrecognized_like_fraud",
    "insufficient_evidence", "illegible_evidence", "general", "late_evidence", "incorrect_exchange",
    "fraudulent_business", "billing", "twice_transaction", "transaction_not_refunded",
    "bank_doc_request", "unrecognized_purchase", "subscription_canceled", "copy_of_purchase",
    "differents_amounts", "subscription_not_requested", "damaged_products", "show_documents",
    "duplicate", "fraudulent", "service_canceled", "product_unacceptable", "product_not_received",
    "incorrect_amount", "chip_liabiliaty_shift", "credit_not_processed",
)  # fmt: skip
OPENING = Shape(optional={"charge_id": Text(), "order_id": Text(), "reason": Choice(REASONS)}, closed=True)
VERDICT = Shape(required={"status": Choice(("won", "lost"))}, closed=True)
INTERNAL_FIELDS = ("order_id", "amount")
"""Stored and never served: the order, and the centavos that were taken."""


def open_chargeback(call: Call) -> Json:
    check(OPENING, call.body)
    account, now = call.account, call.account.now()
    order, charge = _find_disputed_charge(account, call.body)
    record = {
        "id": account.make_id("chbk_"),
        "status": "action_required",
        "reason": call.body.get("reason", "unrecognized"),
        "note": None,
        "followup_status": None,
        "response_from_client": None,
        "files": [],
        "object": KIND,
        "charge_id": charge["id"],
        "created_at": now,
        "evidence_due_by": now + EVIDENCE_PERIOD,
        "order_id": order["id"],
        # What was refunded already is not taken a second time.
        "amount": get_refundable_amount(charge),
    }
    account.add(KIND, record, parent=charge["id"], due_at=record["evidence_due_by"])
    book_transaction(account, KIND, -record["amount"], charge_id=charge["id"], currency=charge["currency"])
    previous = {"payment_status": order["payment_status"]}
    order, charge = _update_charge(account, record, now, "charged_back")
    emit_event(account, "charge.chargeback.created", charge)
    emit_event(account, "order.charged_back", order, previous)
    return _render_chargeback(record)


def resolve_chargeback(call: Call) -> Json:
    """Decide as the bank; without evidence a chargeback can only be lost."""
    check(VERDICT, call.body)
    found = [row for row in call.account.list_all(KIND) if row["id"] == call.path["id"]]
    if not found:
        raise NotFound(reasons.entity_not_found("Chargeback", call.path["id"]))
    record, status = found[0], call.body["status"]
    if record["status"] not in ("action_required", "pending_review", "under_review"):
        raise WrongState(money.closed_chargeback(record["status"]))
    if status == "won" and record["status"] == "action_required":
        raise WrongState(money.closed_chargeback(record["status"]))
    move_chargeback(call.account, record, status, call.account.now())
    return _render_chargeback(record)


def move_chargeback(account: Account, record: Json, status: str, moment: int) -> None:
    """Set the status at `moment` (unix seconds) and emit the event; a won one brings its money back."""
    previous = {"status": record["status"]}
    record["status"] = status
    due_at = moment + REVIEW_DELAY if status == "pending_review" else None
    account.save(KIND, record, due_at=due_at)
    _, charge = _update_charge(account, record, moment, "paid" if status == "won" else "charged_back")
    if status == "won":
        amount, currency = record["amount"], charge["currency"]
        book_transaction(account, "won_chargeback", amount, charge_id=charge["id"], currency=currency)
    # under_review, won and lost have events of their own, pending_review has none (6).
    name = "updated" if status == "pending_review" else status
    emit_event(account, f"charge.chargeback.{name}", charge, previous)


def process_due_chargebacks(account: Account, now: int) -> None:
    """Mark as lost what had no answer by `now` (unix seconds), and review what had one."""
    for record in account.list_due(KIND, now):
        if record["status"] == "action_required":
            # Dated to the deadline, however far the clock was moved past it.
            move_chargeback(account, record, "lost", record["evidence_due_by"])
        else:
            move_chargeback(account, record, "under_review", now)


def load_chargeback(account: Account, charge_id: str, chargeback_id: str) -> Json:
    return load_record(account, KIND, chargeback_id, "Chargeback", parent=charge_id)


def _find_disputed_charge(account: Account, body: Json) -> tuple[Json, Json]:
    if len({"charge_id", "order_id"} & body.keys()) != 1:
        raise Invalid(reasons.missing_param("charge_id") if not body else reasons.invalid_param("charge_id"))
    param = "order_id" if "order_id" in body else "charge_id"
    for order, charge in _list_candidates(account, param, body[param]):
        if charge["payment_method"]["object"] == "card_payment" and get_refundable_amount(charge):
            return order, charge
    raise Invalid(money.undisputable_charge(param))


def _list_candidates(account: Account, param: str, wanted: str) -> list[tuple[Json, Json]]:
    if param == "order_id":
        order = load_order(account, wanted)
        return [(order, charge) for charge in lifecycles.list_charges(order)]
    for order in account.list_all(lifecycles.KIND):
        found = [(order, charge) for charge in lifecycles.list_charges(order) if charge["id"] == wanted]
        if found:
            return found
    raise NotFound(reasons.entity_not_found("Charge", wanted))


def _update_charge(account: Account, record: Json, moment: int, status: str) -> tuple[Json, Json]:
    """Store the chargeback in its charge, with the charge's new status."""
    order = load_order(account, record["order_id"])
    charges = lifecycles.list_charges(order)
    charge = next(one for one in charges if one["id"] == record["charge_id"])
    charge.update(chargeback=_render_chargeback(record), status=status)
    refresh_charge_status(charge)
    lifecycles.save_order(account, order, moment)
    return order, charge


def _render_chargeback(record: Json) -> Json:
    return {name: value for name, value in record.items() if name not in INTERNAL_FIELDS}


CONTROLS = (
    Endpoint("POST", "/_sandbox/chargebacks", open_chargeback),
    Endpoint("POST", "/_sandbox/chargebacks/{id}/resolve", resolve_chargeback),
)
