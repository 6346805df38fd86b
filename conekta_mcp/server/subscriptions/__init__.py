"""Subscriptions to resources in both versions of the protocol, notified by webhook events."""
