"""The groups by which tools are switched on and off."""

from enum import Enum


class Toolset(Enum):
    """A domain of Conekta's API."""

    CUSTOMERS = "customers"
    PAYMENT_SOURCES = "payment_sources"
    SHIPPING_CONTACTS = "shipping_contacts"
    FISCAL_ENTITIES = "fiscal_entities"
    ORDERS = "orders"
    ORDER_LINES = "order_lines"
    CHARGES = "charges"
    REFUNDS = "refunds"
    PAYMENT_LINKS = "payment_links"
    PLANS = "plans"
    SUBSCRIPTIONS = "subscriptions"
    CUSTOMER_PORTAL = "customer_portal"
    PAYOUTS = "payouts"
    BALANCE = "balance"
    EVENTS = "events"
    WEBHOOKS = "webhooks"
    LOGS = "logs"
    COMPANIES = "companies"
    API_KEYS = "api_keys"
    ANTIFRAUD = "antifraud"
    TOKENS = "tokens"
    CHARGEBACKS = "chargebacks"
    SUPPORT = "support"
    DISCOVERY = "discovery"
    SANDBOX = "sandbox"
