"""The curated answers for the objects in bodies.py."""

from typing import Any

from tests.domains.bodies import NOW

CUSTOMER_ROW: dict[str, Any] = {
    "id": "cus_1",
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "created_at": NOW,
}
SPEI_SOURCE: dict[str, Any] = {
    "clabe": "646180111802000138",
    "bank": "STP",
    "never_expires": True,
    "id": "off_ref_1",
    "type": "spei_recurrent",
    "parent_id": "cus_1",
    "created_at": NOW,
}
CASH_SOURCE: dict[str, Any] = {
    "reference": "93000262276908",
    "barcode_url": "https://barcodes.example.com/93000262276908.png",
    "expires_at": 1776340962,
    "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "expires_at_iso": "2026-04-16T06:02:42-06:00",
    "id": "off_ref_2",
    "type": "cash_recurrent",
    "parent_id": "cus_1",
    "created_at": NOW,
}
CARD_SOURCE: dict[str, Any] = {
    "id": "src_1",
    "type": "card",
    "name": "Ana Ruiz",
    "brand": "visa",
    "last4": "4242",
    "card_type": "credit",
    "exp_month": "12",
    "exp_year": "29",
    "payment_source_status": "active",
    "default": True,
    "parent_id": "cus_1",
    "created_at": NOW,
}
SHIPPING_CONTACT: dict[str, Any] = {
    "id": "ship_cont_1",
    "receiver": "Eva Luna",
    "address": {
        "street1": "Calle Uno 1",
        "city": "Ciudad de Mexico",
        "postal_code": "06100",
        "country": "mx",
        "residential": True,
    },
    "default": True,
    "parent_id": "cus_1",
}
FISCAL_ENTITY: dict[str, Any] = {
    "id": "fis_ent_1",
    "tax_id": "XAXX010101000",
    "company_name": "Ejemplo SA",
    "address": {
        "street1": "Calle Dos 2",
        "city": "Ciudad de Mexico",
        "postal_code": "06100",
        "country": "mx",
    },
    "default": True,
    "parent_id": "cus_1",
    "created_at": NOW,
}
CUSTOMER: dict[str, Any] = {
    "id": "cus_1",
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "created_at": NOW,
    "corporate": False,
    "metadata": {"plan": "oro"},
    "default_payment_source_id": "off_ref_1",
    "payment_sources": [SPEI_SOURCE],
    "shipping_contacts": [SHIPPING_CONTACT],
    "fiscal_entities": [FISCAL_ENTITY],
    "livemode": False,
}
BARE_ORDER: dict[str, Any] = {
    "id": "ord_1",
    "amount": 50000,
    "currency": "MXN",
    "amount_text": "MXN 500.00",
    "amount_refunded": 0,
    "is_refundable": False,
    "customer": {
        "customer_id": "cus_1",
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "phone": "+525555555555",
    },
    "line_items": [{"id": "line_item_1", "name": "Plan anual", "unit_price": 50000, "quantity": 1}],
    "created_at": NOW,
    "livemode": False,
}
CHARGE: dict[str, Any] = {
    "id": "6a0000000000000000000001",
    "status": "pending_payment",
    "amount": 50000,
    "currency": "MXN",
    "amount_text": "MXN 500.00",
    "fee_if_paid": 1450,
}
SPEI_ORDER: dict[str, Any] = {
    **BARE_ORDER,
    "clabe": "646180111802000138",
    "bank": "STP",
    "expires_at": 1776340962,
    "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "expires_at_iso": "2026-04-16T06:02:42-06:00",
    "payment_status": "pending_payment",
    "charges": [{**CHARGE, "method": "spei"}],
}
CASH_ORDER: dict[str, Any] = {
    **BARE_ORDER,
    "reference": "93000262276908",
    "barcode_url": "https://barcodes.example.com/93000262276908.png",
    "expires_at": 1771200000,
    "expires_at_text": "15 feb 2026, 18:00 (Ciudad de México)",
    "expires_at_iso": "2026-02-15T18:00:00-06:00",
    "payment_status": "pending_payment",
    "charges": [{**CHARGE, "method": "cash"}],
}
CARD_ORDER: dict[str, Any] = {
    **BARE_ORDER,
    "payment_status": "paid",
    "charges": [
        {**CHARGE, "method": "card", "card_brand": "visa", "card_last4": "4242", "auth_code": "123456"}
    ],
}
