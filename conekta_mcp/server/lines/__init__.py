"""MCP over stdin and stdout, a line for each message, and what is done with a line that is none."""
