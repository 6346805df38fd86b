"""The sandbox's own tools: a payer's payment."""
