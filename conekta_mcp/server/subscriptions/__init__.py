"""Subscriptions to resources in both eras of the protocol, fed by the events that webhooks brought."""
