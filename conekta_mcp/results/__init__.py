"""Shared by all curated results: the base model, pages, readable money and time, bounded text."""
