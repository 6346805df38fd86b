"""The sandbox: a customer's payment sources, shipping contacts and fiscal entities."""
