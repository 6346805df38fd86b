"""Antifraud rules: whitelist and blacklist entries."""
