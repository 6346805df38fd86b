"""Finds the row of a field in the table: by its object, its name, another name or its ending."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from conekta_mcp.privacy.field_rules import FieldRule, Personal, Secret, TypedBy
from conekta_mcp.privacy.fields import FIELDS, UNKNOWN


@dataclass(frozen=True)
class ObjectTraits:
    """How an object of a model is recognised: by any one of these, curated or as Conekta sent it."""

    parents: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def match(self, holder: Mapping[str, Any], parent: str) -> bool:
        """Tell whether `holder`, in field `parent`, is such an object."""
        kind = holder.get("object")
        return (
            parent in self.parents
            or (isinstance(kind, str) and kind in self.objects)
            or not self.fields.isdisjoint(holder)
        )


def _list_traits(parents: str = "", objects: str = "", fields: str = "") -> ObjectTraits:
    return ObjectTraits(*(frozenset(names.split()) for names in (parents, objects, fields)))


_LINK = _list_traits(objects="checkout", fields="emails_sent paid_payments_count payments_limit_count")
TRAITS: Mapping[str, ObjectTraits] = {
    "Charge": _list_traits("charges", "charge", "failure_code order_id paid_at"),
    "Company": _list_traits(objects="company", fields="account_status onboarding_status"),
    "Delivery": _list_traits("webhook_logs", "webhook_log", "failed_attempts last_http_response_status"),
    "DescribedOperation": _list_traits(fields="input_schema"),
    "Evidence": _list_traits(objects="chargeback_file", fields="evidence_type"),
    "FoundOperation": _list_traits("operations"),
    "Installments": _list_traits("bin_info payment_method", fields="eligible scheme"),
    "LineItem": _list_traits("line_items", "line_item product", "unit_price"),
    "LogRow": _list_traits(fields="loggable_type version"),
    "OrderRow": _list_traits(fields="payment_status"),
    "PaymentBrief": _list_traits("nearest order orders payments"),
    "PaymentLink": _LINK,
    "PaymentLinkRow": _LINK,
    "PaymentSource": _list_traits(objects="card_payment payment_source", fields="card_type last4"),
    "PlanRow": _list_traits("plan", "plan", "interval"),
    "Webhook": _list_traits("webhooks", "webhook", "subscribed_events"),
}
"""Traits that only objects of this model have; without one the row of the plain name applies."""

OBJECTS = frozenset(
    {
        "account", "address", "agreements", "antifraud_info", "available", "available_installments",
        "bank_account", "bank_account_info", "bin_info", "card", "cashout_retention_amount", "channel",
        "charge", "chargeback", "charges", "checkout", "comercial_info", "conekta", "conekta_retention",
        "customer", "customer_info", "customers", "data", "destination", "details", "discount_lines",
        "documents", "equal_call", "failure", "files", "fiscal_entities", "fiscal_entity", "fiscal_info",
        "fraud_indicators", "gateway", "groups", "latest_orders", "line_items", "link", "method", "nearest",
        "newest", "next_action", "next_steps", "not_switched_on", "object", "operations", "order",
        "order_template",
        "orders", "other_cards", "owed", "payment_attempts", "payment_method", "payment_sources",
        "payments", "payout", "payout_destination", "payout_method", "payouts", "pending", "plan",
        "redirect_to_url", "refunds", "retained", "retention_amount", "searched", "shipping_contact",
        "shipping_contacts", "shipping_lines", "story", "subject", "subscription", "subscriptions",
        "target_retention_amount", "tax_lines", "temporarily_retained", "totals", "user_accounts",
        "webhook_logs", "webhooks",
    }
)  # fmt: skip
"""Objects, and lists of them, whose fields have rows of their own. Any other object is of any shape."""

BODIES = frozenset(
    {
        "query_string", "request_body", "request_headers", "response_body", "response_headers",
        "response_data", "previous_attributes",
    }
)  # fmt: skip
"""Objects of any shape, in which card fields are recognised by name."""

ANY_SHAPE = "metadata"
"""The field of an object of any shape, whose content is never taken for a known model."""

OTHER_NAMES: Mapping[str, str] = {
    "nombre": "name", "nombre_completo": "name", "apellido": "name", "apellidos": "name", "cliente": "name",
    "comprador": "name", "razon_social": "name", "first_name": "name", "last_name": "name",
    "full_name": "name", "holder_name": "name", "contact": "name", "buyer": "name",
    "mail": "email", "e_mail": "email", "correo": "email",
    "telephone": "phone", "mobile": "phone", "cellphone": "phone", "whatsapp": "phone", "telefono": "phone",
    "celular": "phone", "tel": "phone",
    "rfc": "tax_id", "curp": "tax_id",
    "street": "street1", "calle": "street1", "direccion": "street1", "domicilio": "street1",
    "internal_number": "external_number",
    "birthdate": "date_of_birth", "birthday": "date_of_birth", "fecha_de_nacimiento": "date_of_birth",
    "ip": "ip_address", "search": "searchable_tags",
    "zip": "postal_code", "codigo_postal": "postal_code", "ciudad": "city",
}  # fmt: skip
"""Names that shops use for the same facts, in metadata and in requests."""

ENDINGS: Mapping[str, str] = {
    "_email": "email", "_phone": "phone", "_tax_id": "tax_id", "_account_number": "account_number",
    "_holder_name": "account_holder", "_ip_address": "ip_address",
    "_id": "id", "_ids": "id", "_type": "type", "_status": "status",
    "_at": "created_at", "_at_text": "amount_text", "_at_iso": "amount_text",
}  # fmt: skip
"""Endings of longer names, such as issuing_account_holder_name, and the name whose row applies."""

PLAIN_OBJECT = FieldRule(Personal.NO, TypedBy.CONEKTA)
"""Used if Conekta sends the id of an object instead of the object."""
OVERRIDES: Mapping[str, tuple[tuple[ObjectTraits, FieldRule], ...]] = MappingProxyType(
    {
        field: tuple(
            (TRAITS[key.partition(".")[0]], FIELDS[key]) for key in FIELDS if key.endswith(f".{field}")
        )
        for field in {key.partition(".")[2] for key in FIELDS if "." in key}
    }
)
HIDDEN_EVERYWHERE = frozenset({Secret.YES, Secret.ASKED})
SECRET_NAMES = tuple(f'{name}"'.encode() for name, rule in FIELDS.items() if rule.secret in HIDDEN_EVERYWHERE)
WEBHOOK_ADDRESS = "url"
"""A field that may have a webhook's address in a logged body."""


