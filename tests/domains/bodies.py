"""Objects as Conekta answers them, with invented people (conekta-api.md 12)."""

from typing import Any

NOW = 1768564962


def listed(*rows: Any) -> dict[str, Any]:
    return {"object": "list", "has_more": False, "total": len(rows), "data": list(rows)}


CUSTOMER_ROW: dict[str, Any] = {
    "livemode": False,
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "id": "cus_1",
    "object": "customer",
    "created_at": NOW,
    "corporate": False,
    "custom_reference": "",
}
SPEI_SOURCE: dict[str, Any] = {
    "id": "off_ref_1",
    "object": "payment_source",
    "type": "spei_recurrent",
    "reference": "646180111802000138",
    "created_at": NOW,
    "parent_id": "cus_1",
    "bank": "STP",
    "expires_at": "none",
}
CASH_SOURCE: dict[str, Any] = {
    "id": "off_ref_2",
    "object": "payment_source",
    "type": "cash_recurrent",
    "provider": "Oxxo",
    "reference": "93000262276908",
    "barcode_url": "https://barcodes.example.com/93000262276908.png",
    "expires_at": 1776340962,
    "created_at": NOW,
    "parent_id": "cus_1",
}
CARD_SOURCE: dict[str, Any] = {
    "id": "src_1",
    "object": "payment_source",
    "type": "card",
    "last4": "4242",
    "bin": "42424242",
    "card_type": "credit",
    "exp_month": "12",
    "exp_year": "29",
    "brand": "visa",
    "issuer": "Banco de Ejemplo",
    "name": "Ana Ruiz",
    "default": True,
    "visible_on_checkout": False,
    "payment_source_status": "active",
    "created_at": NOW,
    "parent_id": "cus_1",
}
SHIPPING_CONTACT: dict[str, Any] = {
    "id": "ship_cont_1",
    "object": "shipping_contact",
    "receiver": "Eva Luna",
    "phone": None,
    "between_streets": "",
    "parent_id": "cus_1",
    "default": True,
    "created_at": 0,
    "metadata": {},
    "address": {
        "object": "shipping_address",
        "street1": "Calle Uno 1",
        "street2": None,
        "city": "Ciudad de Mexico",
        "state": "",
        "country": "mx",
        "residential": True,
        "postal_code": "06100",
    },
}
FISCAL_ENTITY: dict[str, Any] = {
    "id": "fis_ent_1",
    "object": "fiscal_entity",
    "tax_id": "XAXX010101000",
    "company_name": "Ejemplo SA",
    "created_at": NOW,
    "parent_id": "cus_1",
    "default": True,
    "address": {
        "object": "fiscal_entity_address",
        "street1": "Calle Dos 2",
        "postal_code": "06100",
        "city": "Ciudad de Mexico",
        "country": "mx",
    },
}
CUSTOMER: dict[str, Any] = {
    **CUSTOMER_ROW,
    "national_id": None,
    "metadata": {"plan": "oro"},
    "default_payment_source_id": "off_ref_1",
    "default_fiscal_entity_id": "fis_ent_1",
    "payment_sources": listed(SPEI_SOURCE),
    "shipping_contacts": listed(SHIPPING_CONTACT),
    "fiscal_entities": listed(FISCAL_ENTITY),
}


def order(method: dict[str, Any] | None, **changed: Any) -> dict[str, Any]:
    """An order with one charge paid by `method`, or with none."""
    charge = {
        "id": "6a0000000000000000000001",
        "livemode": False,
        "created_at": NOW,
        "currency": "MXN",
        "payment_method": method,
        "object": "charge",
        "description": "Payment from order",
        "status": "pending_payment",
        "amount": 50000,
        "fee": 1450,
        "customer_id": "",
        "order_id": "ord_1",
    }
    line = {
        "name": "Plan anual",
        "unit_price": 50000,
        "quantity": 1,
        "object": "line_item",
        "id": "line_item_1",
        "parent_id": "ord_1",
        "metadata": {},
        "antifraud_info": {},
    }
    return {
        "livemode": False,
        "amount": 50000,
        "currency": "MXN",
        "payment_status": "pending_payment" if method else None,
        "amount_refunded": 0,
        "customer_info": {
            "email": "ana@example.com",
            "phone": "+525555555555",
            "name": "Ana Ruiz",
            "corporate": False,
            "customer_id": "cus_1",
            "object": "customer_info",
        },
        "object": "order",
        "id": "ord_1",
        "metadata": {},
        "is_refundable": False,
        "created_at": NOW,
        "updated_at": NOW,
        "line_items": listed(line),
        "charges": listed(charge) if method else None,
        **changed,
    }


SPEI: dict[str, Any] = {
    "clabe": "646180111802000138",
    "bank": "STP",
    "receiving_account_number": "646180111802000138",
    "receiving_account_bank": "STP",
    "issuing_account_number": None,
    "payment_attempts": [],
    "object": "bank_transfer_payment",
    "type": "spei",
    "expires_at": 1776340962,
}
CASH: dict[str, Any] = {
    "service_name": "OxxoPay",
    "object": "cash_payment",
    "type": "oxxo",
    "reference": "93000262276908",
    "barcode_url": "https://barcodes.example.com/93000262276908.png",
    "expires_at": 1771200000,
    "auth_code": None,
}
CARD: dict[str, Any] = {
    "object": "card_payment",
    "type": "credit",
    "brand": "visa",
    "last4": "4242",
    "name": "Ana Ruiz",
    "exp_month": "12",
    "exp_year": "29",
    "auth_code": "123456",
}
