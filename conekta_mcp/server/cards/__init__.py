"""Cards (MCP Apps): pages that a client shows with an answer, and the tools that only their buttons call."""
