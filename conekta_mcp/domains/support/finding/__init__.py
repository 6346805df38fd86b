"""Finding a payment by what its payer says: reading the words, comparing orders, choosing where to look."""
