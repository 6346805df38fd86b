"""Every argument of every tool that sends a body, at least once: written by hand, as a merchant would."""

from typing import Any

LINES = [
    {
        "name": "Plan anual",
        "unit_price": 50000,
        "quantity": 1,
        "description": "Todo el año",
        "sku": "A-1",
        "brand": "Uno",
    }
]
MINE = {"customer_id": "cus_1"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
ABOUT = {
    "corporate": True,
    "custom_reference": "7",
    "date_of_birth": "24/07/1992",
    "national_id": "CURP1",
    "metadata": {"a": 1},
}
ADDRESS = {
    "street1": "Calle Uno 1",
    "street2": "2",
    "city": "Mérida",
    "state": "YUC",
    "residential": True,
    "postal_code": "97000",
    "country": "MX",
}
CONTACT = {
    "receiver": "Eva",
    "phone": "5512345678",
    "between_streets": "Norte y Sur",
    "default": True,
    "address": ADDRESS,
}
FISCAL_ADDRESS = {
    "street1": "Calle Dos",
    "external_number": "2",
    "street2": "B",
    "postal_code": "06100",
    "city": "CDMX",
    "state": "CDMX",
    "country": "MX",
}
FISCAL = {
    "tax_id": "XAXX010101000",
    "company_name": "Prueba SA",
    "email": "f@example.com",
    "phone": "5512345678",
    "metadata": {"a": "b"},
    "address": FISCAL_ADDRESS,
}
EXTRAS = {
    "currency": "USD",
    "metadata": {"pedido": "7"},
    "tax_lines": [{"amount": 100, "description": "IVA"}],
    "discount_lines": [{"amount": 5, "code": "HOLA", "type": "coupon"}],
    "shipping_lines": [{"amount": 9, "carrier": "Moto", "method": "Terrestre", "tracking_number": "T-1"}],
    "shipping_contact": {**CONTACT, "metadata": {"a": 1}},
}
NEW_SOURCES = [{"type": "spei_recurrent", "expires_at": 1_900_000_000}, {"type": "card", "token_id": "tok_1"}]
FULLEST: dict[str, list[dict[str, Any]]] = {
    "create_customer": [
        {
            **PERSON,
            **ABOUT,
            "payment_sources": NEW_SOURCES,
            "shipping_contacts": [{**CONTACT, "metadata": {"a": 1}}],
            "fiscal_entities": [FISCAL],
        }
    ],
    "update_customer": [
        {
            **MINE,
            **PERSON,
            **ABOUT,
            "default_payment_source_id": "off_ref_1",
            "default_shipping_contact_id": "ship_cont_1",
        }
    ],
    "add_card_source": [{**MINE, "token_id": "tok_1"}],
    "add_spei_recurrent_source": [{**MINE, "expires_at": 1_900_000_000}],
    "add_cash_recurrent_source": [{**MINE, "expires_at": 1_900_000_000}],
    "update_payment_source": [
        {**MINE, "payment_source_id": "src_1", "name": "Ana Ruiz", "expires_at": 1_900_000_000}
    ],
    "add_shipping_contact": [{**MINE, **CONTACT, "metadata": {"a": 1}}],
    "update_shipping_contact": [{**MINE, "shipping_contact_id": "ship_cont_1", **CONTACT}],
    "add_fiscal_entity": [{**MINE, **FISCAL}],
    "update_fiscal_entity": [{**MINE, "fiscal_entity_id": "fis_ent_1", **FISCAL}],
    "create_order": [
        {
            **MINE,
            **EXTRAS,
            "line_items": LINES,
            "payment_method": "spei",
            "reuse_customer_clabe": False,
            "expires_at": 1_900_000_000,
        },
        {**MINE, "line_items": LINES, "payment_method": "cash", "reuse_customer_cash_reference": False},
        {**PERSON, "line_items": LINES, "payment_method": "cash"},
        {**PERSON, "line_items": LINES, "payment_method": "none"},
    ],
    "create_order_reusing_clabe": [
        {**MINE, "line_items": LINES, "metadata": {"a": True}, "expires_at": 1_900_000_000}
    ],
    "create_card_order": [
        {
            **PERSON,
            **EXTRAS,
            "line_items": LINES,
            "token_id": "tok_1",
            "monthly_installments": 24,
            "pre_authorize": True,
            "three_ds_mode": "strict",
            "return_url": "https://shop.example.com/back",
        },
        {**MINE, "line_items": LINES, "payment_source_id": "src_1"},
    ],
}
