"""The HTTP transports, and the API key of each request."""
