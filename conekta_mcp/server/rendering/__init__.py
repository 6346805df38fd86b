"""Renders successes and failures for a model: text and structured content."""
