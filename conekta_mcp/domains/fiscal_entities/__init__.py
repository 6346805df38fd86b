"""A customer's fiscal entities."""