def find_rule(name: str, holder: Mapping[str, Any], parent: str) -> FieldRule:
    """Return the row of field `name` of `holder`, itself in field `parent`; UNKNOWN if there is none."""
    if parent != ANY_SHAPE:
        for traits, rule in OVERRIDES.get(name, ()):
            if traits.match(holder, parent):
                return rule
    return FIELDS.get(name) or find_plain_rule(name)


@lru_cache(maxsize=1024)  # every field of an answer is looked up, and most have the same few names
def find_plain_rule(name: str) -> FieldRule:
    """Return the row by the name alone, also by another name or an ending."""
    key = name.lower().replace("-", "_").replace(" ", "_")
    found = FIELDS.get(OTHER_NAMES.get(key, key))
    if found is None and "_" in key:
        ending = next((one for one in ENDINGS if key.endswith(one)), None)
        found = FIELDS[ENDINGS[ending]] if ending else None
    return found or (PLAIN_OBJECT if key in OBJECTS else UNKNOWN)


def find_secret(name: str, holder: Mapping[str, Any], parent: str, in_body: bool) -> Secret:
    """Return how the value of field `name` of `holder` is hidden; `in_body`: BODIES names the object."""
    rule = find_rule(name, holder, parent)
    secret = rule.secret if rule.secret is not Secret.NO else find_plain_rule(name).secret
    if secret is Secret.IN_BODIES:
        return Secret.YES if in_body else Secret.NO
    return Secret.ADDRESS if in_body and name == WEBHOOK_ADDRESS else secret


def list_body_secrets() -> list[str]:
    """Return the fields whose values are hidden in the text of a body."""
    named = [name for name, rule in FIELDS.items() if rule.secret is not Secret.NO and "." not in name]
    return [*named, WEBHOOK_ADDRESS]
