"""The sandbox: accounts, the ledger that stores them, ids and API keys."""
