"""From declarations to MCP tools: selection, schemas, arguments, calls."""
