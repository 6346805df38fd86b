"""Webhooks, their signing keys, and the events they deliver."""
