"""Payout orders."""
