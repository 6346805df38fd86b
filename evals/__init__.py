"""Tasks of merchants and support, played by a model or by a script; see docs/evals.md."""
