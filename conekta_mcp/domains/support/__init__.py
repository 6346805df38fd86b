"""Answers that read several domains: the customer profile."""
