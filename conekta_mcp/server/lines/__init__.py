"""MCP over stdin and stdout, one line per message, with an answer to unreadable lines."""
