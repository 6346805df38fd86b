"""The sandbox: customers."""
