"""The sandbox: rules for the bodies of orders and checkouts."""
