"""Subscription plans."""
