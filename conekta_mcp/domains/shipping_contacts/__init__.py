"""A customer's shipping contacts."""
