"""The sandbox: plans, subscriptions, renewals and the customer portal."""
