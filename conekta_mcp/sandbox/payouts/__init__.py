"""The sandbox: payout orders."""
