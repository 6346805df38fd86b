"""Descriptions of arguments and where their values come from, for the complete schemas."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Tool

FEWEST_WORDS = 3
"""A description with fewer words is completed with the text of its argument."""

ARGUMENT_TEXTS: Mapping[str, str] = {
    "account_created_at": "when the customer opened an account at the shop, unix seconds",
    "active": "whether it is switched on from now on",
    "address": "street, postal code and country of the place",
    "allowed_payment_methods": "the only ways in which it can be paid",
    "amount": "in centavos, so MXN 500.00 is 50000",
    "antifraud_info": "what the shop knows of somebody or something, for Conekta's antifraud",
    "between_streets": "the streets between which the address is",
    "brand": "who makes the product",
    "business_phone": "phone of the company, with its country",
    "carrier": "the parcel service that brings it",
    "chargeback_id": "the dispute of a charge; get_order shows it with its charge",
    "city": "the city of the address",
    "code": "the code of the discount, as the buyer typed it",
    "company_name": "as the tax authority has it",
    "country": "two letters such as MX",
    "created_at_gte": "only what was created at that moment or later",
    "created_at_lte": "only what was created at that moment or earlier",
    "currency": "three letters such as MXN",
    "customer_id": "the customer; list_customers finds it by name, e-mail or phone",
    "date_of_birth": "the day on which the person was born",
    "description": "more words about it, which people may read",
    "discount_line_id": "a discount of the order; list_discount_lines has the ids",
    "discount_lines": "what is taken off the sum, a line for each discount",
    "email": "a mailbox such as ana@example.com",
    "evidence_type": "a type that list_chargeback_evidence_types gives",
    "expires_at": "until when it can be used; a moment in unix seconds",
    "external_number": "the number of the house",
    "fields": "names of the fields to show of each row, in this order",
    "file_id": "a file that was sent; list_chargeback_evidence has the ids",
    "first_paid_at": "when the customer first paid at the shop, unix seconds",
    "fiscal_entities": "whom invoices are made out to",
    "fiscal_entity": "whom the invoice is made out to",
    "fiscal_entity_id": "fiscal data of the customer; get_customer has the ids",
    "fiscal_type": "whether the company is a person or a legal entity",
    "frequency": "how many intervals a cycle has",
    "international": "whether another country issued the document",
    "line_item_id": "a product of the order; get_order has the ids",
    "line_items": "the products that are sold, a line for each",
    "mcc": "the category code of the merchant's business, four digits",
    "merchant_support_email": "where buyers can write to the merchant",
    "merchant_support_phone": "where buyers can call the merchant",
    "method": "how it is sent, in the words of the parcel service",
    "name": "what it, or who it is, is called; people read it",
    "next": "a cursor, the next of an earlier answer",
    "order_id": "the order; find_payment and list_orders find it",
    "payment_status": "only orders that stand so",
    "phone": "with its country, such as +525555555555",
    "plan_id": "the plan, by the id that list_plans shows",
    "postal_code": "the postal code, five digits in Mexico",
    "previous": "a cursor, the previous of an earlier answer",
    "quantity": "how many pieces of it",
    "reason": "why it is done, for the records",
    "receiver": "the person who takes the parcel",
    "reference": "the digits on the payer's receipt",
    "residential": "whether it is a home and no office",
    "retry_delay_hours": "hours between two attempts at a failed charge",
    "reuse_customer_clabe": "whether to bill on the CLABE that the customer already pays to",
    "rule_id": "a rule, by the id that its list shows",
    "shipping_contact": "who gets the parcel, and at which address",
    "shipping_contact_id": "a delivery address; get_customer has the ids",
    "shipping_contacts": "where parcels are sent to",
    "shipping_line_id": "a shipping cost of the order; get_order has the ids",
    "shipping_lines": "what delivery costs, a line for each",
    "sku": "the shop's own number of the product",
    "state": "the state of the address",
    "street1": "street and number of the address",
    "street2": "floor, flat or district of the address",
    "subscription_id": "the subscription; list_subscriptions finds it by customer",
    "tags": "words of the shop's own for the product",
    "tax_id": "the tax number, in Mexico the RFC",
    "tax_line_id": "a tax of the order; get_order has the ids",
    "tax_lines": "taxes that are added to the sum, a line for each",
    "three_ds_mode": "how strictly the card's bank is asked to check the payer",
    "token_id": "a card as the shop's page hands it over, once and for ten minutes",
    "tracking_number": "the number by which the parcel can be followed",
    "trial_end": "until when nothing is charged",
    "type": "which kind of those that are listed",
    "unit_price": "the price of one piece, so MXN 500.00 is 50000",
    "updated_at_gte": "only what changed at that moment or later",
    "updated_at_lte": "only what changed at that moment or earlier",
    "url": "where events are posted to, with https",
    "webhooks_ids": "which webhooks get it; list_webhooks has the ids",
    "website": "where the merchant sells, with https",
}


def summarize_purpose(tool: Tool[Any]) -> str:
    """Return the first sentence of a description."""
    return tool.description.split(". ")[0].rstrip(".") + "."


def describe_arguments(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema in which each argument, at any depth, is described by a phrase."""
    told = dict(schema)
    if "properties" in schema:
        told["properties"] = {
            name: describe_arguments(_add_text(name, node)) for name, node in schema["properties"].items()
        }
    if "items" in schema:
        told["items"] = describe_arguments(schema["items"])
    return told


def is_phrase(description: str) -> bool:
    return len(description.split()) >= FEWEST_WORDS


def _add_text(name: str, node: Mapping[str, Any]) -> Mapping[str, Any]:
    description = node.get("description", "")
    text = ARGUMENT_TEXTS.get(name)
    if text is None or is_phrase(description):
        return node
    return {
        **node,
        "description": f"{description}: {text}" if description else f"{text[0].upper()}{text[1:]}",
    }
