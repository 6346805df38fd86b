"""Charges: created on an order, listed, updated."""
