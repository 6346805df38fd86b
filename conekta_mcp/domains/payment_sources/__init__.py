"""A customer's payment sources: cards, recurring SPEI and cash references."""
