"""Conekta's log of API requests."""
