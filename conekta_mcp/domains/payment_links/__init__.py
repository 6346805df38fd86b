"""Payment links (checkouts)."""
