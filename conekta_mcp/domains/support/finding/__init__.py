"""Finds a payment by what its payer says: reads the text, chooses where to search, compares orders."""
