"""The chain of the audit: each record carries the hash of the one before, in the store and in files."""
