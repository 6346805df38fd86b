"""The sandbox: rules for the bodies of orders, checkouts and addresses."""
