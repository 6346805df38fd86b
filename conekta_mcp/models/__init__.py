"""Curated results: of each of Conekta's objects, what is worth an agent's tokens."""
