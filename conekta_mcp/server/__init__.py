"""The MCP server: tools, resources, prompts, transports, and how answers are written."""
