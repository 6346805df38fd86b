"""Chargebacks and the evidence submitted for them."""
