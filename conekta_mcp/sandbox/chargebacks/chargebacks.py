"""Chargebacks of card charges, and the controls that play the cardholder and the bank (4.11, 5.1).

action_required -> pending_review (evidence) -> under_review (REVIEW_DELAY) -> won or lost, which the tester
decides; without evidence in EVIDENCE_PERIOD it is lost. The money goes when it opens and is back when won.
"""

from conekta_mcp.sandbox.balance.money import moved
from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import remaining
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.orders.orders import order_of
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound, WrongState
from conekta_mcp.sandbox.refusals.policies import EVIDENCE_PERIOD, REVIEW_DELAY
from conekta_mcp.sandbox.webhooks.emit import happened

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
KEPT = ("order_id", "amount")
"""What a record knows besides what Conekta serves: the order, and the centavos that were taken."""


def open_chargeback(call: Call) -> Json:
    """POST /_sandbox/chargebacks: a cardholder disputes a paid card charge, by charge_id or order_id."""
    check(OPENING, call.body)
    account, now = call.account, call.account.now()
    order, charge = _disputed(account, call.body)
    record = {
        "id": account.new_id("chbk_"),
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
        "amount": remaining(charge),
    }
    account.add(KIND, record, parent=charge["id"], due_at=record["evidence_due_by"])
    moved(account, KIND, -record["amount"], charge_id=charge["id"], currency=charge["currency"])
    previous = {"payment_status": order["payment_status"]}
    order, charge = _show(account, record, now, "charged_back")
    happened(account, "charge.chargeback.created", charge)
    happened(account, "order.charged_back", order, previous)
    return _served(record)


def resolve(call: Call) -> Json:
    """POST /_sandbox/chargebacks/{id}/resolve: the bank decides; without evidence it can only be lost."""
    check(VERDICT, call.body)
    found = [row for row in call.account.all_of(KIND) if row["id"] == call.path["id"]]
    if not found:
        raise NotFound(reasons.entity_not_found("Chargeback", call.path["id"]))
    record, status = found[0], call.body["status"]
    if record["status"] not in ("action_required", "pending_review", "under_review"):
        raise WrongState(money.chargeback_closed(record["status"]))
    if status == "won" and record["status"] == "action_required":
        raise WrongState(money.chargeback_closed(record["status"]))
    move_to(call.account, record, status, call.account.now())
    return _served(record)


def move_to(account: Account, record: Json, status: str, moment: int) -> None:
    """Move a chargeback on at `moment` (unix seconds), and say so; a won one brings its money back."""
    previous = {"status": record["status"]}
    record["status"] = status
    due_at = moment + REVIEW_DELAY if status == "pending_review" else None
    account.save(KIND, record, due_at=due_at)
    _, charge = _show(account, record, moment, "paid" if status == "won" else "charged_back")
    if status == "won":
        amount, currency = record["amount"], charge["currency"]
        moved(account, "won_chargeback", amount, charge_id=charge["id"], currency=currency)
    name = "updated" if status == "pending_review" else status
    happened(account, f"charge.chargeback.{name}", charge, previous)


def let_time_pass(account: Account, now: int) -> None:
    """Lose what nobody answered, and review what was answered, by `now` (unix seconds)."""
    for record in account.due(KIND, now):
        if record["status"] == "action_required":
            move_to(account, record, "lost", record["evidence_due_by"])
        else:
            move_to(account, record, "under_review", now)


def chargeback_of(account: Account, charge_id: str, chargeback_id: str) -> Json:
    """The record of a charge's chargeback, or a 404."""
    record = account.find(KIND, chargeback_id, parent=charge_id)
    if record is None:
        raise NotFound(reasons.entity_not_found("Chargeback", chargeback_id))
    return record


def _disputed(account: Account, body: Json) -> tuple[Json, Json]:
    if len({"charge_id", "order_id"} & body.keys()) != 1:
        raise Invalid(reasons.missing("charge_id") if not body else reasons.invalid("charge_id"))
    param = "order_id" if "order_id" in body else "charge_id"
    for order, charge in _meant(account, param, body[param]):
        if charge["payment_method"]["object"] == "card_payment" and remaining(charge):
            return order, charge
    raise Invalid(money.not_chargeable_back(param))


def _meant(account: Account, param: str, wanted: str) -> list[tuple[Json, Json]]:
    if param == "order_id":
        order = order_of(account, wanted)
        return [(order, charge) for charge in lifecycles.charges_of(order)]
    for order in account.all_of(lifecycles.KIND):
        found = [(order, charge) for charge in lifecycles.charges_of(order) if charge["id"] == wanted]
        if found:
            return found
    raise NotFound(reasons.entity_not_found("Charge", wanted))


def _show(account: Account, record: Json, moment: int, status: str) -> tuple[Json, Json]:
    """Put the chargeback into its charge, and the charge's status with it."""
    order = order_of(account, record["order_id"])
    charges = lifecycles.charges_of(order)
    charge = next(one for one in charges if one["id"] == record["charge_id"])
    charge.update(chargeback=_served(record), status=status)
    lifecycles.save(account, order, moment)
    return order, charge


def _served(record: Json) -> Json:
    return {name: value for name, value in record.items() if name not in KEPT}


CONTROLS = (
    Endpoint("POST", "/_sandbox/chargebacks", open_chargeback),
    Endpoint("POST", "/_sandbox/chargebacks/{id}/resolve", resolve),
)
