"""Explains a payment: its history, its state, why it failed, and what can be done next."""
