"""Approvals as records in the store: made, shown, decided and used, each once."""
