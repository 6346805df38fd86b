"""The sandbox: balance, transactions and transfers."""
