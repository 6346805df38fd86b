"""The groups that tools are switched on and off by."""

from enum import Enum


class Toolset(Enum):
    """A domain of Conekta's API."""

    CUSTOMERS = "customers"
    PAYMENT_SOURCES = "payment_sources"
    SHIPPING_CONTACTS = "shipping_contacts"
    FISCAL_ENTITIES = "fiscal_entities"
    ORDERS = "orders"
    SANDBOX = "sandbox"
