"""Clients are set up without a change of anything else in their files."""
