"""The audit log: what a record holds, what is redacted from it, and the file it can be written to."""
