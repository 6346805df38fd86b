"""Conekta's events as they come in by webhook: verified, recorded once, and told to whoever waits."""
