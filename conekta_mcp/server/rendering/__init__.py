"""How successes and failures are written for a model: text and structured content."""
