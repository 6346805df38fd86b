"""Answers of the upstream: a page of twenty customers and an order on a CLABE, with invented people."""

from typing import Any

Json = dict[str, Any]

NOW = 1768564962
CLABE = "646180111802000138"
ROWS = 20


def build_customer_page(address: str) -> Json:
    """Return a page in Conekta's shape, with the address of the next one."""
    return {
        "object": "list",
        "has_more": True,
        "next_page_url": f"{address}/customers?limit={ROWS}&next={_build_id('cus', ROWS)}",
        "previous_page_url": None,
        "data": [build_customer(number) for number in range(1, ROWS + 1)],
    }


def build_customer(number: int) -> Json:
    mine = _build_id("cus", number)
    source = {
        "id": _build_id("off_ref", number),
        "object": "payment_source",
        "type": "spei_recurrent",
        "reference": CLABE,
        "created_at": NOW,
        "parent_id": mine,
        "bank": "STP",
        "expires_at": "none",
    }
    return {
        "livemode": False,
        "name": f"María Fernanda Núñez {number}",
        "email": f"maria.nunez.{number}@example.com",
        "phone": "+525555555555",
        "id": mine,
        "object": "customer",
        "created_at": NOW - number * 3600,
        "corporate": False,
        "custom_reference": f"cliente-{number:04}",
        "default_payment_source_id": source["id"],
        "payment_sources": {"object": "list", "has_more": False, "total": 1, "data": [source]},
    }


def build_order() -> Json:
    """Return an order with one SPEI charge that waits for its payment."""
    mine = _build_id("ord", 1)
    return {
        "livemode": False,
        "amount": 50000,
        "currency": "MXN",
        "payment_status": "pending_payment",
        "amount_refunded": 0,
        "customer_info": {
            "email": "maria.nunez.1@example.com",
            "phone": "+525555555555",
            "name": "María Fernanda Núñez 1",
            "corporate": False,
            "customer_id": _build_id("cus", 1),
            "object": "customer_info",
        },
        "object": "order",
        "id": mine,
        "metadata": {},
        "is_refundable": False,
        "created_at": NOW,
        "updated_at": NOW,
        "line_items": {"object": "list", "has_more": False, "total": 1, "data": [_build_line_item(mine)]},
        "charges": {"object": "list", "has_more": False, "total": 1, "data": [_build_charge(mine)]},
    }


def _build_line_item(order_id: str) -> Json:
    return {
        "name": "Plan mensual",
        "unit_price": 50000,
        "quantity": 1,
        "object": "line_item",
        "id": _build_id("line_item", 1),
        "parent_id": order_id,
        "metadata": {},
        "antifraud_info": {},
    }


def _build_charge(order_id: str) -> Json:
    return {
        "id": "6a0000000000000000000001",
        "livemode": False,
        "created_at": NOW,
        "currency": "MXN",
        "payment_method": {
            "clabe": CLABE,
            "bank": "STP",
            "receiving_account_number": CLABE,
            "receiving_account_bank": "STP",
            "issuing_account_number": None,
            "payment_attempts": [],
            "object": "bank_transfer_payment",
            "type": "spei",
            "expires_at": NOW + 2_592_000,
        },
        "object": "charge",
        "description": "Payment from order",
        "status": "pending_payment",
        "amount": 50000,
        "fee": 1450,
        "customer_id": "",
        "order_id": order_id,
    }


def _build_id(prefix: str, number: int) -> str:
    return f"{prefix}_2zABCDEFGHJKL{number:04}"
