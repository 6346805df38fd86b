"""Conekta's events by webhook: verified, recorded once, and passed to subscriptions and waiting reports."""
