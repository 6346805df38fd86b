"""The sandbox: events, webhooks, their delivery and the request log."""
