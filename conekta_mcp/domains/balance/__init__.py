"""Balance, transactions and transfers."""
