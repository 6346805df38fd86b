"""What conekta-mcp costs, as ratios to a bare server of the same SDK: `python -m bench`."""
