"""Edits of a file in JSON, TOML or YAML that change one server and keep everything else."""
