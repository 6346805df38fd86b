"""Sums of sales, which equal the movements of the balance."""
