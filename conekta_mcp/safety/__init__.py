"""What keeps money safe: limits, policy, claims, the audit, privacy. It knows neither MCP nor HTTP."""
