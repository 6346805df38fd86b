"""The durable store for intents, counters, locks and approvals: its protocol, SQLite and Redis."""
