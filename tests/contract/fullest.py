"""Objects with every field, as a merchant would write them, for the fullest calls."""

LINES = [
    {
        "name": "Plan anual",
        "unit_price": 50000,
        "quantity": 1,
        "description": "Todo el año",
        "sku": "A-1",
        "brand": "Uno",
        "tags": ["curso", "anual"],
        "metadata": {"talla": "M"},
        "antifraud_info": {"first_paid_at": 1},
    }
]
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
ABOUT = {
    "corporate": True,
    "custom_reference": "7",
    "date_of_birth": "24/07/1992",
    "national_id": "CURP1",
    "antifraud_info": {"account_created_at": 1_700_000_000, "first_paid_at": 0},
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
    "tax_lines": [{"amount": 100, "description": "IVA", "metadata": {"tasa": "16"}}],
    "discount_lines": [{"amount": 5, "code": "HOLA", "type": "coupon"}],
    "shipping_lines": [
        {
            "amount": 9,
            "carrier": "Moto",
            "method": "Terrestre",
            "tracking_number": "T-1",
            "metadata": {"zona": "norte"},
        }
    ],
    "shipping_contact": {**CONTACT, "metadata": {"a": 1}},
}
ORDER_EXTRAS = {
    "fiscal_entity": {
        "tax_id": "XAXX010101000",
        "name": "Prueba SA",
        "email": "f@example.com",
        "phone": "5512345678",
        "metadata": {"a": "b"},
        "address": FISCAL_ADDRESS,
    },
    "needs_shipping_contact": True,
    "processing_mode": "ecommerce",
}
