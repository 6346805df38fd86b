"""Receives Conekta's webhooks over HTTP, beside MCP or alone."""
