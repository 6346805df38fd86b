"""The sandbox: charges, their life cycle and what follows from a payment."""
