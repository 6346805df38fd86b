"""Pays references and orders for the payer: POST /_sandbox/payments (ours)."""

from dataclasses import dataclass

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Integer, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.instruments.bank_transfers import make_transfer_details
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound

PAYMENT = Shape(optional={"reference": Text(), "amount": Integer(1), "order_id": Text()}, closed=True)


@dataclass(frozen=True)
class Debt:
    order: Json
    charge: Json

    @property
    def reference(self) -> str | None:
        method = self.charge["payment_method"]
        found: str | None = method.get("clabe", method.get("reference"))
        return found


def pay_charge(call: Call) -> Json:
    """Pay a reference, an order, or an order on a reference.

    The amount (centavos) defaults to what is owed. Only the exact amount is taken, by the oldest pending
    order (inferred, conekta-api.md 7); anything else goes back to the payer. A card that waits for 3DS passes
    it.
    """
    check(PAYMENT, call.body)
    if not {"reference", "order_id"} & call.body.keys():
        raise Invalid(reasons.missing_param("reference"))
    debts = _list_debts(call.account, call.body)
    open_debts = [debt for debt in debts if debt.charge["status"] == "pending_payment"]
    if not open_debts:
        return _return_payment(call.body, None, "no_pending_order")
    amount = int(call.body.get("amount") or open_debts[0].charge["amount"])
    matching = [debt for debt in open_debts if debt.charge["amount"] == amount]
    if not matching:
        _record_attempt(call.account, open_debts[0], amount)
        return _return_payment({**call.body, "amount": amount}, open_debts[0], "amount_mismatch")
    _settle_debt(call.account, matching[0])
    return {**_build_answer("applied", amount, matching[0]), **_describe_ambiguity(matching)}


def _list_debts(account: Account, body: Json) -> list[Debt]:
    """Return every charge, oldest order first, that the payment may be meant for."""
    if "order_id" in body:
        orders = [load_order(account, body["order_id"])]
    else:
        orders = account.list_records(lifecycles.KIND)
    debts = [Debt(order, charge) for order in orders for charge in lifecycles.list_charges(order)]
    if "reference" not in body:
        return debts
    addressed = [debt for debt in debts if debt.reference == body["reference"]]
    if not addressed and "order_id" in body:
        raise Invalid(reasons.invalid_param("reference"))
    if not addressed and not _is_customer_reference(account, body["reference"]):
        raise NotFound(reasons.entity_not_found("reference", body["reference"]))
    return addressed


def _is_customer_reference(account: Account, reference: str) -> bool:
    return any(
        source.get("reference") == reference
        for customer in account.list_records(owned.CUSTOMER)
        for source in account.list_records(owned.PAYMENT_SOURCE, parent=customer["id"])
    )


def _settle_debt(account: Account, debt: Debt) -> None:
    now, charge, method = account.now(), debt.charge, debt.charge["payment_method"]
    if method["object"] == "card_payment":
        lifecycles.complete_3ds(account, debt.order, charge, now)
    elif method["object"] == "cash_payment":
        method["auth_code"] = account.ledger.random.randrange(100_000, 1_000_000)
        lifecycles.mark_paid(charge, now)
    else:
        if method["object"] == "bank_transfer_payment":
            method.update(make_transfer_details(account, now))
        lifecycles.mark_paid(charge, now)
    lifecycles.save_order(account, debt.order, now)


def _record_attempt(account: Account, debt: Debt, amount: int) -> None:
    method = debt.charge["payment_method"]
    attempt = {"amount": amount, "status": "returned", "created_at": account.now()}
    method["payment_attempts"] = [*method.get("payment_attempts", []), attempt]
    # Not save_order: a returned payment does not change the order and emits no event.
    account.save(lifecycles.KIND, debt.order, due_at=lifecycles.compute_due_at(debt.order))


def _describe_ambiguity(matching: list[Debt]) -> Json:
    candidates = list(dict.fromkeys(debt.order["id"] for debt in matching))
    return {"ambiguous": True, "candidates": candidates} if len(candidates) > 1 else {}


def _return_payment(body: Json, debt: Debt | None, reason: str) -> Json:
    return {**_build_answer("returned", body.get("amount"), debt, body), "reason": reason}


def _build_answer(status: str, amount: int | None, debt: Debt | None, body: Json | None = None) -> Json:
    sent = body or {}
    answer = {
        "object": "sandbox_payment",
        "status": status,
        "order_id": debt.order["id"] if debt else sent.get("order_id"),
        "amount": amount,
        "reference": debt.reference if debt else sent.get("reference"),
    }
    return {name: value for name, value in answer.items() if value is not None}


ENDPOINTS = (Endpoint("POST", "/_sandbox/payments", pay_charge),)
