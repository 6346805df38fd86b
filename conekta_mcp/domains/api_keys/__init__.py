"""API keys of the account."""
