"""Endpoints of models: OpenAI-compatible and Anthropic-compatible, without an SDK."""
