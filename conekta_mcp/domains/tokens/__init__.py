"""Card tokens."""
