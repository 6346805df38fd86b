"""Orders: billed, charged to a card, captured, changed, cancelled; their charges and refunds as results."""
