"""Subscriptions and the customer portal."""
