"""Bodies of the shapes that Conekta's plugins and SDKs send, written anew with invented people and shops."""

from typing import Any

Body = dict[str, Any]
LATER = 1_769_000_000

WOOCOMMERCE_CASH: Body = {
    "currency": "MXN",
    "charges": [{"payment_method": {"type": "cash", "expires_at": LATER}, "reference_id": "1042"}],
    "shipping_lines": [{"amount": 9900, "carrier": "Tarifa plana", "method": "Tarifa plana"}],
    "discount_lines": [{"code": "bienvenida", "amount": 5000, "type": "coupon"}],
    "tax_lines": [{"description": "IVA", "amount": 7920}],
    "customer_info": {
        "name": "Renata Olmos",
        "phone": "55 5000 1122",
        "email": "renata@example.com",
        "metadata": {"soft_validations": True},
    },
    "line_items": [
        {
            "name": "Taza esmaltada",
            "unit_price": 24750,
            "quantity": 2,
            "tags": ["WooCommerce", "Conekta 6.2.3", "cocina"],
            "metadata": {"soft_validations": True, "images": ["311", "312"], "tax_included": False},
            "description": "no description",
            "sku": "TAZ-01",
        }
    ],
    "metadata": {
        "reference_id": 1042,
        "plugin_conekta_version": "6.2.3",
        "plugin": "woocommerce",
        "woocommerce_version": "9.4.1",
        "payment_method": "WC_Conekta_Cash_Gateway",
        "customer_message": "Tocar el timbre",
    },
    "shipping_contact": {
        "phone": "55 5000 1122",
        "receiver": "Renata Olmos",
        "address": {
            "street1": "Av. del Ejemplo 12",
            "street2": "",
            "city": "Querétaro",
            "state": "QT",
            "country": "MX",
            "postal_code": "76000",
        },
        "metadata": {"soft_validations": True},
    },
}
WOOCOMMERCE_PICKUP: Body = {
    "currency": "MXN",
    "charges": [{"payment_method": {"type": "spei", "expires_at": LATER}, "reference_id": "1043"}],
    "shipping_lines": [{"amount": 0, "carrier": "carrier", "method": "pickup"}],
    "discount_lines": [],
    "tax_lines": [{"amount": 1, "description": "Round Adjustment"}],
    "customer_info": {"name": "Iker Sáenz", "phone": "5550001133", "email": "iker@example.com"},
    "line_items": [
        {
            "name": "Curso en línea",
            "unit_price": 33333,
            "quantity": 3,
            "tags": ["WooCommerce", "Conekta 6.2.3"],
            "metadata": {"soft_validations": True, "images": [], "tax_included": True},
            "description": "no description",
        }
    ],
    "shipping_contact": WOOCOMMERCE_CASH["shipping_contact"],
    "metadata": {"reference_id": 1043, "plugin": "woocommerce"},
}
MAGENTO_CUSTOMER: Body = {"name": "Zoé Ibarra Peña", "email": "zoe@example.com", "phone": "8150001144"}
MAGENTO_CHECKOUT: Body = {
    "line_items": [
        {
            "name": "Lámpara de mesa",
            "sku": "LAM-7",
            "unit_price": 129900,
            "description": "Lámpara de mesa - LAM-7",
            "quantity": 1,
            "tags": ["simple"],
        }
    ],
    "shipping_lines": [{"amount": 15000}],
    "shipping_contact": {
        "receiver": "Zoé  Ibarra",
        "phone": "8150001144",
        "address": {
            "city": "Monterrey",
            "state": "NL",
            "country": "MX",
            "postal_code": "64000",
            "phone": "8150001144",
            "email": "zoe@example.com",
            "street1": "Calle Muestra 5",
        },
    },
    "checkout": {
        "allowed_payment_methods": ["card", "cash", "bank_transfer"],
        "monthly_installments_enabled": True,
        "monthly_installments_options": [3, 6, 9],
        "on_demand_enabled": False,
        "force_3ds_flow": True,
        # Made with PHP's DateTime::format, which gives text.
        "expires_at": str(LATER),
        "needs_shipping_contact": True,
    },
    "currency": "mxn",
    "metadata": {"quote_id": "88"},
}
PRESTASHOP_CARD: Body = {
    "currency": "MXN",
    "line_items": [
        {
            "name": "Camiseta lisa",
            "unit_price": 19900,
            "quantity": 2,
            "sku": "CAM-L",
            "tags": ["prestashop"],
            "brand": "Genérica",
        }
    ],
    "shipping_lines": [{"amount": 0, "carrier": "Recoger en tienda", "method": "Recoger en tienda"}],
    "tax_lines": [{"description": "IVA 16 %", "amount": 6368}],
    "customer_info": {"name": "Luca Montes", "phone": "+5215550001155", "email": "luca@example.com"},
    "shipping_contact": WOOCOMMERCE_CASH["shipping_contact"],
    "charges": [
        {
            "payment_method": {"type": "card", "token_id": "tok_test_visa_4242", "monthly_installments": 3},
            "amount": 46168,
        }
    ],
    "metadata": {"plugin": "prestashop", "reference_id": "77"},
}
PHP_OXXO: Body = {
    "line_items": [{"name": "Tacos al pastor", "unit_price": "1000", "quantity": 12}],
    "shipping_lines": [{"amount": "1500", "carrier": "FEDEX"}],
    "currency": "MXN",
    "customer_info": {"name": "Fulanito Pérez", "email": "fulanito@example.com", "phone": "+5218181818181"},
    "shipping_contact": {
        "address": {"street1": "Calle 123, int 2", "postal_code": "06100", "country": "MX"},
    },
    "charges": [{"payment_method": {"type": "oxxo_cash", "expires_at": str(LATER)}, "amount": "13500"}],
}
PHP_CUSTOMER: Body = {
    "name": "Mario D'Ávila",
    "email": "mario@example.com",
    "phone": "+5215555555555",
    "corporate": False,
    "payment_sources": [{"type": "oxxo_recurrent", "expires_at": str(LATER)}],
    "shipping_contacts": [
        {
            "phone": "+5215555555555",
            "receiver": "Mario D'Ávila",
            "between_streets": "Ocampo y Allende",
            "address": {
                "street1": "Nuevo León 4",
                "street2": "int. 2",
                "city": "Ciudad de México",
                "state": "Ciudad de México",
                "country": "MX",
                "postal_code": "06100",
                "residential": True,
            },
        }
    ],
    "fiscal_entities": [
        {
            "tax_id": "XAXX010101000",
            "company_name": "Comercio Inventado SA de CV",
            "address": {
                "street1": "Nuevo León 4",
                "external_number": "4",
                "city": "Ciudad de México",
                "state": "Ciudad de México",
                "country": "MX",
                "postal_code": "06100",
            },
        }
    ],
    "antifraud_info": {"account_created_at": 1_484_040_996, "first_paid_at": 1_485_151_007},
}
RUBY_SPEI: Body = {
    "currency": "mxn",
    "customer_info": {"name": "Abril Cano", "phone": "5215550001166", "email": "abril@example.com"},
    "line_items": [
        {
            "name": "Caja de puros",
            "description": "Importada",
            "unit_price": 20000,
            "quantity": 1,
            "tags": ["comida", "regalo"],
            "antifraud_info": {"trip_id": "12345", "ticket_class": "economy"},
        }
    ],
    "metadata": {"test": True},
    "charges": [{"payment_method": {"type": "spei", "expires_at": LATER}}],
}
NODE_CARD: Body = {
    "currency": "MXN",
    "customer_info": {"name": "Noa Rivas", "email": "noa@example.com", "phone": "5550001177"},
    "line_items": [{"name": "Boleto", "unit_price": 30000, "quantity": 1, "antifraud_info": {}}],
    "pre_authorize": True,
    "charges": [
        {"payment_method": {"type": "card", "token_id": "tok_test_mastercard_4444"}, "amount": 30000}
    ],
}
JAVA_FISCAL: Body = {
    "currency": "MXN",
    "customer_info": {
        "name": "Bruno Lara",
        "email": "bruno@example.com",
        "phone": "+525550001188",
        "corporate": True,
        "object": "customer_info",
    },
    "line_items": [{"name": "Servicio", "unit_price": 116000, "quantity": 1}],
    "fiscal_entity": {
        "name": "Bruno Lara",
        "tax_id": "XAXX010101000",
        "address": {
            "street1": "Calle Uno",
            "city": "Puebla",
            "country": "MX",
            "postal_code": "72000",
            "external_number": "9",
        },
    },
    "needs_shipping_contact": False,
    "processing_mode": "ecommerce",
    "three_ds_mode": "smart",
    "charges": [{"payment_method": {"type": "cash"}}],
}
DOTNET_HOSTED: Body = {
    "currency": "MXN",
    "customer_info": {"name": "Olga Ñíguez", "email": "olga@example.com", "phone": "5550001199"},
    "line_items": [{"name": "Membresía", "unit_price": 45000, "quantity": 1}],
    "checkout": {
        "type": "HostedPayment",
        "allowed_payment_methods": ["cash", "card", "bank_transfer"],
        "success_url": "https://shop.example.com/gracias",
        "failure_url": "https://shop.example.com/error",
        "monthly_installments_enabled": False,
        "redirection_time": 10,
    },
    "metadata": {"Pedido": "A-9"},
}
PYTHON_REUSE: Body = {
    "currency": "MXN",
    "line_items": [{"name": "Mensualidad", "unit_price": 50000, "quantity": 1}],
    "reuse_customer_clabe": True,
    "charges": [{"payment_method": {"type": "spei"}}],
}
GO_LINK: Body = {
    "name": "Donativo",
    "type": "PaymentLink",
    "recurrent": False,
    "expires_at": LATER,
    "allowed_payment_methods": ["cash", "card", "bank_transfer"],
    "needs_shipping_contact": False,
    "monthly_installments_enabled": False,
    "order_template": {
        "currency": "MXN",
        "line_items": [{"name": "Donativo", "unit_price": 10000, "quantity": 1}],
        "customer_info": {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"},
        "metadata": {"campaña": "1"},
    },
}
WEBHOOKS: dict[str, Body] = {
    "WooCommerce": {
        "url": "https://shop.example.com/?wc-api=wc_conekta_cash",
        "subscribed_events": ["order.paid", "order.expired", "order.canceled"],
    },
    "Magento": {
        "url": "https://shop.example.com/conekta/webhook/listener",
        "subscribed_events": [
            "order.paid", "order.pending_payment", "order.expired", "charge.chargeback.created",
        ],
    },
    "PHP, old": {"url": "http://shop.example.com:8080/webhook"},
}  # fmt: skip
REFUND_OF_API_2: Body = {
    "order_id": "ord_2zAAAAAAAAAAAAAA2",
    "amount": "30000",
    "reason": "requested_by_client",
    "currency": "MXN",
}
