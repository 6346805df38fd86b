"""Reads the store and the audit log for commands, and formats their lines."""
