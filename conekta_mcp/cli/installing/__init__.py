"""Setting up MCP clients: where each keeps its servers, and edits of its file that leave the rest as it is."""
