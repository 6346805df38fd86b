"""The approval page that this process opens in the browser of its own computer."""
