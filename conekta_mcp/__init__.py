"""An MCP server and an offline sandbox for Conekta, the Mexican payments platform."""

__version__ = "0.2.0"
