"""Sets up MCP clients: where each lists its servers, and edits that keep the rest of a file."""
