"""Asking on every channel that exists, for as long as a call can wait."""
