"""The operator's rules and limits, and the decision they give for one call."""
