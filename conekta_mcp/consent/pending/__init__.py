"""Pending approvals as records in the store: created, shown, decided and used, each at most once."""
