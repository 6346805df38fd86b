"""Explaining a payment: its story, how it stands, why it failed, and what can be done next."""
