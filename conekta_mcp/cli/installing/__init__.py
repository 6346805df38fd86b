"""Sets up MCP clients: where each keeps its servers, and edits that leave the rest of a file as it is."""
