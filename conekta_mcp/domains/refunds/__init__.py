"""Refunds and captures of an order."""
