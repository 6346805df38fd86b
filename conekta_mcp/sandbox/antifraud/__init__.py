"""The sandbox: whitelist and blacklist rules."""
