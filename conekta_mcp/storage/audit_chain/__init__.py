"""The hash chain of the audit log: each record contains the hash of the one before, in store and file."""
